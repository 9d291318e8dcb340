# embed_files(NAME DIRECTORY…): compiles every .json file below the given folders into an object file and a table
# `launchgate::suite::embedded_files()` of paths and packed texts. The assembler's .incbin keeps it cheap to build however large they grow.
add_executable(pack_json ${PROJECT_SOURCE_DIR}/tools/cmake/pack_json.cpp)
target_link_libraries(pack_json PRIVATE lz4 md)
set_target_properties(pack_json PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tools/cmake INTERPROCEDURAL_OPTIMIZATION OFF)

function(embed_files name)
  set(assembly "    .section .rodata\n")
  set(declarations "")
  set(entries "")
  set(dependencies "")
  set(index 0)
  foreach(directory IN LISTS ARGN)
    file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/${directory}/*.json)
    list(SORT files)
    foreach(file IN LISTS files)
      set(packed ${CMAKE_CURRENT_BINARY_DIR}/${file})
      get_filename_component(folder ${packed} DIRECTORY)
      file(MAKE_DIRECTORY ${folder})
      add_custom_command(OUTPUT ${packed} COMMAND pack_json ${PROJECT_SOURCE_DIR}/${file} ${packed}
                         DEPENDS ${PROJECT_SOURCE_DIR}/${file} pack_json VERBATIM)
      string(APPEND assembly
        "    .global launchgate_embedded_${index}_begin\nlaunchgate_embedded_${index}_begin:\n"
        "    .incbin \"${packed}\"\n"
        "    .global launchgate_embedded_${index}_end\nlaunchgate_embedded_${index}_end:\n    .byte 0\n")
      string(APPEND declarations
        "extern \"C\" const char launchgate_embedded_${index}_begin[];\n"
        "extern \"C\" const char launchgate_embedded_${index}_end[];\n")
      string(APPEND entries
        "    {\"${file}\", {launchgate_embedded_${index}_begin, static_cast<std::size_t>(launchgate_embedded_${index}_end - launchgate_embedded_${index}_begin)}},\n")
      list(APPEND dependencies ${packed})
      math(EXPR index "${index} + 1")
    endforeach()
  endforeach()
  string(APPEND assembly "    .section .note.GNU-stack,\"\",@progbits\n")
  string(CONCAT cpp "#include \"lib/suite/embedded.hpp\"\n\n${declarations}\nnamespace launchgate::suite {\n\n"
          "const std::vector<EmbeddedFile>& embedded_files() {\n  static const std::vector<EmbeddedFile> files = {\n${entries}  };\n  return files;\n}\n\n}  // namespace launchgate::suite\n")
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/embedded.S CONTENT "${assembly}" @ONLY)
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/embedded.cpp CONTENT "${cpp}" @ONLY)
  set_source_files_properties(${CMAKE_CURRENT_BINARY_DIR}/embedded.S PROPERTIES OBJECT_DEPENDS "${dependencies}")
  add_library(${name} OBJECT ${CMAKE_CURRENT_BINARY_DIR}/embedded.S ${CMAKE_CURRENT_BINARY_DIR}/embedded.cpp)
  target_link_libraries(${name} PRIVATE launchgate_flags)
endfunction()
