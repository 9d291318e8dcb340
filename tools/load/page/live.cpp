#include "load/page/live.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/base/text.hpp"
#include "lib/base/utf8.hpp"
#include "lib/page/chart.hpp"
#include "lib/page/page.hpp"
#include "load/core/text.hpp"

namespace launchgate::load {

namespace {

using page::figure;
using page::Html;
using page::Tone;

constexpr unsigned refresh_seconds = 5;
constexpr std::size_t widest_line = 80;
constexpr std::size_t most_points = 320;

std::optional<LiveGate> gate_of(const RunPlan& run, const Engine& engine, const GateSpec& gate,
                                const std::vector<LiveOperation>& operations, const LiveState& state,
                                const std::vector<Index>& categories) {
  const auto limit = run.profile.thresholds.find(gate.threshold);
  if (limit == run.profile.thresholds.end()) return std::nullopt;
  LiveGate out{gate.check, "", std::nullopt, limit->second, {}, false};
  if (gate.measure == Measure::latency) {
    Histogram merged;
    for (std::size_t i = 0; i < operations.size(); ++i) {
      if (std::find(gate.categories.begin(), gate.categories.end(), categories[i]) != gate.categories.end())
        merged.merge(operations[i].response);
    }
    out.unit = "ms";
    out.latency = true;
    if (merged.empty()) return out;
    out.value = merged.percentile_ms(gate.percentile);
    out.percentiles = {merged.percentile_ms(50), merged.percentile_ms(95), merged.percentile_ms(99)};
    return out;
  }
  if (gate.measure == Measure::error_rate) {
    if (gate.per_operation) return std::nullopt;
    out.unit = "%";
    out.limit *= 100;
    if (state.requests > 0)
      out.value = 100.0 * static_cast<double>(state.failures) / static_cast<double>(state.requests);
    return out;
  }
  if (gate.expectable && run.settings.expect_quota_rejections) return std::nullopt;
  const SeriesResult result = engine.metrics().result(gate.series);
  out.unit = run.catalogue.series[gate.series].unit;
  out.value = gate.measure == Measure::worst ? result.worst : result.delta;
  if (gate.measure == Measure::delta_per_minute) {
    out.unit = "a minute";
    if (out.value) out.value = *out.value / std::max(state.elapsed, 1.0) * 60;
  }
  return out;
}

std::string bar(double share) {
  constexpr int cells = 20;
  const int full = static_cast<int>(std::clamp(share, 0.0, 1.0) * cells);
  std::string out;
  for (int i = 0; i < cells; ++i) out += i < full ? "█" : "░";
  return out;
}

std::string left(const LiveState& state) { return page::clock_time(std::max(0.0, state.total - state.elapsed)); }

std::string escaped_label(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

void family(std::string& out, std::string_view name, std::string_view type, std::string_view unit,
            std::string_view help) {
  out += fmt::format("# TYPE {} {}\n", name, type);
  if (!unit.empty()) out += fmt::format("# UNIT {} {}\n", name, unit);
  out += fmt::format("# HELP {} {}\n", name, help);
}

}  // namespace

std::vector<std::string> LiveState::failing() const {
  std::vector<std::string> out;
  for (const LiveGate& gate : gates) {
    if (gate.fails()) out.push_back(gate.check);
  }
  return out;
}

LiveState live_state(const RunPlan& run, Engine& engine, Nanoseconds now) {
  LiveState out;
  out.profile = run.profile.name;
  out.mode = name(run.settings.mode);
  out.elapsed = static_cast<double>(engine.elapsed(now)) / 1e9;
  out.total = static_cast<double>(run.settings.duration_ms + run.settings.warmup_ms) / 1000;
  for (const PlannedOperation& planned : run.plan.operations) out.asked += planned.held ? 0 : planned.per_second;
  std::vector<Index> categories;
  for (const Series& series : engine.measurements().intervals()) {
    LiveOperation one;
    one.name = series.name;
    one.response = series.total.response;
    one.response.merge(series.interval.response);
    for (std::size_t i = 0; i < outcome_count; ++i)
      one.outcomes[i] = series.total.outcomes[i] + series.interval.outcomes[i];
    out.rate += static_cast<double>(series.interval.count);
    out.requests += series.total.count + series.interval.count;
    out.failures += series.total.failures + series.interval.failures;
    categories.push_back(series.category);
    out.operations.push_back(std::move(one));
  }
  out.mean_rate = static_cast<double>(out.requests + engine.warmup_requests()) / std::max(out.elapsed, 1.0);
  out.in_flight = engine.in_flight();
  out.waiting = engine.backlog();
  out.streams = engine.stream_totals(now).held_now;
  out.streams_target = run.plan.streams;
  for (const GateSpec& gate : run.catalogue.gates) {
    if (auto one = gate_of(run, engine, gate, out.operations, out, categories)) out.gates.push_back(*std::move(one));
  }
  return out;
}

std::vector<std::string> dashboard(const LiveState& state) {
  std::vector<std::string> lines;
  lines.push_back(fmt::format("{} {}  {} {} of {}, {} left", state.profile, state.mode,
                              bar(state.elapsed / std::max(state.total, 1.0)), page::clock_time(state.elapsed),
                              page::clock_time(state.total), left(state)));
  lines.push_back(fmt::format("  {:<14} {} of {} a second · in flight {} · waiting {}", "rate", figure(state.mean_rate),
                              figure(state.asked), state.in_flight, state.waiting));
  for (const LiveGate& gate : state.gates) {
    if (!gate.latency) continue;
    lines.push_back(gate.value ? fmt::format("  {:<14} p50 {} · p95 {} · p99 {} ms · {} of {} ms{}", gate.check,
                                             figure(gate.percentiles[0]), figure(gate.percentiles[1]),
                                             figure(gate.percentiles[2]), figure(*gate.value), figure(gate.limit),
                                             gate.fails() ? "  FAILS" : "")
                               : fmt::format("  {:<14} nothing yet, of {} ms", gate.check, figure(gate.limit)));
  }
  lines.push_back(fmt::format("  {:<14} {} of {} requests", "errors", state.failures, state.requests));
  if (state.streams_target > 0)
    lines.push_back(fmt::format("  {:<14} {} of {} held", "streams", state.streams, state.streams_target));
  const std::string failing = base::joined(state.failing(), ", ");
  lines.push_back(fmt::format("  {:<14} {}", "fails now", failing.empty() ? "nothing" : failing));
  for (std::string& line : lines) line = std::string(base::code_points_prefix(base::printable(line), widest_line));
  return lines;
}

void LiveHistory::add(const LiveState& state) {
  double slowest = 0;
  for (const LiveGate& gate : state.gates) {
    if (gate.latency && gate.value && gate.limit > 0) slowest = std::max(slowest, *gate.value / gate.limit);
  }
  if (!points_.empty() && state.elapsed < points_.back().at + apart_) {
    points_.back().rate = std::max(points_.back().rate, state.rate);
    points_.back().slowest = std::max(points_.back().slowest, slowest);
    return;
  }
  points_.push_back({state.elapsed, state.rate, slowest});
  if (points_.size() < most_points) return;
  // Half as many, twice as far apart; what was most stays.
  std::vector<Point> fewer;
  for (std::size_t i = 0; i + 1 < points_.size(); i += 2)
    fewer.push_back({points_[i].at, std::max(points_[i].rate, points_[i + 1].rate),
                     std::max(points_[i].slowest, points_[i + 1].slowest)});
  points_ = std::move(fewer);
  apart_ = points_.size() > 1 ? points_[1].at - points_[0].at : apart_;
}

std::string live_page(const LiveState& state, const LiveHistory& history, const std::string& ended) {
  const std::vector<std::string> failing = state.failing();
  Html body;
  body.add(page::banner(
      {failing.empty() ? Tone::good : Tone::bad, ended.empty() ? (failing.empty() ? "RUNNING" : "WOULD FAIL") : "ENDED",
       fmt::format("{} of {}", state.mode == "soak" ? "Soak" : "Load gate", state.profile),
       ended.empty() ? fmt::format("{} of {}, {} left; {} gates would fail now.", page::clock_time(state.elapsed),
                                   page::clock_time(state.total), left(state), failing.size())
                     : "The report is " + ended + "."}));
  Html meters;
  meters.open("section").element("h2", "Gates, so far");
  for (const LiveGate& gate : state.gates) {
    if (!gate.value) continue;
    const double share = gate.limit > 0 ? *gate.value / gate.limit : (*gate.value > 0 ? 9 : 0);
    meters.add(
        page::meter({gate.check + (gate.fails() ? " (fails)" : ""),
                     fmt::format("{} of at most {} {}", figure(*gate.value), figure(gate.limit), gate.unit), share,
                     gate.fails()  ? Tone::bad
                     : share > 0.8 ? Tone::warn
                                   : Tone::good}));
  }
  meters.close();
  Html facts;
  facts.open("section").element("h2", "Now");
  facts
      .add(page::facts({{"Rate", fmt::format("{} of {} a second", figure(state.mean_rate), figure(state.asked)), false},
                        {"Requests", fmt::format("{}, {} failed", state.requests, state.failures), false},
                        {"In flight, waiting", fmt::format("{}, {}", state.in_flight, state.waiting), false},
                        {"Streams", fmt::format("{} of {}", state.streams, state.streams_target), false}}))
      .close();
  std::vector<Html> parts;
  parts.push_back(std::move(meters));
  parts.push_back(std::move(facts));
  body.add(page::side_by_side(std::move(parts)));
  page::Chart rate{"c-rate",
                   "Answers",
                   fmt::format("{} a second are asked for.", figure(state.asked)),
                   "a second",
                   page::Axis::time,
                   0,
                   std::max(state.elapsed, 1.0),
                   std::nullopt,
                   {},
                   1,
                   false,
                   {},
                   {},
                   {},
                   {}};
  page::Chart share = rate;
  rate.lines.push_back({"answers", 0, 0, page::Mark::line, {}, {}});
  rate.limits.push_back({"asked for " + figure(state.asked), state.asked});
  share.id = "c-share";
  share.title = "Worst latency gate";
  share.unit = "% of its limit";
  share.summary = "What the latency gate that is nearest to its limit has used of it, over the run so far.";
  share.lines.push_back({"used", 1, 0, page::Mark::line, {}, {}});
  share.limits.push_back({"limit", 100});
  for (const LiveHistory::Point& point : history.points()) {
    for (page::Chart* chart : {&rate, &share}) chart->xs.push_back(point.at);
    rate.lines.front().values.push_back(point.rate);
    share.lines.front().values.push_back(100 * point.slowest);
  }
  std::vector<Html> charts;
  if (!history.points().empty()) {
    charts.push_back(page::chart(rate));
    charts.push_back(page::chart(share));
    body.add(page::section("run", "The run so far", page::side_by_side(std::move(charts))));
  }
  return page::document({fmt::format("{} {}, running", state.profile, state.mode), "Live",
                         "Written by launchgate-load while it runs.", ended.empty() ? refresh_seconds : 0},
                        std::move(body));
}

std::string openmetrics(const LiveState& state) {
  std::string out;
  const std::string run =
      fmt::format("profile=\"{}\",mode=\"{}\"", escaped_label(state.profile), escaped_label(state.mode));
  const auto gauge = [&](std::string_view name, std::string_view unit, std::string_view help, double value) {
    family(out, name, "gauge", unit, help);
    out += fmt::format("{}{{{}}} {}\n", name, run, value);
  };
  gauge("launchgate_load_elapsed_seconds", "seconds", "Time since arrivals began.", state.elapsed);
  gauge("launchgate_load_duration_seconds", "seconds", "How long arrivals are made.", state.total);
  gauge("launchgate_load_request_rate", "", "Answers in the last second.", state.rate);
  gauge("launchgate_load_request_rate_target", "", "Requests a second that are asked for.", state.asked);
  gauge("launchgate_load_in_flight", "", "Requests on their way.", static_cast<double>(state.in_flight));
  gauge("launchgate_load_waiting", "", "Arrivals that are due and not sent.", static_cast<double>(state.waiting));
  gauge("launchgate_load_streams_held", "", "Event streams that are open and not silent.",
        static_cast<double>(state.streams));
  family(out, "launchgate_load_gate_limit_used_ratio", "gauge", "ratio", "What a gate has used of its limit.");
  for (const LiveGate& gate : state.gates) {
    if (gate.value && gate.limit > 0)
      out += fmt::format("launchgate_load_gate_limit_used_ratio{{{},check=\"{}\"}} {}\n", run,
                         escaped_label(gate.check), *gate.value / gate.limit);
  }
  family(out, "launchgate_load_gate_fails", "gauge", "", "1 for a gate that would fail now.");
  for (const LiveGate& gate : state.gates)
    out += fmt::format("launchgate_load_gate_fails{{{},check=\"{}\"}} {}\n", run, escaped_label(gate.check),
                       gate.fails() ? 1 : 0);
  family(out, "launchgate_load_requests", "counter", "", "Requests that ended, by operation and outcome.");
  for (const LiveOperation& operation : state.operations) {
    for (std::size_t i = 0; i < outcome_count; ++i) {
      if (operation.outcomes[i] > 0)
        out += fmt::format("launchgate_load_requests_total{{{},operation=\"{}\",outcome=\"{}\"}} {}\n", run,
                           escaped_label(operation.name), name(static_cast<Outcome>(i)), operation.outcomes[i]);
    }
  }
  family(out, "launchgate_load_response_seconds", "summary", "seconds", "Response times from the intended start.");
  for (const LiveOperation& operation : state.operations) {
    if (operation.response.empty()) continue;
    const std::string labels = fmt::format("{},operation=\"{}\"", run, escaped_label(operation.name));
    for (const double quantile : {0.5, 0.95, 0.99})
      out += fmt::format("launchgate_load_response_seconds{{{},quantile=\"{}\"}} {}\n", labels, quantile,
                         operation.response.percentile_ms(100 * quantile) / 1000);
    out += fmt::format("launchgate_load_response_seconds_sum{{{}}} {}\n", labels, operation.response.total_us() / 1e6);
    out += fmt::format("launchgate_load_response_seconds_count{{{}}} {}\n", labels, operation.response.count());
  }
  return out + "# EOF\n";
}

}  // namespace launchgate::load
