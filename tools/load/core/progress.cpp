#include "load/core/progress.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "load/core/text.hpp"

namespace launchgate::load {

std::string progress_line(const RunPlan& run, const Engine& engine, const Measurements& measurements, Nanoseconds now) {
  const Nanoseconds elapsed = engine.elapsed(now);
  const double seconds = static_cast<double>(elapsed) / 1e9;
  double wanted = 0;
  for (const PlannedOperation& planned : run.plan.operations) wanted += planned.held ? 0 : planned.per_second;
  Tally all = measurements.all();
  for (const Series& series : measurements.series()) {
    all.count += series.interval.count;
    all.failures += series.interval.failures;
  }
  std::string line =
      fmt::format("{}/{} s · {}/{} req/s", number(seconds, 0),
                  number(static_cast<double>(run.settings.duration_ms + run.settings.warmup_ms) / 1000.0, 1),
                  number(seconds > 0 ? static_cast<double>(all.count + engine.warmup_requests()) / seconds : 0, 1),
                  number(wanted, 1));
  for (const GateSpec& gate : run.catalogue.gates) {
    const auto limit = run.profile.thresholds.find(gate.threshold);
    if (gate.measure != Measure::latency || limit == run.profile.thresholds.end()) continue;
    Histogram merged;
    for (const Series& series : measurements.series()) {
      if (std::find(gate.categories.begin(), gate.categories.end(), series.category) != gate.categories.end()) {
        merged.merge(series.total.response);
        merged.merge(series.interval.response);
      }
    }
    if (!merged.empty())
      line += fmt::format(" · {} {}/{} ms", gate.check, number(merged.percentile_ms(gate.percentile), 1),
                          number(limit->second));
  }
  line += fmt::format(" · errors {}", all.failures);
  if (run.plan.streams > 0)
    line += fmt::format(" · streams {}/{}", engine.stream_totals(now).held_now, run.plan.streams);
  line += fmt::format(" · in flight {}", engine.in_flight());
  if (engine.backlog() > 0) line += fmt::format(" · waiting {}", engine.backlog());
  return line;
}

}  // namespace launchgate::load
