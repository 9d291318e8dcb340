#include "lib/judgement/judgement.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

#include "lib/judgement/hosts.hpp"
#include "unit/read_file.hpp"

using namespace launchgate;
using namespace launchgate::judgement;

namespace {

document::JsonDocument json(std::string text) {
  auto parsed = document::JsonDocument::parse("report.json", std::move(text));
  REQUIRE(parsed);
  return std::move(*parsed);
}

const evidence::Policy& policy() {
  static const document::JsonDocument tiers = json(read_file("rules/tiers.json"));
  static const auto loaded = evidence::load_policy(tiers);
  REQUIRE(loaded);
  return *loaded;
}

// The report that the load engine wrote, with the profile that it was made against.
struct Run {
  explicit Run(const std::string& mode = "load") : text(read_file("tests/cli/runs/" + mode + "-report.json")) {
    const document::JsonDocument report = json(text);
    const auto part = [&](const char* pointer) { return std::string(report.at(pointer)->raw()); };
    targets = R"({"profiles": {"private-beta": {"durationMs": 20000, "soakDurationMs": 30000, "concurrency": 12,)"
              R"( "requestRatePerSecond": 6, "capacityTargets": )" +
              part("/targets/capacityTargets") + R"(, "thresholds": )" + part("/targets/thresholds") + "}}}";
  }

  Run& change(const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
    return *this;
  }

  // Rules and pointers.
  std::vector<std::string> judged(bool passing = true) const {
    const document::JsonDocument report = json(text);
    const document::JsonDocument profiles = json(targets);
    static const document::JsonDocument catalogue = json(read_file("rules/load/open-cowork.json"));
    const auto known = committed(policy(), profiles, catalogue);
    REQUIRE(known);
    evidence::Findings findings;
    judge(policy(), *known, {"", "private-beta", "", true, passing, policy().ladder.by_claim("private-hosted-beta")},
          report.root(), findings);
    std::vector<std::string> found;
    for (const finding::Finding& one : findings.all()) found.push_back(one.rule_id.substr(10) + " " + one.json_pointer);
    return found;
  }

  std::string text;
  std::string targets;
};

bool holds(const std::vector<std::string>& found, const std::string& one) {
  return std::find(found.begin(), found.end(), one) != found.end();
}

}  // namespace

TEST_CASE("reports of real runs are believed") {
  CHECK(Run("load").judged() == std::vector<std::string>{});
  CHECK(Run("soak").judged() == std::vector<std::string>{});
}

TEST_CASE("a run is bound to the committed profile") {
  CHECK(holds(Run().change(R"("p95ReadLatencyMs": 750)", R"("p95ReadLatencyMs": 1e9)").judged(),
              "profile-mismatch /targets/thresholds/p95ReadLatencyMs"));
  CHECK(holds(Run().change(R"("concurrentCloudUsers": 25)", R"("concurrentCloudUsers": 1)").judged(),
              "profile-mismatch /targets/capacityTargets/concurrentCloudUsers"));
  CHECK(holds(Run().change(R"("concurrency": 12)", R"("concurrency": 11)").judged(),
              "profile-mismatch /run/concurrency"));
  CHECK_FALSE(holds(Run().change(R"("concurrency": 12)", R"("concurrency": 13)").judged(),
                    "profile-mismatch /run/concurrency"));
  CHECK(holds(Run().change(R"("requestRatePerSecond": 6)", R"("requestRatePerSecond": 5.9)").judged(),
              "profile-mismatch /run/requestRatePerSecond"));
  CHECK(holds(Run().change(R"("measuredMs": 20000)", R"("measuredMs": 19999)").judged(),
              "profile-mismatch /run/measuredMs"));
  CHECK(holds(Run().change(R"("strict": true)", R"("strict": false)").judged(),
              "profile-mismatch /evidence/environmentProfile/strict"));
  CHECK(holds(Run().change(R"("gatewayAdminTokenProvided": true)", R"("gatewayAdminTokenProvided": false)").judged(),
              "profile-mismatch /evidence/environmentProfile/gatewayAdminTokenProvided"));
  CHECK(holds(Run().change(R"("includeSse": true)", R"("includeSse": "true")").judged(),
              "profile-mismatch /evidence/environmentProfile/includeSse"));
  CHECK(holds(Run().change(R"("measuredMs": 20000)", R"("measuredMs": 20000, "segment": "1/2")").judged(),
              "profile-mismatch /run/segment"));
}

TEST_CASE("gates are judged again by the figures") {
  const std::string slow = R"("p95LatencyMs": 5.484)";
  CHECK(holds(Run().change(R"("status": "pass")", R"("status": "fail")").judged(),
              "gate-rejudged /gates/checks/0/status"));
  CHECK_FALSE(holds(Run().change(R"("status": "pass")", R"("status": "fail")").judged(false),
                    "gate-rejudged /gates/checks/0/status"));
  CHECK(holds(Run().change(R"("name": "read-p95")", R"("name": "read-p96")").judged(), "gate-rejudged /gates/checks"));
  CHECK(holds(Run().change(R"("overall": "go")", R"("overall": "conditional-go")").judged(),
              "gate-rejudged /gates/overall"));
  Run lagging;
  const std::size_t worst = lagging.text.find(R"("worst": {)");
  const std::size_t lag = lagging.text.find(R"(projection_lag_events": 0)", worst);
  REQUIRE(lag != std::string::npos);
  lagging.text.replace(lag, 25, R"(projection_lag_events": 99)");
  bool found = false;
  for (const std::string& one : lagging.judged()) found = found || one.starts_with("gate-rejudged /gates/checks/");
  CHECK(found);
}

TEST_CASE("figures agree with each other") {
  CHECK(holds(Run().change(R"("requestCount": 246)", R"("requestCount": 2460)").judged(),
              "figures-disagree /run/requestCount"));
  CHECK(holds(Run().change(R"("count": 7)", R"("count": 8)").judged(),
              "figures-disagree /summary/operations/cloud-readiness/statuses"));
  CHECK(holds(Run().change(R"("p50LatencyMs": 0.338)", R"("p50LatencyMs": 338)").judged(),
              "figures-disagree /summary/operations/cloud-readiness/p90LatencyMs"));
  CHECK(holds(Run().change(R"("interrupted": false)", R"("interrupted": true)").judged(),
              "figures-disagree /interrupted"));
  CHECK(holds(Run().change(R"("mode": "load",)", R"("mode": "load", "verdict": "no-go",)").judged(),
              "figures-disagree /verdict"));
  CHECK(holds(Run().change(R"("achieved": 60)", R"("achieved": 80)").judged(),
              "figures-disagree /attained/adminDashboardReadsPerMinute/achieved"));
}

TEST_CASE("a remote deployment is no host of one's own") {
  const evidence::Rung& rung = *policy().ladder.by_claim("private-hosted-beta");
  for (const char* url :
       {"http://127.0.0.1:8787",     "http://localhost",          "https://LOCALHOST.:1/", "http://[::1]:80",
        "http://10.1.2.3",           "http://192.168.1.9/x",      "http://172.20.0.2",     "http://169.254.1.1",
        "http://cloud:8787",         "http://2130706433",         "http://0x7f.1",         "http://0177.0.0.1",
        "https://cloud.example.com", "https://a.b.internal",      "https://nas.local",     "https://user@127.0.0.1",
        "http://[fe80::1]",          "http://[::ffff:127.0.0.1]", "http://127.1",          "https://x.test"}) {
    const auto report = json(R"({"targets": {"cloudUrl": ")" + std::string(url) + "\"}}");
    INFO(url << " " << host_of(url));
    CHECK(local_hosts(policy(), rung, report.root()).size() == 1);
  }
  for (const char* url : {"https://cloud.fleet-operations.net", "https://10.fleet-operations.net",
                          "http://93.184.216.34", "https://myexample.com", "https://localhost.fleet-operations.net",
                          "skipped", "http://[2a00:1450:4001::200e]", "https://172.32.0.1"}) {
    const auto report = json(R"({"targets": {"cloudUrl": ")" + std::string(url) + "\"}}");
    INFO(url << " " << host_of(url));
    CHECK(local_hosts(policy(), rung, report.root()).empty());
  }
  evidence::Rung anywhere = rung;
  anywhere.remote = false;
  const auto report = json(R"({"targets": {"cloudUrl": "http://127.0.0.1"}})");
  CHECK(local_hosts(policy(), anywhere, report.root()).empty());
}
