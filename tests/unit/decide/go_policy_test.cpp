#include "decide/go_policy.hpp"

#include <catch2/catch.hpp>

using namespace launchgate;

namespace {

// Each part on a line of its own.
std::string ladder(const std::string& checks, const std::string& rest = R"("quotaExpected": "/expected")") {
  return R"({"decision": {"values": {"go": "go", "conditional": "conditional-go", "noGo": "no-go"},
"dispositions": [{"id": "fix", "requires": ["owner"]}],
"requirements": [{"id": "load", "title": "Load", "source": "load",
  "checks": [)" +
         checks + R"(]}],
"skips": [{"at": "/skipped", "title": "skipped"}], "requiresLowerProfiles": ["general"],
)" + rest +
         "}}";
}

std::string refusal(const std::string& text) {
  const auto document = document::JsonDocument::parse("tiers.json", text);
  REQUIRE(document);
  const auto policy = decide::load_go_policy(*document);
  if (policy) return "";
  CHECK(policy.error().category == base::ErrorCategory::configuration);
  return to_string(policy.error());
}

}  // namespace

TEST_CASE("a go/no-go list is read whole") {
  const auto document = document::JsonDocument::parse("tiers.json", ladder(R"("errors-.*")"));
  REQUIRE(document);
  const auto policy = decide::load_go_policy(*document);
  REQUIRE(policy);
  CHECK(policy->no_go == "no-go");
  CHECK(policy->dispositions.at("fix") == std::vector<std::string>{"owner"});
  CHECK(policy->quota_expected == "/expected");
  REQUIRE(policy->requirements.size() == 1);
  const auto& [text, matcher] = policy->requirements[0].checks.at(0);
  CHECK(text == "errors-.*");
  CHECK(matcher.found_in("errors-all"));
  CHECK_FALSE(matcher.found_in("no-errors-all"));  // whole names
}

TEST_CASE("an error of the go/no-go list has its place") {
  CHECK(refusal(ladder(R"("ok", "a(b")")).find("tiers.json:4:20: ") == 0);
  CHECK(
      refusal(ladder(R"("ok")", R"("quotaExpected": 1)")).find("tiers.json:6:18: \"quotaExpected\" must be a string") ==
      0);
  CHECK(
      refusal(ladder(R"("ok")", R"("other": 1)")).find("tiers.json:1:14: decision lacks the field \"quotaExpected\"") ==
      0);
  CHECK(refusal("{}").find("tiers.json:1:1: tier ladder lacks the field \"decision\"") == 0);
}
