# add_module(), add_tool() and add_unit_test(): one CMake target per module, and the layering of docs/architecture.md enforced.

# check_layering(TARGET MODULE SOURCES DEPS): every `#include "lib/X/..."` must name the module itself or a declared
# dependency, transitive ones included, so that a forbidden include fails at configure time and not in review. Headers of the operating system stand in
# lib/io, in the two net folders and where base starts threads.
set(operating_system "^#include <(unistd|fcntl|dirent|spawn|poll|sched|pthread|signal|csignal|termios|pwd|grp|dlfcn|netdb|ifaddrs|filesystem|fstream|sys/|net/|netinet/|arpa/|linux/)")
set(operating_system_rooms "^(lib_io|tool_load_net|tool_standin_net)$|^lib_base .*/parallel\\.cpp$")
function(check_layering target allowed sources)
  foreach(source IN LISTS sources)
    file(STRINGS ${source} system REGEX "${operating_system}")
    if(system AND NOT target MATCHES "${operating_system_rooms}" AND NOT "${target} ${source}" MATCHES "${operating_system_rooms}")
      message(FATAL_ERROR "${source}: ${system}\n${target} has no business with the operating system; lib/io has what it needs, or gets it; "
                          "see \"Dependencies point one way\" in docs/architecture.md")
    endif()
    file(STRINGS ${source} includes REGEX "^#include \"[a-z_]+/")
    foreach(line IN LISTS includes)
      if(line MATCHES "^#include \"lib/([a-z_]+)/")
        set(module lib_${CMAKE_MATCH_1})
      elseif(line MATCHES "^#include \"([a-z_]+)/([a-z_]+)/")
        set(module tool_${CMAKE_MATCH_1}_${CMAKE_MATCH_2})
      elseif(line MATCHES "^#include \"([a-z_]+)/")
        set(module tool_${CMAKE_MATCH_1})
      endif()
      if(NOT module IN_LIST allowed)
        message(FATAL_ERROR "${source}: ${line}\n${target} does not depend on ${module}; "
                            "see \"Dependencies point one way\" in docs/architecture.md")
      endif()
    endforeach()
  endforeach()
endfunction()

# refuse_other_tools(TARGET DEPS): no tool links another, but for launchgate, which brings them together; what several tools need is a library.
# An executable may link the pure core of another tool.
function(refuse_other_tools target)
  file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR}/tools ${CMAKE_CURRENT_SOURCE_DIR})
  string(REGEX REPLACE "/.*" "" folder ${folder})
  set(others ${ARGN})
  list(FILTER others INCLUDE REGEX "^tool_")
  list(FILTER others EXCLUDE REGEX "^tool_${folder}(_|$)")
  # A pure core is a library by another name; a main.cpp may hand it to the tool.
  if(target MATCHES "^launchgate-")
    list(FILTER others EXCLUDE REGEX "^tool_[a-z]+_core$")
  endif()
  if(others AND NOT folder STREQUAL "launchgate")
    message(FATAL_ERROR "${target} links ${others}; see \"Dependencies point one way\" in docs/architecture.md")
  endif()
endfunction()

# closure(OUT DEPS): the declared dependencies and all that they depend on.
function(closure out)
  set(seen "")
  set(queue ${ARGN})
  while(queue)
    list(POP_FRONT queue next)
    if(next IN_LIST seen)
      continue()
    endif()
    list(APPEND seen ${next})
    get_property(more GLOBAL PROPERTY LAUNCHGATE_DEPS_${next})
    list(APPEND queue ${more})
  endwhile()
  set(${out} ${seen} PARENT_SCOPE)
endfunction()

# add_module(NAME [COLD] [DEPS module…] [LIBS library…]): a static library of every .cpp below the current folder, main.cpp excepted. COLD: runs once
# or rarely in a process, and is compiled for size. Sets module_target to the target that compiles the sources.
# NAME is lib_<folder> for tools/lib/<folder>, tool_<folder> for tools/<folder> and tool_<folder>_<part> for tools/<folder>/<part>.
function(add_module name)
  cmake_parse_arguments(ARG "COLD" "" "DEPS;LIBS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.hpp)
  list(REMOVE_ITEM sources ${CMAKE_CURRENT_SOURCE_DIR}/main.cpp)
  set_property(GLOBAL PROPERTY LAUNCHGATE_DEPS_${name} ${ARG_DEPS})
  refuse_other_tools(${name} ${ARG_DEPS})
  closure(allowed ${name} ${ARG_DEPS})
  check_layering(${name} "${allowed}" "${sources};${headers}")
  set(target ${name})
  if(sources)
    if(LAUNCHGATE_LTO AND name MATCHES "^lib_")
      # Executables take the code from the one optimised object, and from here the headers and the libraries.
      set(target ${name}_archive)
      add_library(${name} INTERFACE)
      target_link_libraries(${name} INTERFACE launchgate_flags ${ARG_DEPS} ${ARG_LIBS})
      set_property(GLOBAL APPEND PROPERTY LAUNCHGATE_LIBRARY ${target})
    endif()
    add_library(${target} STATIC ${sources})
    target_link_libraries(${target} PUBLIC launchgate_flags ${ARG_DEPS} ${ARG_LIBS})
    if(ARG_COLD)
      target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-Os>)
    endif()
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE launchgate_flags ${ARG_DEPS} ${ARG_LIBS})
  endif()
  set(module_target ${target} PARENT_SCOPE)
endfunction()

# add_optimised_library(): optimises tools/lib at link time once, into one object file that every executable links. Each executable on its own would
# spend half a minute on the same code; sections that it does not use are dropped.
# In one partition, because GCC 12 fails on several with -r.
function(add_optimised_library)
  get_property(modules GLOBAL PROPERTY LAUNCHGATE_LIBRARY)
  set(object ${PROJECT_BINARY_DIR}/launchgate_library.o)
  set(archives "")
  foreach(module IN LISTS modules)
    list(APPEND archives $<TARGET_FILE:${module}>)
  endforeach()
  add_custom_command(OUTPUT ${object}
    COMMAND ${CMAKE_CXX_COMPILER} -O2 -fPIE -flto -flto-partition=one -flinker-output=nolto-rel -r -nostdlib -ffunction-sections -fdata-sections
            -Wl,--whole-archive ${archives} -Wl,--no-whole-archive -o ${object}
    DEPENDS ${modules} ${archives} COMMENT "Optimising tools/lib" VERBATIM)
  add_custom_target(launchgate_library DEPENDS ${object})
  set_property(GLOBAL PROPERTY LAUNCHGATE_LIBRARY_OBJECT ${object})
endfunction()

# add_tool(EXECUTABLE DEPS module…): an executable from main.cpp of the current folder, installed.
function(add_tool executable)
  cmake_parse_arguments(ARG "" "" "DEPS" ${ARGN})
  if(NOT LAUNCHGATE_TOOLS)
    return()
  endif()
  refuse_other_tools(${executable} ${ARG_DEPS})
  closure(allowed ${ARG_DEPS})
  check_layering(${executable} "${allowed}" "${CMAKE_CURRENT_SOURCE_DIR}/main.cpp")
  add_executable(${executable} main.cpp)
  target_link_libraries(${executable} PRIVATE launchgate_flags ${ARG_DEPS})
  if(LAUNCHGATE_STATIC)
    target_link_libraries(${executable} PRIVATE static_names)
    target_sources(${executable} PRIVATE $<TARGET_OBJECTS:static_names_object>)
  endif()
  set_property(GLOBAL APPEND PROPERTY LAUNCHGATE_TOOL_NAMES ${executable})
  get_property(library GLOBAL PROPERTY LAUNCHGATE_LIBRARY_OBJECT)
  if(library)
    target_sources(${executable} PRIVATE ${library})
    set_source_files_properties(${library} PROPERTIES EXTERNAL_OBJECT ON GENERATED ON)
    add_dependencies(${executable} launchgate_library)
  endif()
  install(TARGETS ${executable} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()
