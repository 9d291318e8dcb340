#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lib/trend/trend.hpp"
#include "load/core/soak_parts.hpp"
#include "load/core/text.hpp"

namespace launchgate::load {

namespace {

// Growth that was measured as a little less than a doubling may be one.
constexpr double doubling = 0.7;
constexpr double certain_doubling = 0.85;
constexpr double least_latency_rise_ms = 5;

std::optional<double> value_of(const TrackCell& cell, bool counter) {
  if (cell.samples == 0) return std::nullopt;
  if (!counter) return cell.sum / cell.samples;
  return cell.minutes > 0 ? std::optional(cell.sum / cell.minutes) : std::nullopt;
}

// The limit that a gate holds the level or the rate against, as the trend is measured.
std::optional<double> limit_of(const SoakInput& input, Index series) {
  const bool counter = input.catalogue.series[series].counter;
  for (const GateSpec& gate : input.catalogue.gates) {
    if (gate.measure == Measure::error_rate || gate.measure == Measure::latency || gate.series != series) continue;
    if (gate.measure != (counter ? Measure::delta_per_minute : Measure::worst)) continue;
    if (const auto found = input.profile.thresholds.find(gate.threshold); found != input.profile.thresholds.end())
      return found->second;
  }
  return std::nullopt;
}

struct Growing {
  SoakSeries out;
  std::vector<trend::Sample> samples;
  std::optional<double> limit;
  double negligible = 0;
  trend::Trend trend;
};

void judge(Growing& one, const SoakInput& input, const std::vector<double>& restarts) {
  SoakSeries& out = one.out;
  out.samples = one.samples.size();
  if (one.samples.size() < least_samples) return;
  out.judged = true;
  const std::vector<std::size_t> steps = trend::find_steps(one.samples, restarts);
  for (const std::size_t step : steps) out.steps.push_back(one.samples[step].at);
  one.trend = trend::judge(one.samples, steps);
  if (const auto beside = trend::beside_wave(one.samples, steps, one.trend, input.catalogue.wave_period_hours)) {
    // A wave that takes the trend's place without excluding it has not been seen for certain.
    const double hours = static_cast<double>(input.profile.soak_duration_ms) / 3.6e6;
    const bool open = one.trend.slope * hours >= certain_doubling * one.trend.level &&
                      beside->slope_upper * hours >= doubling * one.trend.level;
    if (!open) one.trend = *beside;
    out.wave = !open;
  }
  // Where the line begins, which is before the first sample.
  out.level = std::max(0.0, one.trend.level - one.trend.slope * one.samples.front().at);
  out.per_hour = one.trend.slope;
  out.p = one.trend.p;
}

void conclude(Growing& one, double profile_hours) {
  SoakSeries& out = one.out;
  out.projected = out.per_hour * profile_hours;
  if (!out.judged || out.p >= soak_significance) return;
  // What was seen counts; a short soak is no reason to see a mountain in a little.
  if (out.per_hour * (one.samples.back().at - one.samples.front().at) <= one.negligible) return;
  const double most = one.trend.slope_upper * profile_hours;
  if (out.projected >= doubling * out.level || (most >= out.level && out.projected >= 0.65 * out.level)) {
    out.why = "it would double within the soak";
  } else if (one.limit && out.level < *one.limit && out.level + out.projected >= *one.limit) {
    out.why = fmt::format("it would reach {} within the soak", number(*one.limit));
  }
  out.grows = !out.why.empty();
}

std::vector<Growing> collect(const SoakView& view) {
  const SoakInput& input = view.input;
  std::vector<Growing> out;
  for (std::size_t track = 0; track < input.tracks.size(); ++track) {
    const Track& place = input.tracks[track];
    const SeriesSpec& spec = input.catalogue.series[place.series];
    Growing one;
    one.out.name = spec.key;
    one.out.target = input.catalogue.targets[place.target].name;
    one.out.unit = spec.counter ? spec.unit + " a minute" : spec.unit;
    one.out.series = place.series;
    one.limit = limit_of(input, place.series);
    one.negligible = spec.negligible;
    std::vector<double> restarts;
    std::uint64_t settled = 0;
    for (const Bucket& bucket : view.buckets) {
      if (std::find(bucket.restarted.begin(), bucket.restarted.end(), place.target) != bucket.restarted.end()) {
        restarts.push_back(view.hours(bucket));
        settled = bucket.index + view.settling;
      }
      // What a process fills after its start is no growth.
      if (bucket.index < settled) continue;
      if (const auto value = value_of(bucket.tracks[track], spec.counter))
        one.samples.push_back({view.hours(bucket), *value});
    }
    judge(one, input, restarts);
    out.push_back(std::move(one));
  }
  for (std::size_t i = 0; i < input.catalogue.growth_categories.size(); ++i) {
    const Index category = input.catalogue.growth_categories[i];
    Growing one;
    one.out.name =
        fmt::format("{}-p{}", input.catalogue.categories[category].name, number(input.catalogue.growth_percentile));
    one.out.unit = "ms";
    one.negligible = least_latency_rise_ms;
    for (std::size_t gate = 0; gate < input.catalogue.gates.size(); ++gate) {
      const auto& categories = input.catalogue.gates[gate].categories;
      if (std::find(categories.begin(), categories.end(), category) != categories.end() && !one.limit)
        one.limit = input.plan.latency_limits[gate];
    }
    for (const Bucket& bucket : view.buckets) {
      if (bucket.latency[i].first > 0) one.samples.push_back({view.hours(bucket), bucket.latency[i].second});
    }
    judge(one, input, {});
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

std::vector<SoakSeries> trends(const SoakView& view) {
  std::vector<Growing> all = collect(view);
  std::vector<double> ps;
  for (const Growing& one : all) {
    if (one.out.judged) ps.push_back(one.out.p);
  }
  trend::correct_for_family(ps);
  std::size_t next = 0;
  std::vector<SoakSeries> out;
  for (Growing& one : all) {
    if (one.out.judged) one.out.p = ps[next++];
    conclude(one, static_cast<double>(view.input.profile.soak_duration_ms) / 3.6e6);
    out.push_back(std::move(one.out));
  }
  return out;
}

}  // namespace launchgate::load
