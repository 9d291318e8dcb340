#include "unit/load/simulation.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>

using namespace simulation;

namespace {

std::size_t count_of(const World& world, const std::string& method, const std::string& prefix) {
  return static_cast<std::size_t>(std::count_if(world.seen.begin(), world.seen.end(), [&](const Seen& s) {
    return s.method == method && s.path.starts_with(prefix);
  }));
}

std::optional<Check> find_check(const Verdict& verdict, const std::string& name) {
  for (const Check& check : verdict.checks) {
    if (check.name == name) return check;
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("a correct server gets a go, with every planned operation sampled") {
  Setup setup;
  setup.settings.include_operator = true;
  setup.settings.include_sse = true;
  setup.settings.duration_ms = 1400;
  setup.settings.concurrency = 4;
  setup.replan();
  setup.run();
  REQUIRE(setup.engine->done());
  const Verdict verdict = evaluate(setup.run_plan(), setup.record());
  for (const Check& check : verdict.checks) {
    CAPTURE(check.name, check.message);
    CHECK(check.passed);
  }
  CHECK(verdict.overall == "go");
  for (const char* name : {"list-sampled", "box-create-sampled", "item-add-sampled", "item-get-sampled",
                           "metrics-sampled", "events-sampled"}) {
    CHECK(find_check(verdict, name).has_value());
  }
}

TEST_CASE("counts are those of the server, and ids are used in turn") {
  Setup setup;
  setup.run();
  const auto& list = setup.series("list").total;
  CHECK(list.count == count_of(setup.world, "GET", "/list"));
  CHECK(list.statuses.at("200") == list.count);
  CHECK(setup.series("box-create").total.count + setup.series("box-create-setup").total.count ==
        static_cast<std::uint64_t>(std::count_if(setup.world.seen.begin(), setup.world.seen.end(),
                                                 [](const Seen& s) { return s.path == "/boxes"; })));
  std::set<std::string> boxes;
  for (const Seen& seen : setup.world.seen) {
    if (seen.path.ends_with("/items")) boxes.insert(seen.path);
    CHECK(seen.path.find("//") == std::string::npos);
  }
  CHECK(boxes.size() >= 5);
  CHECK(count_of(setup.world, "GET", "/list?who=a%20b") == list.count);
}

TEST_CASE("an item is asked for in its own box") {
  Setup setup;
  std::set<std::string> made;
  int n = 0;
  setup.world.server = [&](const Seen& seen) {
    Answer answer{millisecond, Failure::none, 200, "{}"};
    if (seen.method == "POST") {
      answer.status = 201;
      const std::string id = std::to_string(++n);
      answer.body = "{\"id\":\"" + id + "\"}";
      if (seen.path.ends_with("/items")) made.insert(seen.path + "/" + id);
    } else if (seen.path.starts_with("/boxes/") && !made.contains(seen.path)) {
      answer.status = 404;
    }
    return answer;
  };
  setup.run();
  CHECK(setup.series("item-get").total.count > 10);
  CHECK(setup.series("item-get").total.failures == 0);
}

TEST_CASE("a stall counts for all that had to wait: no coordinated omission") {
  Setup setup;
  setup.settings.include_mutations = false;
  setup.settings.request_rate = 200;
  setup.settings.concurrency = 4;
  setup.replan();
  const Nanoseconds begin = setup.world.now() + 6 * second;
  setup.world.server = [&](const Seen& seen) {
    const Nanoseconds stalled_until = begin + 2 * second;
    const bool stalled = seen.at >= begin && seen.at < stalled_until;
    return Answer{stalled ? stalled_until - seen.at + 20 * millisecond : 20 * millisecond, Failure::none, 200, "{}"};
  };
  setup.run();
  const Histogram& response = setup.series("list").total.response;
  CHECK(setup.world.most_in_flight == 4);
  // 2,000 arrivals, 4 places, 20 ms each: exactly 200 a second, so the backlog of the stall stays to the end.
  CHECK(response.percentile_ms(50) < 60);
  CHECK(response.percentile_ms(99) > 1900);
  CHECK(setup.series("list").total.service.percentile_ms(95) == Approx(20).epsilon(0.01));
  // What was due and found no place by the end is told, not forgotten.
  CHECK(setup.engine->unsent()[0] + setup.series("list").total.count == 2000);
}

TEST_CASE("the p99 of a stall is the one that the schedule says") {
  Setup setup;
  setup.settings.include_mutations = false;
  setup.settings.request_rate = 200;
  setup.settings.concurrency = 1000;
  setup.replan();
  const Nanoseconds begin = setup.world.now() + 4 * second;
  setup.world.server = [&](const Seen& seen) {
    const Nanoseconds until = begin + 2 * second;
    const bool stalled = seen.at >= begin && seen.at < until;
    return Answer{(stalled ? until - seen.at : 0) + 20 * millisecond, Failure::none, 200, "{}"};
  };
  setup.run();
  // 400 of 2,000 arrivals fall into the stall; the slowest 20 waited for 2 s less 20 arrivals' time.
  CHECK(setup.series("list").total.response.percentile_ms(99) == Approx(2020 - 20 * 5).epsilon(0.01));
  CHECK(setup.series("list").total.count == 2000);
}

TEST_CASE("places are never exceeded, whatever comes back") {
  Setup setup;
  setup.settings.concurrency = 3;
  setup.settings.request_rate = 500;
  setup.replan();
  int n = 0;
  setup.world.server = [&](const Seen&) {
    ++n;
    Answer answer{(n % 7) * 10 * millisecond, Failure::none, n % 3 == 0 ? 500 : 201, "{\"id\":\"x\"}"};
    if (n % 11 == 0) answer.failure = Failure::reset;
    return answer;
  };
  setup.run();
  REQUIRE(setup.engine->done());
  CHECK(setup.world.most_in_flight <= 3);
  CHECK(setup.engine->in_flight() == 0);
}

TEST_CASE("creates stop at their limit and are never replaced by something else") {
  Setup setup;
  setup.settings.limits = {2};
  setup.replan();
  REQUIRE(setup.plan.warnings.size() == 1);
  CHECK(setup.plan.warnings[0].id == "capped-boxes");
  setup.run();
  CHECK(std::count_if(setup.world.seen.begin(), setup.world.seen.end(),
                      [](const Seen& s) { return s.path == "/boxes"; }) == 2);
  CHECK(setup.series("box-create").total.unsent_capped > 0);
  const RunRecord record = setup.record();
  const auto attained = attainments(setup.run_plan(), record);
  REQUIRE(attained.size() == 1);
  CHECK(attained[0].capped);
}

TEST_CASE("a prerequisite that fails is told, and the request is not sent") {
  Setup setup;
  setup.world.server = [](const Seen& seen) {
    if (seen.path == "/boxes") return Answer{millisecond, Failure::none, 500, "{\"error\":\"no\"}"};
    return Answer{millisecond, Failure::none, 200, "{}"};
  };
  setup.run();
  REQUIRE(setup.engine->done());
  CHECK(setup.series("item-add").total.count == 0);
  CHECK(setup.series("item-add").total.unsent_prerequisite > 0);
  CHECK_FALSE(find_check(evaluate(setup.run_plan(), setup.record()), "item-add-sampled")->passed);
}

TEST_CASE("an unreached rate is plain in the report") {
  Setup setup;
  setup.settings.include_mutations = false;
  setup.settings.concurrency = 1;
  setup.replan();
  setup.world.server = [](const Seen&) { return Answer{100 * millisecond, Failure::none, 200, "{}"}; };
  setup.run();
  const auto check = find_check(evaluate(setup.run_plan(), setup.record()), "requestRatePerSecond-attained");
  REQUIRE(check);
  CHECK_FALSE(check->passed);
}

TEST_CASE("outcomes keep their kinds apart") {
  Setup setup;
  setup.settings.include_mutations = false;
  setup.settings.request_rate = 10;
  setup.replan();
  int n = 0;
  setup.world.server = [&](const Seen&) {
    switch (n++ % 8) {
      case 0:
        return Answer{millisecond, Failure::none, 429,
                      R"({"error":"slow down","verdict":{"policyCode":"rate_limit.http_exceeded"}})"};
      case 1:
        return Answer{millisecond, Failure::none, 302, ""};
      case 2:
        return Answer{millisecond, Failure::none, 404, ""};
      case 3:
        return Answer{millisecond, Failure::none, 500, ""};
      case 4:
        return Answer{millisecond, Failure::none, 200, "{broken"};
      case 5:
        return Answer{millisecond, Failure::none, 403, "{}"};
      case 6:
        return Answer{10 * second, Failure::header_timeout, 0, ""};
      default:
        return Answer{millisecond, Failure::none, 200, "{}"};
    }
  };
  setup.run();
  const Tally& tally = setup.series("list").total;
  CHECK(tally.rejections.at("rate_limit.http_exceeded") == tally.statuses.at("429"));
  CHECK(tally.outcomes[static_cast<std::size_t>(Outcome::redirect)] == tally.statuses.at("302"));
  CHECK(tally.outcomes[static_cast<std::size_t>(Outcome::tolerated)] == tally.statuses.at("403"));
  CHECK(tally.statuses.contains("bad-body"));
  CHECK(tally.statuses.contains("header-timeout"));
  // In the percentiles: successes and timeouts; neither the tolerated ones nor quick refusals.
  CHECK(tally.response.count() == tally.statuses.at("200") + tally.statuses.at("header-timeout"));
  CHECK(tally.response.max_ms() >= 10'000);
  CHECK(tally.notes.size() <= Tally::most_notes);
}

TEST_CASE("strict: what a lenient run tolerates fails, and every warning is a failed check") {
  Setup setup;
  setup.settings.strict = true;
  setup.settings.include_mutations = false;
  setup.replan();
  setup.world.server = [](const Seen&) { return Answer{millisecond, Failure::none, 403, "{}"}; };
  setup.run();
  const Verdict verdict = evaluate(setup.run_plan(), setup.record());
  CHECK(verdict.overall == "no-go");
  CHECK_FALSE(find_check(verdict, "strict-warning-mutations-off")->passed);
  CHECK_FALSE(find_check(verdict, "overall-error-rate")->passed);
  CHECK_FALSE(find_check(verdict, "read-p95")->passed);
}

TEST_CASE("metrics: worst label and scrape, resets, first appearance, what vanishes") {
  Setup setup;
  setup.settings.include_operator = true;
  setup.replan();
  const Nanoseconds begin = setup.world.now();
  setup.world.server = [&](const Seen& seen) {
    Answer answer{millisecond, Failure::none, seen.method == "POST" ? 201 : 200, "{\"id\":\"x\"}"};
    if (seen.path != "/metrics") return answer;
    const std::int64_t t = (seen.at - begin) / second;
    answer.body = "lag_events{s=\"1\"} 1\nlag_events{s=\"2\"} " + std::to_string(t >= 4 && t < 7 ? 9 : 2) + "\n";
    answer.body += "retries_total{a=\"1\"} " + std::to_string(t < 6 ? 100 + t : t - 5) + " 1700000000\n";
    if (t >= 4) answer.body += "refused_total 2\n";
    return answer;
  };
  setup.run();
  const RunRecord record = setup.record();
  CHECK(record.metrics.result(0).worst == 9.0);
  CHECK(record.metrics.result(1).delta == 2.0);
  CHECK(record.metrics.result(2).resets == 1);
  CHECK(record.metrics.result(2).delta.value() > 2);
  const Verdict verdict = evaluate(setup.run_plan(), record);
  CHECK_FALSE(find_check(verdict, "lag")->passed);
  CHECK_FALSE(find_check(verdict, "refused")->passed);
}

TEST_CASE("a threshold whose metric is absent was not evaluated: a warning, strict a failure") {
  for (const bool strict : {false, true}) {
    Setup setup;
    setup.settings.include_operator = true;
    setup.settings.strict = strict;
    setup.replan();
    const auto usual = setup.world.server;
    setup.world.server = [&](const Seen& seen) {
      Answer answer = usual(seen);
      if (seen.path == "/metrics") answer.body = "lag_events 1\nretries_total 1\n";
      return answer;
    };
    setup.run();
    const Verdict verdict = evaluate(setup.run_plan(), setup.record());
    CHECK(verdict.overall == (strict ? "no-go" : "conditional-go"));
    CHECK_FALSE(find_check(verdict, "refused"));
  }
}

TEST_CASE("streams: held, resumed after their last event, gaps, duplicates and silence seen") {
  Setup setup;
  setup.settings.include_sse = true;
  setup.settings.duration_ms = 20'000;
  setup.replan();
  setup.world.streamed = [&](StreamHandler& handler, std::uint32_t slot) {
    handler.on_stream_bytes(
        slot, ": connected\n\nid: 1\ndata: {\"g\":\"a\",\"n\":1}\n\nid: 2\ndata: {\"g\":\"a\",\"n\":2}\n\n",
        setup.world.now());
    if (slot == 0) handler.on_stream_bytes(slot, "id: 5\ndata: {\"g\":\"a\",\"n\":5}\n\n", setup.world.now());
    if (slot == 1) handler.on_stream_bytes(slot, "id: 2\ndata: {\"g\":\"a\",\"n\":2}\n\n", setup.world.now());
    if (slot == 2 && setup.world.headers.size() < 6) {
      setup.world.at(setup.world.now() + 5 * second,
                     [&, slot] { handler.on_stream_closed(slot, Failure::reset, {}, setup.world.now()); });
    }
  };
  setup.run();
  const StreamTotals totals = setup.engine->stream_totals(setup.world.now());
  CHECK(totals.target == 5);
  CHECK(totals.opened == 6);
  CHECK(totals.reconnects == 1);
  CHECK(totals.drops.at("connection-reset") == 1);
  CHECK(totals.gaps == 1);
  CHECK(totals.missing == 2);
  CHECK(totals.duplicates >= 1);
  CHECK(totals.silent >= 5);
  // Open all the time, and silent from the fourth second on.
  CHECK(totals.held_mean < 2);
  CHECK(setup.world.headers.back().find("Last-Event-ID: 2\r\n") != std::string::npos);
  const Verdict verdict = evaluate(setup.run_plan(), setup.record());
  CHECK_FALSE(find_check(verdict, "sse-streams-held")->passed);
  std::set<std::string> warnings;
  for (const Warning& warning : verdict.warnings) warnings.insert(warning.id);
  CHECK(warnings.count("events-missing") == 1);
  CHECK(warnings.count("events-repeated") == 1);
  CHECK(warnings.count("events-malformed") == 0);
}

TEST_CASE("streams that speak up are held again, and those opened in the warm-up are counted") {
  Setup setup;
  setup.settings.include_sse = true;
  setup.settings.warmup_ms = 4000;
  setup.settings.duration_ms = 20'000;
  setup.replan();
  // Slot 0 pauses for six seconds, of which it is missed for about three.
  std::function<void(StreamHandler&, std::uint32_t, int)> beat = [&](StreamHandler& handler, std::uint32_t slot,
                                                                     int n) {
    handler.on_stream_bytes(slot, ": here\n\n", setup.world.now());
    const Nanoseconds pause = slot == 0 && n == 10 ? 6 * second : second;
    setup.world.at(setup.world.now() + pause, [&beat, &handler, slot, n] { beat(handler, slot, n + 1); });
  };
  setup.world.streamed = [&](StreamHandler& handler, std::uint32_t slot) { beat(handler, slot, 0); };
  setup.run();
  const StreamTotals totals = setup.engine->stream_totals(setup.world.now());
  CHECK(totals.silent == 1);
  CHECK(totals.held_least == 4);
  CHECK(totals.held_now == 5);
  CHECK(totals.held_mean == Approx(5 - 3.0 / 20).margin(0.1));
  CHECK(setup.series("events").total.count == 5);
  CHECK(find_check(evaluate(setup.run_plan(), setup.record()), "sse-streams-held")->passed);
}

TEST_CASE("where rejections are expected, what is rejected has been driven") {
  for (const bool expected : {false, true}) {
    Setup setup;
    setup.settings.include_operator = true;
    setup.settings.expect_quota_rejections = expected;
    setup.replan();
    setup.world.server = [inner = setup.world.server, made = 0](const Seen& seen) mutable {
      Answer answer = inner(seen);
      if (seen.path == "/boxes" && ++made > 3) {
        answer.status = 429;
        answer.body = R"({"error": "enough", "verdict": {"policyCode": "quota.boxes"}})";
      }
      if (seen.path == "/metrics")
        answer.body = "lag_events 0\nrefused_total " + std::to_string(made > 3 ? made - 3 : 0) + "\nretries_total 0\n";
      return answer;
    };
    setup.run();
    const Verdict verdict = evaluate(setup.run_plan(), setup.record());
    CHECK(find_check(verdict, "boxesPerMinute-attained")->passed == expected);
    CHECK(find_check(verdict, "refused")->passed == expected);
    CHECK(verdict.overall == (expected ? "go" : "no-go"));
  }
}

TEST_CASE("numbers within groups, and numbers across the stream") {
  const auto gaps = [](const std::string& text) {
    Setup setup;
    setup.settings.include_sse = true;
    setup.replan();
    setup.world.streamed = [&](StreamHandler& handler, std::uint32_t slot) {
      if (slot == 0) handler.on_stream_bytes(slot, text, setup.world.now());
    };
    setup.run();
    const StreamTotals totals = setup.engine->stream_totals(setup.world.now());
    return std::pair(totals.missing, totals.duplicates);
  };
  const auto event = [](int id, const std::string& group, int number) {
    return "id: " + std::to_string(id) + "\ndata: {\"g\":" + group + ",\"n\":" + std::to_string(number) + "}\n\n";
  };
  CHECK(gaps(event(11, "\"a\"", 1) + event(12, "\"b\"", 1) + event(13, "\"a\"", 2) + event(14, "null", 8) +
             event(15, "\"b\"", 4)) == std::pair<std::uint64_t, std::uint64_t>{2, 0});
  CHECK(gaps(event(1, "\"a\"", 1) + event(2, "\"b\"", 2) + event(3, "null", 3) + event(6, "\"a\"", 6) +
             event(6, "\"a\"", 6)) == std::pair<std::uint64_t, std::uint64_t>{2, 1});
}

TEST_CASE("an interrupt drains, and the run is no go") {
  Setup setup;
  setup.world.at(setup.world.now() + 3 * second, [&] { setup.engine->interrupt(setup.world.now()); });
  setup.run();
  REQUIRE(setup.engine->done());
  CHECK(setup.engine->interrupted());
  CHECK(setup.engine->measured(setup.world.now()) == 3 * second);
  CHECK(evaluate(setup.run_plan(), setup.record()).overall == "no-go");
}

TEST_CASE("the warm-up is sent and not measured") {
  Setup setup;
  setup.settings.include_mutations = false;
  setup.settings.warmup_ms = 5000;
  setup.replan();
  setup.run();
  CHECK(setup.series("list").total.count == 200);
  CHECK(setup.engine->warmup_requests() == 100);
  CHECK(setup.world.seen.size() == 300);
}

TEST_CASE("pacing: targets by their rate, the rest shares") {
  Setup setup;
  setup.run();
  CHECK(setup.series("box-create").total.count == 10);
  Setup shared;
  shared.settings.pacing = Pacing::shared;
  shared.replan();
  shared.run();
  CHECK(shared.series("box-create").total.count + shared.series("box-create").total.unsent_capped == 50);
}
