#include "load/core/gate_causes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "lib/base/text.hpp"
#include "load/core/text.hpp"

namespace launchgate::load {

namespace {

std::string listed(const std::map<std::string, std::uint64_t>& counts) {
  std::string out;
  for (const auto& [what, n] : counts) out += fmt::format("{}{} × {}", out.empty() ? "" : ", ", n, what);
  return out;
}

std::string listed(const std::set<std::string>& names) { return base::joined(names, ", "); }

}  // namespace

std::string other_answers(const RunRecord& record, const std::vector<Index>& operations) {
  std::map<std::string, std::uint64_t> counts;
  for (const Series& series : record.measurements.series()) {
    if (std::find(operations.begin(), operations.end(), series.operation) == operations.end()) continue;
    for (const auto& [status, n] : series.total.statuses) {
      if (!status.starts_with('2')) counts[status] += n;
    }
  }
  return listed(counts);
}

std::optional<Warning> scrapes_refused(const RunPlan& run, const RunRecord& record) {
  std::string text;
  for (Index target = 0; target < run.catalogue.targets.size(); ++target) {
    const auto& refusals = record.metrics.refusals(target);
    if (refusals.empty()) continue;
    text += fmt::format("{}{} of {} scrapes of {} ({})", text.empty() ? "" : ", ", record.metrics.failures(target),
                        record.metrics.failures(target) + record.metrics.scrapes(target),
                        run.catalogue.targets[target].title, listed(refusals));
  }
  if (text.empty()) return std::nullopt;
  return Warning{"metrics-refused", "metrics were refused or not answered: " + text,
                 "see that the token may read metrics, and that limits leave room for a scrape every few seconds"};
}

std::vector<Warning> idle_gates(const RunPlan& run) {
  std::set<std::string> used;
  std::set<std::string> without_threshold;
  std::set<std::string> without_requests;
  for (const GateSpec& gate : run.catalogue.gates) {
    used.insert(gate.threshold);
    used.insert(gate.worst_window_threshold);
    if (!run.profile.thresholds.contains(gate.threshold)) without_threshold.insert(gate.check);
    const bool planned =
        std::any_of(run.plan.operations.begin(), run.plan.operations.end(), [&](const PlannedOperation& one) {
          const Index category = run.catalogue.operations[one.operation].category;
          return std::find(gate.categories.begin(), gate.categories.end(), category) != gate.categories.end();
        });
    if (gate.measure == Measure::latency && !planned) without_requests.insert(gate.check);
  }
  std::set<std::string> unused;
  for (const auto& [name, value] : run.profile.thresholds) {
    if (!used.contains(name)) unused.insert(name);
  }
  std::vector<Warning> out;
  if (!unused.empty())
    out.push_back({"thresholds-unused", "no gate uses these thresholds of the profile: " + listed(unused),
                   "name them in a gate of the operation catalogue, or take them out of the profile"});
  if (!without_threshold.empty())
    out.push_back({"gates-without-threshold", "the profile has no threshold for: " + listed(without_threshold),
                   "add it to the profile, or take the gate out of the operation catalogue"});
  if (!without_requests.empty())
    out.push_back({"gates-without-requests", "nothing was planned that these gates judge: " + listed(without_requests),
                   "plan operations of their categories"});
  return out;
}

Check expected_rejections(const RunPlan& run, const RunRecord& record) {
  std::map<std::string, std::uint64_t> codes;
  std::uint64_t refused = 0;
  for (const Series& series : record.measurements.series()) {
    for (const auto& [code, n] : series.total.rejections) {
      codes[code] += n;
      refused += n;
    }
  }
  std::string text = refused == 0 ? "this client was refused nothing by a limit"
                                  : fmt::format("this client was refused {} times ({})", refused, listed(codes));
  double counted = 0;
  for (const GateSpec& gate : run.catalogue.gates) {
    if (!gate.expectable) continue;
    const auto delta = record.metrics.result(gate.series).delta;
    const std::string& metric = run.catalogue.series[gate.series].metric;
    text += delta ? fmt::format("; {} grew by {}", metric, number(*delta)) : "; " + metric + " was not read";
    counted += delta.value_or(0);
  }
  return {"quota-rejections-expected", refused > 0 || counted > 0, text + "; more than 0 is expected"};
}

std::uint64_t exhausted_here(const RunRecord& record) {
  const std::string key(name(Failure::local));
  std::uint64_t out = 0;
  for (const Series& series : record.measurements.series()) {
    if (const auto found = series.total.statuses.find(key); found != series.total.statuses.end()) out += found->second;
  }
  return out;
}

}  // namespace launchgate::load
