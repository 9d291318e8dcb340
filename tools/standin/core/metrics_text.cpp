#include "standin/core/metrics_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "lib/document/json_writer.hpp"
#include "lib/io/glob.hpp"
#include "lib/io/path.hpp"

namespace launchgate::standin {
namespace {

struct Sample {
  std::string labels;  // without braces
  double value = 0;
};

double reading(const Metric& metric, const Readings& readings) {
  switch (metric.source) {
    case Metric::Source::constant:
      return metric.value;
    case Metric::Source::queue_depth:
      return static_cast<double>(readings.queue_depth);
    case Metric::Source::oldest_age_ms:
      return readings.oldest_age_ms;
    case Metric::Source::oldest_age_seconds:
      return readings.oldest_age_ms / 1000;
    case Metric::Source::open_streams:
      return static_cast<double>(readings.open_streams);
    case Metric::Source::requests:
      return static_cast<double>(readings.requests);
    case Metric::Source::resident_bytes:
      return static_cast<double>(readings.resident_bytes);
    case Metric::Source::open_descriptors:
      return static_cast<double>(readings.open_descriptors);
    case Metric::Source::uptime_seconds:
      return readings.uptime_seconds;
    case Metric::Source::rejections:
      return 0;
  }
  return 0;
}

std::string escape_label(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out;
}

// A counter is whole and its shares add up to it; a gauge is scaled.
void spread(const Metric& metric, double value, std::vector<Sample>& samples) {
  if (metric.series.empty()) {
    samples.push_back({"", value});
    return;
  }
  double left = value;
  for (std::size_t i = 0; i < metric.series.size(); ++i) {
    const auto& [labels, share] = metric.series[i];
    double part = value * share;
    if (metric.type == "counter") part = i + 1 == metric.series.size() ? left : std::min(left, std::floor(part));
    left -= part;
    samples.push_back({labels, part});
  }
}

// The metric's faults, applied in the order of installation.
struct Altered {
  double added = 0;
  bool absent = false;
  bool timestamp = false;
  std::string text;
  InstalledFault* reset = nullptr;
};

Altered alter(const Product& product, const Metric& metric, FaultSet& faults, Micros now) {
  Altered result;
  for (InstalledFault& one : faults.all()) {
    const auto* effect = std::get_if<MetricFault>(&one.fault.effect);
    if (effect == nullptr) continue;
    if (!io::glob_match(effect->metric, metric.name) &&
        !(!metric.signal.empty() && io::glob_match(effect->metric, metric.signal)))
      continue;
    if (!io::glob_match(one.fault.service, product.services[metric.service].name)) continue;
    if (effect->mode == MetricFault::Mode::reset) {
      if (one.period(now) >= 0) result.reset = &one;
      continue;
    }
    if (!one.active(now)) continue;
    switch (effect->mode) {
      case MetricFault::Mode::grow: {
        const Micros start =
            one.installed + one.fault.after + (one.fault.every ? one.period(now) * *one.fault.every : 0);
        result.added += effect->from +
                        effect->per_second * static_cast<double>(now - start) / static_cast<double>(micros_per_second);
        break;
      }
      case MetricFault::Mode::absent:
        result.absent = true;
        break;
      case MetricFault::Mode::text:
        result.text = effect->text;
        break;
      case MetricFault::Mode::timestamp:
        result.timestamp = true;
        break;
      case MetricFault::Mode::reset:
        break;
    }
  }
  return result;
}

// What the counter had when its latest reset was first seen; nothing is known of the moment itself.
double baseline(InstalledFault& fault, const std::string& metric, double value, Micros now) {
  const std::int64_t period = fault.period(now);
  const auto known = std::find_if(fault.baselines.begin(), fault.baselines.end(),
                                  [&](const auto& one) { return one.first == metric; });
  if (period != fault.last_period) {
    fault.baselines.clear();
    fault.last_period = period;
  } else if (known != fault.baselines.end()) {
    return known->second;
  }
  fault.baselines.emplace_back(metric, value);
  return value;
}

}  // namespace

std::string metrics_text(const Product& product, std::size_t service, const Readings& readings, FaultSet& faults,
                         Micros now, MetricsFormat format) {
  std::string out;
  for (const Metric& metric : product.metrics) {
    if (metric.service != service) continue;
    Altered altered = alter(product, metric, faults, now);
    if (altered.absent) continue;
    const bool counter = metric.type == "counter";
    const bool fractional =
        metric.source == Metric::Source::constant || metric.source == Metric::Source::oldest_age_ms ||
        metric.source == Metric::Source::oldest_age_seconds || metric.source == Metric::Source::uptime_seconds;
    const bool whole = counter || !fractional;
    if (whole) altered.added = std::floor(altered.added);
    std::vector<Sample> samples;
    if (metric.source == Metric::Source::rejections) {
      for (const auto& [code, count] : readings.rejections) {
        samples.push_back({fmt::format("{}=\"{}\"", metric.label, escape_label(code)), static_cast<double>(count)});
      }
      if (samples.empty() && (altered.added != 0 || !metric.absent_until_first)) samples.push_back({"", 0});
      if (!samples.empty()) samples.front().value += altered.added;
    } else {
      const double value = reading(metric, readings) + altered.added;
      if (metric.absent_until_first && value == 0) continue;
      spread(metric, value, samples);
    }
    if (samples.empty()) continue;
    if (altered.reset != nullptr) {
      for (Sample& sample : samples)
        sample.value -= baseline(*altered.reset, metric.name + "{" + sample.labels, sample.value, now);
    }
    // OpenMetrics names the family without the suffix of its samples.
    std::string family = metric.name;
    if (format == MetricsFormat::openmetrics && counter && family.ends_with("_total")) family.resize(family.size() - 6);
    fmt::format_to(std::back_inserter(out), "# HELP {} {}\n# TYPE {} {}\n", family, metric.help, family, metric.type);
    for (const Sample& sample : samples) {
      out += metric.name;
      if (!sample.labels.empty()) fmt::format_to(std::back_inserter(out), "{{{}}}", sample.labels);
      out += ' ';
      if (!altered.text.empty())
        out += altered.text;
      else
        document::append_json_number(out, sample.value);
      if (altered.timestamp) {
        const auto ms = static_cast<double>(readings.unix_ms);
        if (format == MetricsFormat::openmetrics)
          fmt::format_to(std::back_inserter(out), " {:.3f}", ms / 1000);
        else
          fmt::format_to(std::back_inserter(out), " {}", readings.unix_ms);
      }
      out += '\n';
    }
  }
  if (const PlantFault* plant = faults.planted(service, now))
    fmt::format_to(std::back_inserter(out), "standin_planted{{text=\"{}\"}} 1\n", escape_label(plant->text));
  if (format == MetricsFormat::openmetrics) out += "# EOF\n";
  return out;
}

}  // namespace launchgate::standin
