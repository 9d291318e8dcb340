#include "load/compare/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "lib/base/text.hpp"
#include "load/page/figures.hpp"

namespace launchgate::load {

namespace {

using document::JsonValue;

// Smaller changes are nobody's business, however sure they are.
constexpr double least_change = 0.01;
constexpr double least_failures = 0.0005;

// How much of the error level each figure has: what a run is mostly asked, the p95 of all requests, most.
constexpr double weight_first = 40;
constexpr double weight_all = 4;
constexpr double weight_rest = 44;

void take(Interval& interval, const Histogram& histogram) {
  std::uint32_t bucket = 0;
  const std::vector<std::uint64_t> runs = histogram.sparse();
  for (std::size_t i = 0; i + 1 < runs.size(); i += 2) {
    bucket += static_cast<std::uint32_t>(runs[i]);
    interval.buckets.emplace_back(bucket, static_cast<std::uint32_t>(runs[i + 1]));
  }
}

Intervals all_requests(const Timeline& timeline) {
  Intervals out;
  for (const TimelineColumn& column : timeline.columns) {
    if (column.lines == 0) continue;
    Interval one;
    one.seconds = column.lines;
    Histogram merged;
    for (const Histogram& h : column.response) merged.merge(h);
    take(one, merged);
    for (std::size_t i = 0; i < outcome_count; ++i) {
      one.count += column.outcomes[i];
      const auto outcome = static_cast<Outcome>(i);
      if (outcome != Outcome::success && outcome != Outcome::tolerated) one.failures += column.outcomes[i];
    }
    out.push_back(std::move(one));
  }
  return out;
}

Intervals of_category(const Timeline& timeline, const std::string& title) {
  Intervals out;
  const auto& categories = timeline.header->catalogue.categories;
  for (std::size_t category = 0; category < categories.size(); ++category) {
    if (categories[category].title != title) continue;
    for (const TimelineColumn& column : timeline.columns) {
      if (column.lines == 0) continue;
      Interval one;
      take(one, column.response[category]);
      one.count = column.response[category].count();
      out.push_back(std::move(one));
    }
  }
  return out;
}

Intervals of_operation(const Timeline& timeline, const std::string& operation) {
  Intervals out;
  for (const TimelineOperation& known : timeline.operations) {
    if (known.name != operation) continue;
    for (const auto& small : known.columns) {
      Interval one;
      take(one, small.response);
      one.count = small.count;
      one.failures = small.failures;
      out.push_back(std::move(one));
    }
  }
  return out;
}

template <typename Make>
std::vector<Intervals> each(const std::vector<ComparedRun>& runs, const Make& make) {
  std::vector<Intervals> out;
  for (const ComparedRun& run : runs) out.push_back(make(*run.timeline));
  return out;
}

void percentiles(std::vector<ComparedFigure>& figures, const std::string& scope, const std::string& kind,
                 const std::vector<Intervals>& base, const std::vector<Intervals>& fresh,
                 const std::vector<double>& percents) {
  const std::vector<Difference> differences = compare_percentiles(base, fresh, percents);
  for (std::size_t i = 0; i < percents.size(); ++i)
    figures.push_back({scope, kind, fmt::format("p{}", percents[i]), "ms", differences[i], Moved::unknown, false});
}

ComparedSide side_of(const std::vector<ComparedRun>& runs) {
  const JsonValue& report = runs.front().report;
  return {text_at(report, {"profileName"}),           text_at(report, {"mode"}),
          text_at(report, {"evidence", "commitSha"}), text_at(report, {"run", "startedAt"}),
          text_at(report, {"gates", "overall"}),      runs.size()};
}

// Of each side a check fails when it fails in one of the runs.
std::map<std::string, std::pair<std::string, std::string>> checks_of(const std::vector<ComparedRun>& runs) {
  std::map<std::string, std::pair<std::string, std::string>> out;
  for (const ComparedRun& run : runs) {
    const auto checks = at(run.report, {"gates", "checks"});
    if (!checks || !checks->is(document::JsonKind::array)) continue;
    for (const auto check : checks->elements()) {
      auto& [status, message] = out[std::string(check.string_member("name"))];
      if (status == "fail") continue;
      status = check.string_member("status");
      message = check.string_member("message");
    }
  }
  return out;
}

std::vector<GateChange> gate_changes(const std::vector<ComparedRun>& base, const std::vector<ComparedRun>& fresh) {
  const auto before = checks_of(base);
  const auto after = checks_of(fresh);
  std::set<std::string> names;
  for (const auto* side : {&before, &after}) {
    for (const auto& [name, check] : *side) names.insert(name);
  }
  std::vector<GateChange> out;
  for (const std::string& check : names) {
    const auto old = before.find(check);
    const auto now = after.find(check);
    GateChange change{check, old == before.end() ? "" : old->second.first, now == after.end() ? "" : now->second.first,
                      now == after.end() ? "" : now->second.second};
    if (change.before != change.after) out.push_back(std::move(change));
  }
  return out;
}

std::vector<std::string> remarks_of(const std::vector<ComparedRun>& base, const std::vector<ComparedRun>& fresh) {
  std::vector<std::string> out;
  const auto differs = [&](std::string_view what, std::initializer_list<std::string_view> keys) {
    std::set<std::string> values;
    for (const auto* side : {&base, &fresh}) {
      for (const ComparedRun& run : *side) values.insert(text_at(run.report, keys));
    }
    if (values.size() < 2) return;
    out.push_back(fmt::format("the runs differ in their {}: {}", what, base::joined(values, ", ")));
  };
  differs("profile", {"profileName"});
  differs("mode", {"mode"});
  differs("concurrency", {"run", "concurrency"});
  differs("rate", {"run", "requestRatePerSecond"});
  differs("catalogue", {"inputs", "catalogueSha256"});
  return out;
}

}  // namespace

std::string_view name(Moved moved) {
  switch (moved) {
    case Moved::same:
      return "same";
    case Moved::better:
      return "better";
    case Moved::worse:
      return "worse";
    case Moved::unknown:
      break;
  }
  return "unknown";
}

std::size_t Comparison::count(Moved moved) const {
  return static_cast<std::size_t>(
      std::count_if(figures.begin(), figures.end(), [&](const ComparedFigure& one) { return one.moved == moved; }));
}

bool Comparison::regressed() const {
  return std::any_of(figures.begin(), figures.end(), [](const ComparedFigure& one) { return one.regression; });
}

void judge(std::vector<ComparedFigure>& figures, std::optional<double> allowed_percent) {
  std::vector<ComparedFigure*> known;
  std::size_t rest = 0;
  for (ComparedFigure& figure : figures) {
    if (!figure.difference.known) continue;
    known.push_back(&figure);
    rest += figure.kind == "all" ? 0U : 1U;
  }
  std::vector<double> p;
  std::vector<double> weights;
  for (const ComparedFigure* figure : known) {
    p.push_back(figure->difference.p);
    weights.push_back(figure->kind != "all"      ? weight_rest / static_cast<double>(rest)
                      : figure->measure == "p95" ? weight_first
                                                 : weight_all);
  }
  const std::vector<bool> moved = rejected(p, weights, error_level);
  for (std::size_t i = 0; i < known.size(); ++i) {
    ComparedFigure& figure = *known[i];
    const double change = figure.difference.change;
    const bool shares = figure.unit == "%";
    figure.moved = Moved::same;
    if (!moved[i] || std::abs(change) < (shares ? least_failures : least_change)) continue;
    const bool more_is_worse = figure.measure != "rate";
    figure.moved = (change > 0) == more_is_worse ? Moved::worse : Moved::better;
    // More failures are more failures, whatever percentage of none they are.
    figure.regression =
        allowed_percent && figure.moved == Moved::worse && (shares || std::abs(change) * 100 > *allowed_percent);
  }
}

Comparison compare(const std::vector<ComparedRun>& base, const std::vector<ComparedRun>& fresh,
                   std::optional<double> allowed_percent) {
  Comparison out;
  out.base = side_of(base);
  out.fresh = side_of(fresh);
  out.allowed = allowed_percent;
  out.remarks = remarks_of(base, fresh);
  const auto old_all = each(base, all_requests);
  const auto new_all = each(fresh, all_requests);
  percentiles(out.figures, "all requests", "all", old_all, new_all, {50, 95, 99});
  out.figures.push_back(
      {"all requests", "all", "failures", "%", compare_failures(old_all, new_all), Moved::unknown, false});
  out.figures.push_back(
      {"all requests", "all", "rate", "a second", compare_rates(old_all, new_all), Moved::unknown, false});
  const Timeline& first = *fresh.front().timeline;
  for (const Category& category : first.header->catalogue.categories) {
    const auto make = [&](const Timeline& timeline) { return of_category(timeline, category.title); };
    percentiles(out.figures, category.title, "category", each(base, make), each(fresh, make), {50, 95, 99});
  }
  std::set<std::string> operations;
  for (const auto* side : {&base, &fresh}) {
    for (const ComparedRun& run : *side) {
      for (const TimelineOperation& operation : run.timeline->operations) operations.insert(operation.name);
    }
  }
  for (const std::string& operation : operations) {
    const auto make = [&](const Timeline& timeline) { return of_operation(timeline, operation); };
    const auto before = each(base, make);
    const auto after = each(fresh, make);
    percentiles(out.figures, operation, "operation", before, after, {95});
    out.figures.push_back(
        {operation, "operation", "failures", "%", compare_failures(before, after), Moved::unknown, false});
  }
  judge(out.figures, allowed_percent);
  out.gates = gate_changes(base, fresh);
  return out;
}

}  // namespace launchgate::load
