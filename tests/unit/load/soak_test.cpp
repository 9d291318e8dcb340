#include "unit/load/soak_world.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "unit/load/simulation.hpp"

using namespace simulation;

namespace {

constexpr const char* troubles[] = {
    "connection-leak",       "stale-sse-cursor", "projection-lag-growth", "command-backlog-growth", "worker-lease",
    "scheduler-claim-drift", "retry-loop",       "dead-letter-growth",    "quota-interference"};

std::set<std::string> named(const SoakAnalysis& soak) {
  std::set<std::string> out;
  for (const Check& check : soak.checks) {
    if (!check.passed) out.insert(check.name);
  }
  return out;
}

std::string message_of(const SoakAnalysis& soak, const std::string& name) {
  for (const Check& check : soak.checks) {
    if (check.name == name) return check.message;
  }
  return {};
}

std::uint64_t seed_of(int i) { return std::uint64_t{1'000'003} * static_cast<std::uint64_t>(i + 1); }

}  // namespace

TEST_CASE("each trouble of a soak is named, and nothing else") {
  for (const char* trouble : troubles) {
    for (int i = 0; i < 1; ++i) {
      const SoakAnalysis soak = simulate({trouble, 1.5, i == 0, i == 0, seed_of(i)});
      std::set<std::string> failed = named(soak);
      CAPTURE(trouble, i, message_of(soak, trouble));
      CHECK(failed.erase(trouble) == 1);
      // The same growth under the metric's own name.
      for (const char* also : {"open-files-growth", "gateway-retries-growth", "command-oldest-age-growth",
                               "gateway-dead-letters-growth", "gateway-p95-growth"})
        failed.erase(also);
      CHECK(failed.empty());
      CHECK(soak.warnings.empty());
    }
  }
}

TEST_CASE("a healthy soak with waves, a restart and a deployment is healthy") {
  for (int i = 0; i < 4; ++i) {
    const SoakAnalysis soak = simulate({"", 1, true, true, seed_of(i)});
    CAPTURE(i);
    for (const std::string& name : named(soak)) {
      CAPTURE(name, message_of(soak, name));
      CHECK(false);
    }
  }
}

TEST_CASE("the message of a trouble holds slope, level and moment") {
  const SoakAnalysis leak = simulate({"connection-leak", 2, false, false, 5});
  const std::string text = message_of(leak, "connection-leak");
  CAPTURE(text);
  CHECK(text.find("open-files of cloud grows by") != std::string::npos);
  CHECK(text.find("an hour from") != std::string::npos);
  CHECK(text.find("it would double within the soak") != std::string::npos);
  const SoakAnalysis lease = simulate({"worker-lease", 2, false, false, 5});
  CHECK(message_of(lease, "worker-lease").find("between") != std::string::npos);
}

// The table of docs/tools/launchgate-load.md: unit_load "[soak-table]". Takes a minute, so not part of a run.
TEST_CASE("troubles of many soaks", "[.][soak-table]") {
  std::printf("%-26s %8s %8s %8s\n", "named in % of 25 soaks", "half", "doubles", "twice");
  for (const char* trouble : troubles) {
    std::printf("%-26s", trouble);
    for (const double strength : {0.5, 1.0, 2.0}) {
      int found = 0;
      for (int i = 0; i < 25; ++i)
        found += named(simulate({trouble, strength, i % 2 == 0, i % 3 == 0, seed_of(i)})).contains(trouble) ? 1 : 0;
      std::printf(" %7d%%", found * 4);
      if (strength == 1.0) CHECK(found == 25);
    }
    std::printf("\n");
    std::fflush(stdout);
  }
  std::map<std::string, int> alarms;
  int with_alarm = 0;
  for (int i = 0; i < 200; ++i) {
    const auto failed = named(simulate({"", 1, true, true, seed_of(1000 + i)}));
    with_alarm += failed.empty() ? 0 : 1;
    for (const std::string& name : failed) ++alarms[name];
  }
  std::printf("false alarms in 200 healthy soaks: %d", with_alarm);
  for (const auto& [name, n] : alarms) std::printf(" %s %d", name.c_str(), n);
  std::printf("\n");
  CHECK(with_alarm <= 1);
}
