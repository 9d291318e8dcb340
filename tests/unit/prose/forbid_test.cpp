#include "unit/prose/prose_helpers.hpp"

using namespace launchgate;
using namespace launchgate::prose;

namespace {

std::vector<Edit> edits_of(const std::string& rule, const std::string& text) {
  const rules::Pack pack = rules::pack_of(rule);
  const auto document = page(text);
  std::vector<Edit> edits;
  REQUIRE(check(pack, {document, nullptr, nullptr, {}}, &edits).ok());
  return edits;
}

}  // namespace

TEST_CASE("forbid: found where a reader may see it, weakly shown text included") {
  const std::string rule = R"("kind": "forbid", "phrases": ["go live"])";
  CHECK(found(rule, "We\ngo\nlive.\n") == "2:1 the message: \"go live\" | \n");
  CHECK_FALSE(found(rule, "---\ntitle: go live\n---\n").empty());
  CHECK_FALSE(found(rule, "![go live](x.png)\n").empty());
  CHECK_FALSE(found(rule, "<div>go live</div>\n").empty());
  CHECK_FALSE(found(rule, "~~go live~~\n").empty());
  CHECK(found(rule, "<!-- go live -->\n").empty());
  CHECK(found(rule, "cargo lives, go-live\n").empty());
  CHECK(found(rule, "go\n\nlive\n").empty());
  const std::string raw = R"("kind": "forbid", "phrases": ["go live"], "scope": "raw")";
  CHECK(found(raw, "x\n<!-- go  live -->\n").substr(0, 3) == "2:6");
}

TEST_CASE("forbid: scope, section, when, unless") {
  CHECK(found(R"("kind": "forbid", "phrases": ["x.md"], "scope": "link")", "x.md [y](x.md)\n").substr(0, 4) == "1:10");
  CHECK(found(R"("kind": "forbid", "phrases": ["old"], "section": "B")", "# A\n\nold\n\n# B\n\nnew\n").empty());
  CHECK(found(R"("kind": "forbid", "phrases": ["old"], "section": "B")", "# A\n\n# B\n\nold\n").substr(0, 3) == "5:1");
  CHECK(found(R"("kind": "forbid", "phrases": ["old"], "when": "beta")", "old\n").empty());
  CHECK_FALSE(found(R"("kind": "forbid", "phrases": ["old"], "when": "beta")", "old beta\n").empty());
  const std::string unless = R"("kind": "forbid", "pattern": "ready", "unless": {"pattern": "not", "window": 1})";
  CHECK(found(unless, "not\nready\n").empty());
  CHECK_FALSE(found(unless, "not\n\nready\n").empty());
  // What nobody sees does not excuse.
  CHECK_FALSE(found(unless, "ready <!-- not -->\n").empty());
  CHECK_FALSE(found(R"("kind": "forbid", "pattern": "ready", "unless": {"pattern": "not"})", "not\nready\n").empty());
}

TEST_CASE("forbid: a replacement is an edit only where the bytes are the words") {
  const std::string rule = R"("kind": "forbid", "phrases": ["white list"], "replacement": "allow list")";
  CHECK(found(rule, "a white list\n") == "1:3 the message: \"white list\" | write \"allow list\"\n");
  const auto edits = edits_of(rule, "é white list `white list` white\nlist *white* list &#119;hite list\n");
  REQUIRE(edits.size() == 2);
  CHECK(edits[0].source == markdown::Range{3, 13});
  CHECK(edits[0].replacement == "allow list");
  CHECK(edits[1].source == markdown::Range{15, 25});
  // Replacing with something that is forbidden too would never end.
  CHECK(edits_of(R"("kind": "forbid", "phrases": ["beta"], "replacement": "a beta")", "beta\n").empty());
  CHECK(found(R"("kind": "forbid", "phrases": ["beta"], "replacement": ""   )", "beta\n") ==
        "1:1 the message: \"beta\" | remove it\n");
}
