#include <catch2/catch.hpp>

#include "lib/finding/digest.hpp"
#include "lib/finding/finding.hpp"
#include "lib/finding/rule_list.hpp"

using namespace launchgate;
using namespace launchgate::finding;

TEST_CASE("the excerpt shows the place, however long the line") {
  const base::SourceText source("f", "\tkey: \"välue\"\n" + std::string(500, 'a') + "SECRET" + std::string(500, 'b'));
  const auto near = make_excerpt(source, {{1, 7}, {1, 14}});
  CHECK(near.line == " key: \"välue\"");
  CHECK(near.caret_begin == 6);
  CHECK(near.caret_end == 13);
  const auto far = make_excerpt(source, {{2, 501}, {2, 507}});
  CHECK(far.line == "…" + std::string(60, 'a') + "SECRET" + std::string(94, 'b') + "…");
  CHECK(far.caret_begin == 61);
  CHECK(far.caret_end == 67);
  CHECK(make_excerpt(source, {}).line.empty());
}

TEST_CASE("fingerprints survive moved lines and tell equals apart") {
  const RuleInfo rule{"p/r", Severity::error, "", "", "", "", ""};
  const base::SourceText before("f", "x\nbad line\nbad line\n");
  const base::SourceText after("f", "x\n\n\nbad   line\n\nbad line\n");
  const auto collect = [&](const base::SourceText& source, std::uint32_t first, std::uint32_t second) {
    std::vector<Finding> all = {make_finding(rule, source, {{first, 1}, {first, 4}}, "m", ""),
                                make_finding(rule, source, {{second, 1}, {second, 4}}, "m", "")};
    sort_findings(all);
    assign_fingerprints(all);
    return all;
  };
  const auto one = collect(before, 2, 3);
  const auto two = collect(after, 6, 4);
  CHECK(one[0].fingerprint.size() == 32);
  CHECK(one[0].fingerprint != one[1].fingerprint);
  CHECK(one[0].fingerprint == two[0].fingerprint);
  CHECK(one[1].fingerprint == two[1].fingerprint);
}

TEST_CASE("SHA-256 of the standard's examples") {
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("a list of rules is read when it is shown, each rule once") {
  int reads = 0;
  RuleList list(std::vector<RuleInfo>{{"b/two", Severity::error, "first", "", "", "", ""}});
  list.add({"c/three", "a/one", "b/two"}, [&reads] {
    ++reads;
    return std::vector<RuleInfo>{{"c/three", Severity::note, "lazy", "", "", "", ""},
                                 {"a/one", Severity::error, "lazy", "", "", "", ""},
                                 {"b/two", Severity::error, "second", "", "", "", ""}};
  });
  RuleList whole;
  whole.add(list);
  whole.add(list);
  CHECK(whole.size() == 3);
  CHECK(whole.ids() == std::set<std::string>{"a/one", "b/two", "c/three"});
  CHECK(reads == 0);
  const auto rules = list.read();
  REQUIRE(rules.size() == 3);
  CHECK(reads == 1);
  CHECK(rules[0].summary == "first");
  CHECK(rules[1].id == "c/three");
  const auto sorted = whole.sorted().read();
  REQUIRE(sorted.size() == 3);
  CHECK(sorted[0].id == "a/one");
  CHECK(sorted[1].summary == "first");
}
