# embed_files(NAME DIRECTORY…): compiles every .json file below the given folders into an object file and a table
# `launchgate::suite::embedded_files()` of (path, packed text, index, plan): white space between tokens left out, then compressed; the index is what is
# known of the rules of a pack; a schema is compiled into its plan. The assembler's .incbin keeps it cheap to build however large they grow.
add_executable(strip_json ${PROJECT_SOURCE_DIR}/tools/cmake/strip_json.cpp)
add_executable(compile_pack ${PROJECT_SOURCE_DIR}/tools/cmake/compile_pack.cpp)
set(modules lib_rules lib_regex lib_finding lib_document lib_base)
if(LAUNCHGATE_LTO)
  list(TRANSFORM modules APPEND _archive)
endif()
target_link_libraries(compile_pack PRIVATE launchgate_flags ${modules})
add_executable(pack_file ${PROJECT_SOURCE_DIR}/tools/cmake/pack_file.cpp)
target_link_libraries(pack_file PRIVATE lz4 md)
add_executable(compile_schema ${PROJECT_SOURCE_DIR}/tools/cmake/compile_schema.cpp)
set(modules lib_schema lib_finding lib_document lib_base)
if(LAUNCHGATE_LTO)
  list(TRANSFORM modules APPEND _archive)
endif()
target_link_libraries(compile_schema PRIVATE launchgate_flags ${modules})
set_target_properties(strip_json compile_pack compile_schema pack_file PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tools/cmake)
set_target_properties(strip_json pack_file PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF)

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
      set(stripped ${CMAKE_CURRENT_BINARY_DIR}/${file})
      get_filename_component(folder ${stripped} DIRECTORY)
      file(MAKE_DIRECTORY ${folder})
      add_custom_command(OUTPUT ${stripped} COMMAND strip_json ${PROJECT_SOURCE_DIR}/${file} ${stripped}
                         DEPENDS ${PROJECT_SOURCE_DIR}/${file} strip_json VERBATIM)
      add_custom_command(OUTPUT ${stripped}.index COMMAND compile_pack ${stripped} ${stripped}.index DEPENDS ${stripped} compile_pack VERBATIM)
      add_custom_command(OUTPUT ${stripped}.packed COMMAND pack_file ${stripped} ${stripped}.packed DEPENDS ${stripped} pack_file VERBATIM)
      string(APPEND assembly
        "    .global launchgate_embedded_${index}_begin\nlaunchgate_embedded_${index}_begin:\n"
        "    .incbin \"${stripped}.packed\"\n"
        "    .global launchgate_embedded_${index}_end\nlaunchgate_embedded_${index}_end:\n    .byte 0\n"
        "    .incbin \"${stripped}.index\"\n"
        "    .global launchgate_embedded_${index}_index_end\nlaunchgate_embedded_${index}_index_end:\n    .byte 0\n")
      string(APPEND declarations
        "extern \"C\" const char launchgate_embedded_${index}_begin[];\n"
        "extern \"C\" const char launchgate_embedded_${index}_end[];\n"
        "extern \"C\" const char launchgate_embedded_${index}_index_end[];\n")
      list(APPEND dependencies ${stripped}.packed ${stripped}.index)
      set(plan "")
      if(file MATCHES "\\.schema\\.json$")
        add_custom_command(OUTPUT ${stripped}.plan COMMAND compile_schema ${stripped} ${stripped}.plan DEPENDS ${stripped} compile_schema VERBATIM)
        string(APPEND assembly
          "    .balign 8\n    .global launchgate_plan_${index}\nlaunchgate_plan_${index}:\n    .incbin \"${stripped}.plan\"\n"
          "    .global launchgate_plan_${index}_end\nlaunchgate_plan_${index}_end:\n")
        string(APPEND declarations "extern \"C\" const std::uint64_t launchgate_plan_${index}[];\nextern \"C\" const std::uint64_t launchgate_plan_${index}_end[];\n")
        set(plan ",\n     {launchgate_plan_${index}, launchgate_plan_${index}_end}")
        list(APPEND dependencies ${stripped}.plan)
      endif()
      string(APPEND entries
        "    {\"${file}\", {launchgate_embedded_${index}_begin, static_cast<std::size_t>(launchgate_embedded_${index}_end - launchgate_embedded_${index}_begin)},\n"
        "     {launchgate_embedded_${index}_end + 1, static_cast<std::size_t>(launchgate_embedded_${index}_index_end - launchgate_embedded_${index}_end) - 1}${plan}},\n")
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
