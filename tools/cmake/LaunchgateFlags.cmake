# Compiler and linker settings shared by every target of the project.
include(CheckCXXCompilerFlag)

add_library(launchgate_flags INTERFACE)
target_include_directories(launchgate_flags INTERFACE ${PROJECT_SOURCE_DIR}/tools)
target_compile_options(launchgate_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast
  -Woverloaded-virtual -Wnull-dereference -Wdouble-promotion -Wformat=2 -Wimplicit-fallthrough)
if(LAUNCHGATE_WERROR)
  target_compile_options(launchgate_flags INTERFACE -Werror)
endif()

# -O2, not -O3: the executables are met at start-up, and size is what they pay there.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(launchgate_flags INTERFACE -ffunction-sections -fdata-sections)
  target_link_options(launchgate_flags INTERFACE -Wl,--gc-sections -Wl,--as-needed -s)
endif()

# What is read is hostile. Relocations are packed (DT_RELR), which keeps a position-independent executable as small as a fixed one and as quick to start.
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_options(-fPIE -fstack-protector-strong -fstack-clash-protection -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
  check_cxx_compiler_flag(-fcf-protection=full LAUNCHGATE_HAS_CET)
  if(LAUNCHGATE_HAS_CET)
    add_compile_options(-fcf-protection=full)
  endif()
  target_link_options(launchgate_flags INTERFACE
    -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,-z,separate-code -Wl,-z,pack-relative-relocs)
endif()

if(LAUNCHGATE_LTO)
  set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
endif()

if(LAUNCHGATE_STATIC)
  target_link_options(launchgate_flags INTERFACE -static-pie)
  add_library(static_names_object OBJECT ${PROJECT_SOURCE_DIR}/tools/cmake/static_names.cpp)
  target_link_libraries(static_names_object PRIVATE launchgate_flags)
  set_target_properties(static_names_object PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF)
  add_library(static_names INTERFACE)
  foreach(name IN ITEMS dlopen getaddrinfo getnameinfo gethostbyname getservbyname getservbyport_r)
    target_link_options(static_names INTERFACE -Wl,--wrap=${name})
  endforeach()
endif()

if(LAUNCHGATE_SANITIZE)
  # -O0: the tests run for seconds, and are built for minutes.
  set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O0 -g1 -DNDEBUG")
  target_compile_options(launchgate_flags INTERFACE -fsanitize=${LAUNCHGATE_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all -Wno-maybe-uninitialized)  # GCC 12 sees it everywhere in instrumented headers
  target_link_options(launchgate_flags INTERFACE -fsanitize=${LAUNCHGATE_SANITIZE})
endif()

find_program(LAUNCHGATE_CCACHE ccache)
if(LAUNCHGATE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${LAUNCHGATE_CCACHE})
endif()
