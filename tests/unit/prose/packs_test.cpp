#include <filesystem>

#include "lib/rules/examples.hpp"
#include "unit/prose/prose_helpers.hpp"

using namespace launchgate;
using namespace launchgate::prose;

TEST_CASE("the examples of every wording pack hold") {
  std::size_t packs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(LAUNCHGATE_SOURCE_DIR) + "/rules/wording")) {
    const rules::Pack pack = built_in_pack(entry.path().stem().string());
    ++packs;
    const auto report = rules::test_examples(pack, {fires_on, {}});
    CHECK(report.examples >= 4 * pack.size());
    for (const base::Error& error : report.errors) FAIL_CHECK(to_string(error));
  }
  CHECK(packs >= 6);
}

TEST_CASE("sentences") {
  // Judged through a rule that fires on every sentence that holds the word.
  const std::string rule =
      R"x("kind": "claim", "pattern": "ready", "boundary": {"pattern": "\\bnot\\b", "governs": "\\bnever matches this\\b"})x";
  CHECK(found(rule, "Not now. It is ready.\n").substr(0, 4) == "1:16");
  CHECK(found(rule, "Not (e.g. today) ready.\n").empty());
  CHECK(found(rule, "Not for Dr. No ready.\n").empty());
  CHECK_FALSE(found(rule, "Is it not? It is ready!\n").empty());
  CHECK(found(rule, "It is not v1.0 ready.\n").empty());
  CHECK_FALSE(found(rule, "It is not.\n\nIt is ready.\n").empty());
}
