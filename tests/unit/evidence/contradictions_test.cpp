#include "lib/evidence/contradictions.hpp"
#include "lib/base/rfc3339.hpp"

#include <catch2/catch.hpp>

#include "lib/evidence/believable.hpp"
#include "lib/evidence/findings.hpp"
#include "lib/evidence/report_checks.hpp"
#include "unit/read_file.hpp"

using namespace launchgate;
using namespace launchgate::evidence;

namespace {

document::JsonDocument json(std::string text) {
  auto parsed = document::JsonDocument::parse("report.json", std::move(text));
  REQUIRE(parsed);
  return std::move(*parsed);
}

const Policy& policy() {
  static const document::JsonDocument tiers = json(read_file("rules/tiers.json"));
  static const auto loaded = load_policy(tiers);
  REQUIRE(loaded);
  return *loaded;
}

// Rule and pointer of what speaks against a report.
std::vector<std::string> against(const std::string& text) {
  const document::JsonDocument report = json(text);
  Findings findings;
  RecordSettings settings;
  settings.now = *base::parse_date_time("2030-01-01T00:00:00Z");
  check_report(policy(), {"item", report.root(), report.root()}, settings, findings);
  std::vector<std::string> found;
  for (const finding::Finding& one : findings.all()) found.push_back(one.rule_id.substr(10) + " " + one.json_pointer);
  return found;
}

std::string beside(const std::string& member) { return R"({"status": "pass", )" + member + "}"; }

}  // namespace

TEST_CASE("keys are split into words") {
  using Words = std::vector<std::string>;
  CHECK(key_words("numFailed") == Words{"num", "failed"});
  CHECK(key_words("failed_count") == Words{"failed", "count"});
  CHECK(key_words("is-failed") == Words{"is", "failed"});
  CHECK(key_words("HTTPFailed") == Words{"http", "failed"});
  CHECK(key_words("p95LatencyMs") == Words{"p95", "latency", "ms"});
  CHECK(key_words("Timed Out") == Words{"timed", "out"});
  CHECK(key_words("f\xD0\xB0iled") == Words{"failed"});
  CHECK(key_words("").empty());
}

TEST_CASE("what speaks against a pass, whatever it is called") {
  for (const char* member : {R"("numFailed": 3)",
                             R"("isFailed": true)",
                             R"("fail": true)",
                             R"("go": false)",
                             R"("approved": false)",
                             R"("phase": "Failed")",
                             R"("error": "connection reset")",
                             R"("crashed": true)",
                             R"("incomplete": true)",
                             R"("terminated": true)",
                             R"("signal": "SIGKILL")",
                             R"("passed": 3, "total": 5)",
                             R"("results": {"read": "fail"})",
                             R"("results": ["read: FAIL"])",
                             R"("checks": [])",
                             R"("checks": ["read: FAIL"])",
                             R"("gates": {})",
                             R"("num_failed": 1)",
                             R"("tests-failed": 2)",
                             R"("testsFailed": ["a"])",
                             R"("has_errors": "yes")",
                             R"("runPhase": "error")",
                             R"("jobState": "cancelled")",
                             R"("details": {"outcome": {"read": "failed"}})",
                             R"("noFailures": false)",
                             R"("approval": "not yet")",
                             R"("passed": 0)",
                             R"("isApproved": "no")",
                             R"("unexpectedErrors": ["boom"])",
                             R"("processKilled": true)",
                             R"("lastError": "timeout after 30 s")",
                             R"("stats": {"passed": 9, "total": 10})",
                             R"("failures": {"read": "timeout"})",
                             R"("verified": "no")",
                             R"("signalled": true)",
                             R"("exceptions": [{"at": "db"}])",
                             R"("healthy": false)",
                             R"("succeeded": 0)"}) {
    INFO(member);
    const auto found = against(beside(member));
    REQUIRE_FALSE(found.empty());
    CHECK(found.front().starts_with("contradiction "));
  }
}

TEST_CASE("near misses of contradictions") {
  for (const char* member : {R"("numFailed": 0)",
                             R"("isFailed": false)",
                             R"("go": true)",
                             R"("approved": true)",
                             R"("phase": "Succeeded")",
                             R"("error": null)",
                             R"("error": "")",
                             R"("lastError": "none")",
                             R"("incomplete": false)",
                             R"("signal": null)",
                             R"("passed": 5, "total": 5)",
                             R"("results": {"read": "pass"})",
                             R"("results": ["read: ok"])",
                             R"("checks": ["read: ok"])",
                             R"("failures": {})",
                             R"("failures": {"count": 0, "items": []})",
                             R"("errorRate": 0.002)",
                             R"("maxErrors": 5)",
                             R"("failureMode": "worker crash")",
                             R"("injectedFailures": 3)",
                             R"("expectedFailures": 2)",
                             R"("failover": true)",
                             R"("failoverMs": 812)",
                             R"("noFailures": true)",
                             R"("retryOnFailure": true)",
                             R"("approvedBy": "release manager")",
                             R"("approved": "by the release manager")",
                             R"("errorBudget": {"spent": 0.1})",
                             R"("errors": "no errors found")",
                             R"("timeoutSeconds": 30)",
                             R"("http_req_failed": {"rate": 0, "passes": 0, "fails": 1842})",
                             R"("terminationGraceSeconds": 20)",
                             R"("go_version": "1.22")",
                             R"("okResponses": 200)",
                             R"("passedAt": "2026-01-01T00:00:00Z")",
                             R"("errorHandling": "retried twice")",
                             R"("signalsSent": ["SIGTERM"])"}) {
    INFO(member);
    CHECK(against(beside(member)).empty());
  }
}

TEST_CASE("dry runs under every name, and what only looks like one") {
  for (const char* member :
       {R"("plan": true)", R"("simulated": true)", R"("noop": true)", R"("mock": true)", R"("dry": "yes")",
        R"("planOnly": true)", R"("mode": "plan")", R"("mode": "simulated")", R"("command": "tool --plan")",
        R"("flags": ["--noop"])", R"("args": ["apply", "--mock"])", R"("options": {"isSimulated": true})"}) {
    INFO(member);
    const auto found = against(beside(member));
    REQUIRE_FALSE(found.empty());
    CHECK(found.front().starts_with("dry-run "));
  }
  for (const char* member :
       {R"("plan": "enterprise")", R"("simulated": false)", R"("simulation": "region outage")", R"("mock": false)",
        R"("mode": "soak")", R"("command": "tool plan.json")", R"("flags": ["--planet"])", R"("plan": {"steps": 4})"}) {
    INFO(member);
    CHECK(against(beside(member)).empty());
  }
}

TEST_CASE("what earlier runs exempt must be earlier") {
  const std::string own =
      R"("startedAt": "2026-02-01T10:00:00Z", "finishedAt": "2026-02-01T10:05:00Z", "durationMs": 300000, )";
  CHECK(against("{" + own + R"("earlierRuns": [{"status": "fail", "finishedAt": "2026-02-01T09:00:00Z"}]})").empty());
  CHECK(against("{" + own + R"("earlierRuns": [{"status": "fail"}]})").empty());
  CHECK(against("{" + own + R"("earlierRuns": [{"status": "fail", "finishedAt": "2026-02-01T11:00:00Z"}]})") ==
        std::vector<std::string>{"contradiction /earlierRuns/0/finishedAt"});
}

TEST_CASE("honest reports of the kinds that people have are not refused") {
  for (const char* report : {
#include "unit/evidence/honest_reports.inc"
       }) {
    INFO(report);
    CHECK(against(report) == std::vector<std::string>{});
  }
}

TEST_CASE("lists of words, struck text and crosses affirm nothing") {
  const Affirmations& rules = policy().affirmations;
  const auto said = [&](const char* text) { return affirms(rules, rules.words.at("drain").pattern, text); };
  CHECK(said("The workers were drained in 40 s."));
  CHECK(said("Drain: done"));
  CHECK(said("\xE2\x9C\x85 drain"));
  for (const char* text : {"rollback, revoke, drain, communication", "~~The workers were drained.~~",
                           "\xE2\x9D\x8C workers were drained", "0 of 4 workers were drained",
                           "The drain was out of scope", "Drained: 0/4", "<del>Workers were drained</del>"}) {
    INFO(text);
    CHECK_FALSE(said(text));
  }
  CHECK(said("Workers were dr\xD0\xB0ined."));  // letters of another alphabet read the same
  const auto field = json(R"({"drain": "redacted worker drain plan", "revoke": "~~done~~"})");
  CHECK(affirms(rules, policy().placeholders, *field.at("/drain")));
  CHECK_FALSE(affirms(rules, policy().placeholders, *field.at("/revoke")));
}

TEST_CASE("placeholders in every spelling") {
  for (const char* text : {"{{owner}}", "${OWNER}", "$OWNER", "__OWNER__", "%OWNER%", "YOUR_NAME", "your-team", "(tbd)",
                           "[TBD]", "n / a", "N / A", "\xC2\xA0", "\xE2\x80\x8B", "\xE2\x80\x83", "\xE3\x85\xA4",
                           "artifact:placeholder", "your name here"}) {
    INFO(text);
    CHECK(is_placeholder(policy().placeholders, text));
  }
  for (const char* text :
       {"your deployment was watched by the on-call rota", "$5 an hour", "50% of users", "artifact:run-88123",
        "__init__ was traced in the log", "na\xC3\xAFve retry removed", "owner {platform} team"}) {
    INFO(text);
    CHECK_FALSE(is_placeholder(policy().placeholders, text));
  }
  const auto implausible = [&](const char* text) { return policy().placeholders.implausible.found_in(text); };
  CHECK(implausible("sha256:1111111111111111111111111111111111111111111111111111111111111111"));
  CHECK(implausible("deadbeefdeadbeefdeadbeefdeadbeefdeadbeef"));
  CHECK(implausible("0123456789abcdef0123456789abcdef01234567"));
  CHECK_FALSE(implausible("3f7868512aa0d4be7bc2a1d0b2f9e1a07c5d9e64"));
  CHECK_FALSE(implausible("sha256:4b1d7f0e4b1d7f0e4b1d7f0e4b1d7f0e4b1d7f0e4b1d7f0e4b1d7f0e4b1d7f0e"));
}
