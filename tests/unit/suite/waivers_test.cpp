#include <catch2/catch.hpp>

#include "lib/base/rfc3339.hpp"
#include "lib/suite/waivers.hpp"
#include "unit/read_file.hpp"

using namespace launchgate;
using namespace launchgate::suite;

namespace {

const base::Milliseconds now = *base::parse_date_time("2026-03-01T12:00:00Z");

std::vector<finding::Finding> findings() {
  finding::Finding finding;
  finding.rule_id = "profiles/ladder";
  finding.item = "load";
  finding.file = "a.json";
  finding.message = "shrinks";
  return {finding};
}

std::string waiver(const std::string& rest, const std::string& scope = R"({"file": "a.json"})") {
  return R"({"rule": "profiles/ladder", "scope": )" + scope +
         R"(, "owner": "lead", "reason": "agreed in review", "expires": "2026-03-31")" + rest + "}";
}

struct Result {
  std::vector<finding::Finding> findings;
  std::vector<AppliedWaiver> applied;
  std::vector<std::string> problems() const {
    std::vector<std::string> rules;
    for (const finding::Finding& one : findings) {
      if (one.rule_id.starts_with("waivers/")) rules.push_back(one.rule_id);
    }
    return rules;
  }
};

Result waive(const std::string& waivers, WaiverContext context = {}) {
  const auto document =
      document::JsonDocument::parse("launchgate-waivers.json", R"({"schemaVersion": 1, "waivers": [)" + waivers + "]}");
  REQUIRE(document);
  if (context.rules.empty()) context.rules = {"profiles/ladder"};
  Result result{findings(), {}};
  result.applied = apply_waivers(result.findings, *document, now,
                                 {90, {"private-values/*", "promotion/item-missing", "*/syntax"}}, context);
  return result;
}

}  // namespace

TEST_CASE("a waiver marks the finding and says who answers for it") {
  const Result result = waive(waiver(""));
  CHECK(result.problems().empty());
  CHECK(result.findings[0].status == finding::Status::waived);
  CHECK(result.findings[0].waiver->owner == "lead");
  CHECK(result.findings[0].waiver->expires == "2026-03-31");
  REQUIRE(result.applied.size() == 1);
  CHECK(result.applied[0].scope == "file a.json");
}

TEST_CASE("a waiver is good to the end of its last day, and for ninety days at most") {
  const auto on = [&](const std::string& day) {
    std::string text = waiver("");
    text.replace(text.find("2026-03-31"), 10, day);
    return waive(text);
  };
  CHECK(on("2026-03-01").problems().empty());
  CHECK(on("2026-05-30").problems().empty());
  CHECK(on("2026-02-28").problems() == std::vector<std::string>{"waivers/expired"});
  CHECK(on("2026-02-28").findings[0].status == finding::Status::open);
  CHECK(on("2026-06-01").problems() == std::vector<std::string>{"waivers/too-long"});
  CHECK(on("2026-06-01").findings[0].status == finding::Status::open);
  CHECK(on("2026-02-30").problems() == std::vector<std::string>{"waivers/malformed"});
}

TEST_CASE("scopes must agree, and a waiver that waives nothing is told") {
  CHECK(waive(waiver("", R"({"file": "b.json"})")).problems() == std::vector<std::string>{"waivers/unused"});
  CHECK(waive(waiver("", R"({"file": "b.json"})")).findings[0].status == finding::Status::open);
  // Rules that were not consulted, and other tiers, say nothing about a waiver.
  WaiverContext other;
  other.rules = {"other/rule"};
  CHECK(waive(waiver("", R"({"file": "b.json"})"), other).problems().empty());
  CHECK(waive(waiver("", R"({"tier": "public-beta"})")).problems().empty());
  CHECK(waive(waiver("", R"({"tier": "public-beta"})")).findings[0].status == finding::Status::open);
  WaiverContext context;
  context.tier = "public-beta";
  context.items_judged = true;
  CHECK(waive(waiver("", R"({"tier": "public-beta", "item": "load"})"), context).findings[0].status ==
        finding::Status::waived);
  CHECK(waive(waiver("", R"({"tier": "public-beta", "item": "soak"})"), context).problems() ==
        std::vector<std::string>{"waivers/unused"});
}

TEST_CASE("owner, reason and scope are words of people") {
  const auto tiers = document::JsonDocument::parse("tiers.json", read_file("rules/tiers.json"));
  REQUIRE(tiers);
  const auto limits = waiver_limits(*tiers);
  REQUIRE(limits);
  const auto problems = [&](const std::string& from, const std::string& to) {
    std::string text = R"({"waivers": [)" + waiver("") + "]}";
    text.replace(text.find(from), from.size(), to);
    const auto document = document::JsonDocument::parse("launchgate-waivers.json", text);
    REQUIRE(document);
    std::vector<finding::Finding> found = findings();
    WaiverContext context;
    context.rules = {"profiles/ladder"};
    apply_waivers(found, *document, now, *limits, context);
    return found.size() - 1;
  };
  CHECK(problems("lead", "release manager") == 0);
  for (const char* owner : {"TBD", "{{owner}}", "nobody", "$OWNER", "YOUR_NAME", "(tbd)", "\xE2\x80\x8B"}) {
    INFO(owner);
    CHECK(problems("lead", owner) == 1);
  }
  CHECK(problems("agreed in review", "TODO: say why") == 1);
  CHECK(problems("a.json", "{file}") == 1);
}

TEST_CASE("waivers that are not complete waive nothing") {
  for (
      const std::string& text : {
          std::string("1"),
          std::string("{}"),
          std::string(R"({"rule": "profiles/ladder"})"),
          waiver(R"(, "check": "x")"),
          waiver(R"(, "note": "x")"),
          waiver("", "{}"),
          waiver("", "\"a.json\""),
          waiver("", R"({"path": "a.json"})"),
          waiver("", R"({"file": 1})"),
          std::string(
              R"({"rule": "profiles/ladder", "scope": {"file": "a.json"}, "owner": " ", "reason": "agreed in review", "expires": "2026-03-31"})"),
          std::string(
              R"({"rule": "profiles/ladder", "scope": {"file": "a.json"}, "owner": "lead", "reason": "because", "expires": "2026-03-31"})"),
          std::string(
              R"({"rule": "profiles/ladder", "scope": {"file": "a.json"}, "owner": "lead", "reason": "agreed in review"})"),
      }) {
    INFO(text);
    const Result result = waive(text);
    CHECK(result.problems() == std::vector<std::string>{"waivers/malformed"});
    CHECK(result.findings[0].status == finding::Status::open);
  }
}

std::string about(const std::string& rule) {
  std::string text = waiver("");
  return text.replace(text.find("profiles/ladder"), 15, rule);
}

TEST_CASE("some things cannot be waived") {
  for (const char* rule :
       {"private-values/github-pat", "promotion/item-missing", "profiles/syntax", "anything/syntax"}) {
    CHECK(waive(about(rule)).problems() == std::vector<std::string>{"waivers/forbidden"});
  }
  WaiverContext context;
  context.is_protected = [](const finding::Finding& finding) { return finding.file == "a.json"; };
  const Result result = waive(waiver(""), context);
  CHECK(result.problems() == std::vector<std::string>{"waivers/forbidden"});
  CHECK(result.findings[0].status == finding::Status::open);
  CHECK(result.applied.empty());
  context.is_protected = [](const finding::Finding& finding) { return finding.file == "b.json"; };
  CHECK(waive(waiver(""), context).findings[0].status == finding::Status::waived);
}

TEST_CASE("a waiver of a rule that does not exist is told, and one of another tool's is not") {
  WaiverContext context;
  context.rules = {"profiles/ladder", "profiles/unknown-key"};
  context.prefixes = {"profiles", "matrix", "claims"};
  context.idle = {"profiles/seldom"};
  const auto problems = [&](const std::string& rule) {
    return waive(waiver("") + "," + about(rule), context).problems();
  };
  const std::vector<std::string> unknown = {"waivers/unknown"};
  CHECK(problems("profiles/lader") == unknown);
  CHECK(problems("profile/ladder") == unknown);
  CHECK(problems("ladder") == unknown);
  CHECK(problems("Profiles/ladder") == unknown);
  CHECK(problems("matrix/anything").empty());
  CHECK(problems("profiles/seldom").empty());
  const Result result = waive(waiver("") + "," + about("profiles/lader"), context);
  CHECK(result.findings.back().help.find("profiles/ladder") != std::string::npos);
}

TEST_CASE("checks of gates are waived by their name") {
  std::string text = waiver("", R"({"tier": "t"})");
  text.replace(text.find(R"("rule": "profiles/ladder")"), 25, R"("check": "read-p95")");
  const auto document = document::JsonDocument::parse("w", R"({"waivers": [)" + text + "]}");
  std::vector<finding::Finding> all = findings();
  all[0].rule_id = "check/read-p95";
  WaiverContext context;
  context.tier = "t";
  context.gate_checks = true;
  CHECK(apply_waivers(all, *document, now, {90, {}}, context).size() == 1);
  CHECK(all[0].status == finding::Status::waived);
}
