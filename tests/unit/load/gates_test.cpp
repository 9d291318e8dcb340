#include <algorithm>

#include "load/core/outcome.hpp"
#include "unit/load/simulation.hpp"

using namespace simulation;

namespace {

bool headroom(const Setup& setup, int on_time, int late) {
  RunRecord record = setup.record();
  record.generator.lateness.clear();
  for (int i = 0; i < on_time; ++i) record.generator.lateness.record_us(millisecond / microsecond);
  for (int i = 0; i < late; ++i) record.generator.lateness.record_us(10 * second / microsecond);
  const Verdict verdict = evaluate(setup.run_plan(), record);
  const auto check = std::find_if(verdict.checks.begin(), verdict.checks.end(),
                                  [](const Check& one) { return one.name == "generator-headroom"; });
  REQUIRE(check != verdict.checks.end());
  return check->passed;
}

}  // namespace

TEST_CASE("a hiccup in a short run is no lack of headroom, and a hundredth of a long one is") {
  Setup setup;
  setup.run();
  CHECK(headroom(setup, 165, 10));
  CHECK_FALSE(headroom(setup, 164, 12));
  CHECK(headroom(setup, 18, 2));
  CHECK_FALSE(headroom(setup, 17, 3));
  CHECK(headroom(setup, 9900, 100));
  CHECK_FALSE(headroom(setup, 9890, 110));
}

TEST_CASE("what was due before the end is sent for a moment more, and no longer") {
  for (const bool hiccup : {true, false}) {
    Setup setup;
    setup.settings.include_mutations = false;
    setup.settings.request_rate = 20;
    setup.settings.duration_ms = 2000;
    setup.settings.concurrency = 1;
    setup.replan();
    const Nanoseconds begun = setup.world.now();
    bool once = false;
    setup.world.server = [&](const Seen& seen) {
      if (!hiccup) return Answer{500 * millisecond};
      const bool late = !once && seen.at - begun >= 1800 * millisecond;
      once = once || late;
      return Answer{late ? 300 * millisecond : millisecond};
    };
    setup.run();
    REQUIRE(setup.engine->done());
    CHECK((setup.record().unsent_total() == 0) == hiccup);
    CHECK(setup.world.seen.back().at - begun > 2 * second);
    CHECK(setup.world.seen.back().at - begun <= 2400 * millisecond);
    // The rate that was achieved is told over the time that it took.
    CHECK(setup.record().overtime == setup.world.seen.back().at - begun - 2 * second);
  }
}

TEST_CASE("a limit of one leaves a sample, and says what it stopped") {
  for (const std::int64_t warmup : {0, 3000}) {
    Setup setup;
    setup.settings.limits = {1};
    setup.settings.warmup_ms = warmup;
    setup.replan();
    setup.plan.warnings.clear();  // as if the schedule alone did not exceed it
    setup.run();
    CHECK(std::count_if(setup.world.seen.begin(), setup.world.seen.end(),
                        [](const Seen& s) { return s.path == "/boxes"; }) == 1);
    const Verdict verdict = evaluate(setup.run_plan(), setup.record());
    for (const Check& check : verdict.checks) {
      CAPTURE(warmup, check.name, check.message);
      CHECK((check.passed || !check.name.starts_with("box")));
    }
    CHECK(std::any_of(verdict.warnings.begin(), verdict.warnings.end(),
                      [](const Warning& one) { return one.id == "capped-boxes"; }));
  }
}

TEST_CASE("an empty body is enough of an answer where something was to be done, and nowhere else") {
  const Setup setup;
  const auto outcome = [&](const char* method, bool captures, std::string_view body) {
    OperationSpec operation = setup.catalogue.operations[*setup.catalogue.operation("item-add")];
    operation.request.method = method;
    if (!captures) operation.captures.clear();
    Exchange exchange;
    exchange.response.status = operation.success.front();
    exchange.response.body = body;
    Accepts accepts;
    accepts.success = operation.success;
    return judge(setup.catalogue, operation, accepts, exchange, setup.redact).outcome;
  };
  CHECK(outcome("POST", false, "") == Outcome::success);
  CHECK(outcome("POST", true, "") == Outcome::bad_body);
  CHECK(outcome("POST", false, "{cut") == Outcome::bad_body);
  CHECK(outcome("GET", false, "") == Outcome::bad_body);
}

TEST_CASE("a threshold without a gate, a gate without a threshold or requests: each is told") {
  const auto ids = [](const Setup& setup) {
    std::vector<std::string> out;
    for (const Warning& one : evaluate(setup.run_plan(), setup.record()).warnings) out.push_back(one.id);
    return out;
  };
  const auto has = [](const std::vector<std::string>& list, const char* id) {
    return std::find(list.begin(), list.end(), id) != list.end();
  };
  Setup setup;
  setup.run();
  for (const char* id : {"thresholds-unused", "gates-without-threshold", "gates-without-requests"})
    CHECK_FALSE(has(ids(setup), id));
  setup.profile.thresholds["maxSurprises"] = 1;
  CHECK(has(ids(setup), "thresholds-unused"));
  setup.profile.thresholds.erase("readMs");
  CHECK(has(ids(setup), "gates-without-threshold"));
  setup.catalogue.gates[2].categories = {2};
  CHECK(has(ids(setup), "gates-without-requests"));
}

TEST_CASE("what this machine ran out of is the generator's fault") {
  Setup setup;
  setup.world.server = [](const Seen&) { return Answer{millisecond, Failure::local, 0, ""}; };
  setup.run();
  const Verdict verdict = evaluate(setup.run_plan(), setup.record());
  const auto check = std::find_if(verdict.checks.begin(), verdict.checks.end(),
                                  [](const Check& one) { return one.name == "generator-headroom"; });
  REQUIRE(check != verdict.checks.end());
  CHECK_FALSE(check->passed);
  CHECK(check->message.find("this machine ran out of") != std::string::npos);
}

TEST_CASE("a scrape that was refused tells nothing of a metric") {
  Setup setup;
  setup.settings.include_operator = true;
  setup.replan();
  int scrapes = 0;
  const auto server = setup.world.server;
  setup.world.server = [&](const Seen& seen) {
    if (seen.path == "/metrics" && ++scrapes > 2) return Answer{millisecond, Failure::none, 429, "{}"};
    return server(seen);
  };
  setup.run();
  std::string told;
  for (const Warning& one : evaluate(setup.run_plan(), setup.record()).warnings) {
    CHECK(one.id != "metrics-vanished");
    if (one.id == "metrics-refused") told = one.message;
  }
  CHECK(told.find("× 429)") != std::string::npos);
}
