#include <filesystem>
#include <fstream>
#include <sstream>

#include "unit/rules/rule_helpers.hpp"

using namespace launchgate;
using namespace launchgate::rules;

namespace {

std::vector<std::filesystem::path> packs_below(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> found;
  if (!std::filesystem::is_directory(folder)) return found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".json") found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("built-in packs load, their patterns compile, their examples over JSON hold") {
  const std::filesystem::path rules = std::filesystem::path(LAUNCHGATE_SOURCE_DIR) / "rules";
  for (const char* folder : {"documents", "wording", "leaks"}) {
    for (const auto& path : packs_below(rules / folder)) {
      INFO(path.string());
      const auto pack = load_pack(path.filename().string(), text_of(path));  // compiles every pattern
      INFO((pack.ok() ? std::string() : to_string(pack.error())));
      REQUIRE(pack.ok());
      for (const auto& error : test_examples(*pack, {}).errors) FAIL_CHECK(to_string(error));
    }
  }
}
