# What is installed beside the executables, and the packages: `cpack -G "TGZ;DEB" --config build/release/CPackConfig.cmake`. Pages and completions
# come from the executables themselves; scripts/package-npm makes the npm package from the same files.
if(NOT LAUNCHGATE_TOOLS)
  return()
endif()

set(CPACK_PACKAGE_CONTACT "Launchgate maintainers <launchgate@example.org>")
find_program(LAUNCHGATE_PYTHON python3)
set(generated ${PROJECT_BINARY_DIR}/package)
get_property(tools GLOBAL PROPERTY LAUNCHGATE_TOOL_NAMES)
list(JOIN tools " " tool_names)
configure_file(${PROJECT_SOURCE_DIR}/packaging/generate.cmake.in ${generated}/generate.cmake @ONLY)
configure_file(${PROJECT_SOURCE_DIR}/packaging/copyright.in ${generated}/copyright @ONLY)
install(SCRIPT ${generated}/generate.cmake)
install(DIRECTORY ${generated}/tree/ DESTINATION . USE_SOURCE_PERMISSIONS)
install(FILES README.md LICENSE CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs)

set(CPACK_PACKAGE_NAME launchgate)
set(CPACK_PACKAGE_VENDOR "Launchgate")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "gate for launches: checks evidence, measures load, decides")
set(CPACK_PACKAGE_DESCRIPTION
"A family of static executables that decide whether a build may be promoted
to a launch tier, and what proves it: target profiles, evidence matrix,
evidence records, runbooks and reports are checked on every commit, load is
measured against the targets, and each promotion is decided from evidence.")
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_PACKAGE_FILE_NAME "launchgate-${PROJECT_VERSION}-linux-x64")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_GENERATOR "TGZ;DEB")
set(CPACK_STRIP_FILES OFF)
set(CPACK_THREADS 0)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
# Nothing is needed at run time; git where the index or the history is scanned.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS git)
include(CPack)
