#pragma once

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <string>

// The folder of a public test suite. The suites are not copied into the repository; they lie in shared/data beside it,
// or where LAUNCHGATE_TEST_DATA says. A test that needs one fails without it: a suite that did not run has not passed.
inline std::filesystem::path public_data(const std::string& name) {
  const char* const given = std::getenv("LAUNCHGATE_TEST_DATA");
  const std::filesystem::path folder = given != nullptr
                                           ? std::filesystem::path(given)
                                           : std::filesystem::path(LAUNCHGATE_SOURCE_DIR) / ".." / "shared" / "data";
  INFO("the public data \"" << name << "\" is not in " << folder.lexically_normal().string()
                            << "; LAUNCHGATE_TEST_DATA names another folder");
  REQUIRE(std::filesystem::exists(folder / name));
  return folder / name;
}
