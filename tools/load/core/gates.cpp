#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lib/base/text.hpp"
#include "load/core/gate_causes.hpp"
#include "load/core/run_record.hpp"
#include "load/core/text.hpp"

namespace launchgate::load {

namespace {

constexpr double attained_share = 0.95;
constexpr double least_lateness_limit_ms = 5;
constexpr Nanoseconds most_late = 1 * second;

std::optional<double> threshold(const RunPlan& run, const std::string& name) {
  const auto found = run.profile.thresholds.find(name);
  if (found == run.profile.thresholds.end()) return std::nullopt;
  return found->second;
}

std::string percent(double rate) { return number(rate * 100.0, 3) + " %"; }

// What was measured of an operation as the prerequisite of others.
Tally setups(const RunRecord& record, Index operation) {
  Tally out;
  for (const Series& series : record.measurements.series()) {
    if (series.setup && series.operation == operation) out.merge(series.total);
  }
  return out;
}

class Evaluation {
 public:
  Evaluation(const RunPlan& run, const RunRecord& record) : run_(run), record_(record) {}

  Verdict evaluate() {
    verdict_.warnings = run_.plan.warnings;
    completed();
    segments_complete();
    sampled();
    capped();
    for (const GateSpec& gate : run_.catalogue.gates) apply(gate);
    if (run_.settings.expect_quota_rejections) verdict_.checks.push_back(expected_rejections(run_, record_));
    metrics_available();
    for (Warning& one : idle_gates(run_)) verdict_.warnings.push_back(std::move(one));
    attained();
    streams_held();
    events_whole();
    request_rate();
    headroom();
    soak();
    if (run_.settings.strict) {
      for (const Warning& warning : verdict_.warnings)
        check("strict-warning-" + warning.id, false, warning.message + "; " + warning.help);
    }
    const bool failed =
        std::any_of(verdict_.checks.begin(), verdict_.checks.end(), [](const Check& c) { return !c.passed; });
    verdict_.overall = failed ? "no-go" : (verdict_.warnings.empty() ? "go" : "conditional-go");
    return std::move(verdict_);
  }

 private:
  void check(std::string name, bool passed, std::string message) {
    verdict_.checks.push_back({std::move(name), passed, std::move(message)});
  }

  void completed() {
    if (record_.interrupted) check("run-completed", false, "the run was interrupted: " + record_.interruption);
  }

  void segments_complete() {
    std::vector<std::string> missing;
    for (const SegmentRecord& one : record_.segments) {
      if (one.missing) missing.push_back(std::to_string(one.segment));
      late(one.late, fmt::format("segment {} began", one.segment), fmt::format("-segment-{}", one.segment));
    }
    if (record_.segments.empty()) return late(record_.late, "the run began", "");
    const std::size_t all = record_.segments.size();
    check("segments-complete", missing.empty(),
          missing.empty() ? fmt::format("{} of {} segments were merged", all, all)
                          : fmt::format("of {} segments {} missing: {}; what is shown is what the others measured", all,
                                        missing.size() == 1 ? "one is" : "some are", base::joined(missing, ", ")));
  }

  void late(Nanoseconds by, const std::string& what, const std::string& id) {
    if (by <= most_late) return;
    verdict_.warnings.push_back({"late-start" + id,
                                 fmt::format("{} {} late, so that it met another load than was planned", what,
                                             human_duration(by / millisecond)),
                                 "give a --start-at that leaves time to schedule, pull and connect"});
  }

  void sampled() {
    for (const Series& series : record_.measurements.series()) {
      if (!series.planned) continue;
      std::uint64_t n = series.total.count;
      // Where a limit leaves nothing but what other requests need, those are its samples.
      if (n == 0 && series.total.unsent_capped > 0) n = setups(record_, series.operation).count;
      check(series.name + "-sampled", n > 0,
            fmt::format("{} {} measured; at least 1 is required", n, n == 1 ? "request" : "requests"));
    }
  }

  // What a limit that was given stopped, where the schedule alone did not foretell it.
  void capped() {
    for (const Series& series : record_.measurements.series()) {
      const auto& limit = run_.catalogue.operations[series.operation].limit;
      if (!limit || series.setup || series.total.unsent_capped == 0 || !run_.plan.limits[*limit].given) continue;
      const std::string& name = run_.catalogue.limits[*limit].name;
      const auto told = [&](const Warning& warning) { return warning.id == "capped-" + name; };
      if (std::any_of(verdict_.warnings.begin(), verdict_.warnings.end(), told)) continue;
      verdict_.warnings.push_back({"capped-" + name,
                                   fmt::format("--max-mutating-{} stopped {} at {}", name,
                                               run_.catalogue.limits[*limit].title, run_.plan.limits[*limit].most),
                                   "raise it or leave it out"});
    }
  }

  void apply(const GateSpec& gate) {
    const auto limit = threshold(run_, gate.threshold);
    if (!limit) return;
    switch (gate.measure) {
      case Measure::error_rate:
        return error_rate(gate, *limit);
      case Measure::latency:
        return latency(gate, *limit);
      case Measure::worst:
      case Measure::delta:
      case Measure::delta_per_minute:
        return metric(gate, *limit);
    }
  }

  void error_rate(const GateSpec& gate, double limit) {
    const auto one = [&](std::string name, const Tally& tally) {
      const double rate = tally.error_rate();
      check(std::move(name), rate <= limit,
            fmt::format("{} of {} requests failed, {}; at most {} is allowed", tally.failures, tally.count,
                        percent(rate), percent(limit)));
    };
    if (!gate.per_operation) return one(gate.check, record_.measurements.all());
    for (const Series& series : record_.measurements.series()) {
      if (series.total.count > 0) one(series.name + "-" + gate.check, series.total);
    }
  }

  void latency(const GateSpec& gate, double limit) {
    Histogram merged;
    for (const Series& series : record_.measurements.series()) {
      if (std::find(gate.categories.begin(), gate.categories.end(), series.category) != gate.categories.end()) {
        merged.merge(series.total.response);
      }
    }
    if (merged.empty()) {
      // Requests that all failed have no response time; that is not a good one.
      const bool planned =
          std::any_of(run_.plan.operations.begin(), run_.plan.operations.end(), [&](const PlannedOperation& op) {
            const Index category = run_.catalogue.operations[op.operation].category;
            return std::find(gate.categories.begin(), gate.categories.end(), category) != gate.categories.end();
          });
      if (planned)
        check(gate.check, false,
              fmt::format("no request succeeded, so there is no p{} to hold against {} ms", number(gate.percentile),
                          number(limit)));
      return;
    }
    const double value = merged.percentile_ms(gate.percentile);
    check(gate.check, value <= limit,
          fmt::format("p{} of {} response times is {} ms; at most {} ms is allowed", number(gate.percentile),
                      merged.count(), number(value, 2), number(limit)));
  }

  void metric(const GateSpec& gate, double limit) {
    const SeriesSpec& series = run_.catalogue.series[gate.series];
    const SeriesResult result = record_.metrics.result(gate.series);
    std::optional<double> value = gate.measure == Measure::worst ? result.worst : result.delta;
    const bool expected = gate.expectable && run_.settings.expect_quota_rejections;
    if (!value) {
      // What is expected has a check of its own, which needs no metric.
      if (!expected) missing_.push_back(series.metric);
      return;
    }
    if (record_.metrics.vanished(gate.series)) vanished_.push_back(series.metric);
    const std::string unit = series.unit.empty() ? "" : " " + series.unit;
    std::string what = "grew by " + number(*value) + unit;
    if (gate.measure == Measure::worst) what = "was " + number(*value) + unit + " at worst";
    if (gate.measure == Measure::delta_per_minute) {
      const double minutes = std::max(static_cast<double>(record_.measured) / 1e9, 1.0) / 60.0;
      value = *value / minutes;
      what = "grew by " + number(*value, 2) + unit + " a minute";
    }
    if (expected) {
      const std::uint64_t seen = record_.measurements.all().outcomes[static_cast<std::size_t>(Outcome::rejected)];
      return check(
          gate.check, *value > 0 || seen > 0,
          fmt::format("{} {}, and {} answers were rejections; more than 0 is expected", series.metric, what, seen));
    }
    check(gate.check, *value <= limit, fmt::format("{} {}; at most {} is allowed", series.metric, what, number(limit)));
  }

  void metrics_available() {
    const auto list = [](const std::vector<std::string>& names) {
      std::string text;
      for (const std::string& one : names) text += (text.empty() ? "" : ", ") + one;
      return text;
    };
    if (auto refused = scrapes_refused(run_, record_)) verdict_.warnings.push_back(*std::move(refused));
    if (!missing_.empty()) {
      verdict_.warnings.push_back(
          {"metrics-missing", "thresholds were not evaluated because their metrics were not found: " + list(missing_),
           "give --operator and the tokens that read metrics, and see that the deployment exports them"});
    }
    if (!vanished_.empty()) {
      verdict_.warnings.push_back({"metrics-vanished",
                                   "metrics were not there any more at the last scrape: " + list(vanished_),
                                   "see why the deployment stopped exporting them"});
    }
    if (missing_.empty() && vanished_.empty()) {
      if (record_.metrics.scraped()) check("metrics-available", true, "every metric that a threshold names was read");
    } else if (run_.settings.strict) {
      check("metrics-available", false,
            "not read, or not to the end: " + list(missing_) + (missing_.empty() || vanished_.empty() ? "" : ", ") +
                list(vanished_));
    }
  }

  void attained() {
    for (const Attainment& one : attainments(run_, record_)) {
      const std::string per = one.per_seconds == 1 ? "second" : "minute";
      const auto driven = std::find_if(run_.plan.driven.begin(), run_.plan.driven.end(),
                                       [&](const DrivenTarget& target) { return target.name == one.name; });
      const std::string others = one.attained ? "" : other_answers(record_, driven->operations);
      check(one.name + "-attained", one.attained,
            fmt::format("{} a {} {}{}; the target is {}, of which {} is required{}", number(one.achieved, 2), per,
                        run_.settings.expect_quota_rejections ? "succeeded or were rejected" : "succeeded",
                        one.capped ? " until the limit of creates was reached" : "", number(one.target, 2),
                        percent(attained_share), others.empty() ? "" : "; other answers: " + others));
    }
  }

  void streams_held() {
    const StreamTotals& streams = record_.streams;
    if (streams.target == 0) return;
    const double share = streams.held_mean / static_cast<double>(streams.target);
    std::string drops;
    for (const auto& [failure, n] : streams.drops) drops += fmt::format(", {} {}", n, failure);
    for (const auto& [status, n] : streams.refusals) drops += fmt::format(", {} refused with {}", n, status);
    check("sse-streams-held", share >= attained_share,
          fmt::format("{} of {} streams were held on average, {} at least; {} are required; {} reconnects{}{}",
                      number(streams.held_mean, 1), streams.target, streams.held_least,
                      number(std::ceil(attained_share * static_cast<double>(streams.target))), streams.reconnects,
                      streams.silent > 0 ? fmt::format(", {} times silent", streams.silent) : "", drops));
  }

  // How a server numbers its events is its own affair, so what looks lost is a warning.
  void events_whole() {
    const StreamTotals& streams = record_.streams;
    if (streams.gaps > 0) {
      verdict_.warnings.push_back(
          {"events-missing",
           fmt::format("streams skipped {} event numbers at {} places", streams.missing, streams.gaps),
           "see whether the deployment loses events, or numbers them with holes"});
    }
    if (streams.duplicates > 0) {
      verdict_.warnings.push_back({"events-repeated",
                                   fmt::format("streams brought {} events again", streams.duplicates),
                                   "see whether the deployment honours Last-Event-ID and sends each event once"});
    }
    if (streams.malformed > 0) {
      verdict_.warnings.push_back({"events-malformed",
                                   fmt::format("{} events were too long or no JSON", streams.malformed),
                                   "see what the deployment sends"});
    }
  }

  void request_rate() {
    if (record_.interrupted) return;
    std::uint64_t wanted = 0;
    std::uint64_t unsent = 0;
    for (std::size_t i = 0; i < run_.plan.operations.size(); ++i) {
      const PlannedOperation& planned = run_.plan.operations[i];
      if (planned.paced_by != shared_rate) continue;
      wanted += planned.arrivals;
      unsent += record_.unsent[i];
    }
    if (wanted == 0) return;
    const double share = static_cast<double>(wanted - std::min(unsent, wanted)) / static_cast<double>(wanted);
    check("requestRatePerSecond-attained", share >= attained_share,
          fmt::format("{} of {} scheduled requests were sent in time to be measured; {} is required",
                      wanted - std::min(unsent, wanted), wanted, percent(attained_share)));
  }

  void headroom() {
    double limit = 0;
    for (const GateSpec& gate : run_.catalogue.gates) {
      if (gate.measure != Measure::latency) continue;
      if (const auto one = threshold(run_, gate.threshold)) limit = limit == 0 ? *one : std::min(limit, *one);
    }
    // A tenth at the 99th percentile hardly moves the 95th that gates are about. In a short run 1 % is one or two
    // requests, which a single hiccup of a busy machine delays, so that ten may be late there, but no more than a
    // tenth.
    limit = std::max(limit * 0.1, least_lateness_limit_ms);
    if (record_.segments.empty()) {
      const Headroom one =
          headroom_of(record_.generator.lateness, record_.measured, record_.cpu_seconds, record_.unsent_total(),
                      exhausted_here(record_), limit, "this generator", "this");
      return check("generator-headroom", one.passed, one.message);
    }
    // Each machine is judged by itself: the idle ones must not hide the busy one.
    std::optional<Headroom> worst;
    for (const SegmentRecord& segment : record_.segments) {
      if (segment.missing) continue;
      Headroom one =
          headroom_of(segment.lateness, segment.measured, segment.cpu_seconds, segment.unsent, segment.exhausted, limit,
                      fmt::format("the generator of segment {}", segment.segment), "its");
      if (!worst || std::pair(!one.passed, one.lateness) > std::pair(!worst->passed, worst->lateness))
        worst = std::move(one);
    }
    if (worst) check("generator-headroom", worst->passed, worst->message);
  }

  struct Headroom {
    bool passed = false;
    double lateness = 0;  // in ms
    std::string message;
  };

  static Headroom headroom_of(const Histogram& late, Nanoseconds measured, double cpu_seconds, std::uint64_t unsent,
                              std::uint64_t exhausted, double limit, std::string_view who, std::string_view whose) {
    const auto sent = static_cast<double>(std::max<std::uint64_t>(late.count(), 1));
    const double percentile = 100 - 100 * std::max(0.01, std::min(10 / sent, 0.1));
    const double lateness = late.percentile_ms(percentile);
    const double seconds = static_cast<double>(measured) / 1e9;
    const double share = seconds > 0 ? cpu_seconds / seconds : 0;
    const bool starved = share > 0.95 && unsent > 0;
    return {lateness <= limit && !starved && exhausted == 0, lateness,
            fmt::format("{} sent its requests {} ms late at p{}, at most {} ms is allowed, and used {} of one core; {} "
                        "arrivals were not sent{}",
                        who, number(lateness, 2), number(percentile, 1), number(limit, 1), percent(share), unsent,
                        exhausted == 0 ? std::string()
                                       : fmt::format("; {} requests failed because {} machine ran out of ports, "
                                                     "descriptors or memory, so the target is not to blame for them",
                                                     exhausted, whose))};
  }

  void soak() {
    if (run_.settings.mode != Mode::soak) return;
    const std::vector<Bucket> buckets = record_.timeline.buckets();
    verdict_.soak = analyse_soak({run_.catalogue, run_.profile, run_.plan, record_.timeline.tracks(), buckets,
                                  static_cast<double>(record_.timeline.bucket_seconds())});
    verdict_.checks.insert(verdict_.checks.end(), verdict_.soak->checks.begin(), verdict_.soak->checks.end());
    verdict_.warnings.insert(verdict_.warnings.end(), verdict_.soak->warnings.begin(), verdict_.soak->warnings.end());
  }

  const RunPlan& run_;
  const RunRecord& record_;
  Verdict verdict_;
  std::vector<std::string> missing_;
  std::vector<std::string> vanished_;
};

}  // namespace

RunRecord::RunRecord(const RunPlan& run)
    : measurements(
          run.catalogue,
          [&] {
            std::vector<Index> planned;
            for (const PlannedOperation& one : run.plan.operations) planned.push_back(one.operation);
            return planned;
          }(),
          !run.settings.expect_quota_rejections),
      metrics(run.catalogue),
      timeline(run.catalogue, run.plan, run.settings),
      unsent(run.plan.operations.size()),
      capped_at(run.catalogue.limits.size()),
      created(run.catalogue.ids.size()),
      clocks(run.catalogue.targets.size()) {}

std::uint64_t RunRecord::unsent_total() const {
  std::uint64_t total = 0;
  for (const std::uint64_t n : unsent) total += n;
  return total;
}

std::vector<std::string> Verdict::failed() const {
  std::vector<std::string> out;
  for (const Check& check : checks) {
    if (!check.passed) out.push_back(check.name);
  }
  return out;
}

std::vector<Attainment> attainments(const RunPlan& run, const RunRecord& record) {
  std::vector<Attainment> out;
  for (const DrivenTarget& driven : run.plan.driven) {
    if (driven.per_seconds == 0) continue;
    Attainment one;
    one.name = driven.name;
    one.per_seconds = driven.per_seconds;
    one.target = driven.target / run.settings.segments;
    Nanoseconds during = record.measured;
    std::uint64_t successes = 0;
    for (const Series& series : record.measurements.series()) {
      if (series.setup ||
          std::find(driven.operations.begin(), driven.operations.end(), series.operation) == driven.operations.end())
        continue;
      successes += series.total.outcomes[static_cast<std::size_t>(Outcome::success)];
      // Where limits are to reject, what they reject has been driven.
      if (run.settings.expect_quota_rejections)
        successes += series.total.outcomes[static_cast<std::size_t>(Outcome::rejected)];
      const auto& limit = run.catalogue.operations[series.operation].limit;
      if (limit && record.capped_at[*limit] && series.total.unsent_capped > 0) {
        one.capped = true;
        successes += setups(record, series.operation).outcomes[static_cast<std::size_t>(Outcome::success)];
        during = std::min(during, *record.capped_at[*limit]);
      }
    }
    const double seconds = static_cast<double>(during) / 1e9;
    one.achieved = seconds > 0 ? static_cast<double>(successes) / seconds * driven.per_seconds : 0;
    one.attained = one.achieved >= attained_share * one.target;
    out.push_back(std::move(one));
  }
  return out;
}

Verdict evaluate(const RunPlan& run, const RunRecord& record) { return Evaluation(run, record).evaluate(); }

}  // namespace launchgate::load
