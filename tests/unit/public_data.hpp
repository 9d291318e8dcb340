#pragma once

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

// The folder of a public test suite. The suites are not copied into the repository; they lie in shared/data beside it,
// or where LAUNCHGATE_TEST_DATA says. In CI, and where the variable names a folder, a test that needs one fails without
// it: a suite that did not run has not passed. A clone by itself is told what was not run, here and by ./run-tests.
inline std::optional<std::filesystem::path> public_data(const std::string& name) {
  const char* const given = std::getenv("LAUNCHGATE_TEST_DATA");
  const std::filesystem::path folder = given != nullptr
                                           ? std::filesystem::path(given)
                                           : std::filesystem::path(LAUNCHGATE_SOURCE_DIR) / ".." / "shared" / "data";
  if (std::filesystem::exists(folder / name)) return folder / name;
  const std::string missing = "not run: the public data \"" + name + "\" is not in " +
                              folder.lexically_normal().string() + "; LAUNCHGATE_TEST_DATA names another folder";
  if (given != nullptr || std::getenv("CI") != nullptr) FAIL(missing);
  WARN(missing);
  return std::nullopt;
}
