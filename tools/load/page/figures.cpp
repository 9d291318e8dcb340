#include "load/page/figures.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/page/chart.hpp"

namespace launchgate::load {

namespace {

using document::JsonKind;
using document::JsonValue;

constexpr double attained_share = 0.95;

// The column in which `value` is the largest.
template <typename Value>
std::optional<double> worst_moment(const Timeline* timeline, const Value& value) {
  if (timeline == nullptr) return std::nullopt;
  std::optional<double> moment;
  double worst = 0;
  for (std::size_t i = 0; i < timeline->columns.size(); ++i) {
    if (timeline->columns[i].lines == 0) continue;
    const double one = value(timeline->columns[i]);
    if (one <= worst) continue;
    worst = one;
    moment = middle(*timeline, i);
  }
  return moment;
}

double failures_of(const TimelineColumn& column) {
  std::uint64_t failed = 0;
  for (std::size_t i = 0; i < outcome_count; ++i) {
    const auto outcome = static_cast<Outcome>(i);
    if (outcome != Outcome::success && outcome != Outcome::tolerated) failed += column.outcomes[i];
  }
  return static_cast<double>(failed);
}

std::string unit_of(const GateSpec& gate, const Catalogue& catalogue) {
  switch (gate.measure) {
    case Measure::error_rate:
      return "%";
    case Measure::latency:
      return "ms";
    case Measure::worst:
    case Measure::delta:
      return catalogue.series[gate.series].unit;
    case Measure::delta_per_minute:
      break;
  }
  return "a minute";
}

class Margins {
 public:
  explicit Margins(const ReportSource& source) : source_(source) {}

  std::vector<Margin> all() {
    for (const GateSpec& gate : source_.catalogue.gates) {
      const auto limit = at(source_.report, {"targets", "thresholds", gate.threshold});
      if (limit && limit->is(JsonKind::number)) apply(gate, limit->number());
    }
    if (const auto attained = at(source_.report, {"attained"}); attained && attained->is(JsonKind::object)) {
      for (const auto one : attained->members())
        add({std::string(one.name()) + "-attained", number_in(one.value, "achieved"),
             attained_share * number_in(one.value, "target"), true, "a " + std::string(one.value.string_member("per")),
             false, std::nullopt, std::string(rate_chart)});
    }
    streams();
    std::stable_sort(out_.begin(), out_.end(), [](const Margin& a, const Margin& b) {
      return a.failed != b.failed ? a.failed : a.share() > b.share();
    });
    return std::move(out_);
  }

 private:
  // Only what is a check of the report is told.
  void add(Margin margin) {
    const auto checks = at(source_.report, {"gates", "checks"});
    if (!checks || !checks->is(JsonKind::array)) return;
    for (const auto check : checks->elements()) {
      if (check.string_member("name") != margin.check) continue;
      margin.failed = check.string_member("status") != "pass";
      out_.push_back(std::move(margin));
      return;
    }
  }

  void apply(const GateSpec& gate, double limit) {
    Margin margin{gate.check, 0, limit, false, unit_of(gate, source_.catalogue), false, std::nullopt, ""};
    switch (gate.measure) {
      case Measure::error_rate:
        return error_rate(gate, margin);
      case Measure::latency:
        return latency(gate, margin);
      case Measure::worst:
      case Measure::delta:
      case Measure::delta_per_minute:
        return metric(gate, margin);
    }
  }

  void error_rate(const GateSpec& gate, Margin margin) {
    margin.limit *= 100;
    margin.chart = error_chart;
    margin.moment = worst_moment(source_.timeline, failures_of);
    const auto operations = at(source_.report, {"summary", "operations"});
    if (!operations || !operations->is(JsonKind::object)) return;
    double count = 0;
    double failures = 0;
    for (const auto one : operations->members()) {
      count += number_in(one.value, "count");
      failures += number_in(one.value, "failures");
      if (!gate.per_operation) continue;
      Margin own = margin;
      own.check = std::string(one.name()) + "-" + gate.check;
      own.actual = number_in(one.value, "errorRate") * 100;
      add(std::move(own));
    }
    margin.actual = count > 0 ? 100 * failures / count : 0;
    if (!gate.per_operation) add(std::move(margin));
  }

  void latency(const GateSpec& gate, Margin margin) {
    if (gate.categories.empty()) return;
    margin.chart = latency_chart(gate.categories.front());
    const auto percentile = [&](const std::vector<Histogram>& response) {
      Histogram merged;
      for (const Index category : gate.categories) merged.merge(response[category]);
      return merged.percentile_ms(gate.percentile);
    };
    if (source_.timeline != nullptr) {
      margin.actual = percentile(source_.timeline->response);
      margin.moment =
          worst_moment(source_.timeline, [&](const TimelineColumn& column) { return percentile(column.response); });
    } else if (gate.categories.size() == 1 && gate.percentile == 95) {
      const auto category =
          at(source_.report, {"summary", "categories", source_.catalogue.categories[gate.categories.front()].name});
      if (!category) return;
      margin.actual = number_in(*category, "p95LatencyMs");
    } else {
      return;
    }
    add(std::move(margin));
  }

  void metric(const GateSpec& gate, Margin margin) {
    const std::string& name = source_.catalogue.series[gate.series].metric;
    const auto value = at(source_.report, {"metrics", gate.measure == Measure::worst ? "worst" : "delta", name});
    if (!value || !value->is(JsonKind::number)) return;
    margin.actual = value->number();
    if (gate.measure == Measure::delta_per_minute) {
      const auto run = at(source_.report, {"run"});
      margin.actual /= std::max(run ? number_in(*run, "measuredMs") : 0, 1000.0) / 60000;
    }
    margin.chart = metric_chart(gate.series);
    // A total is worst where it grows most.
    double before = gate.measure == Measure::worst ? 0 : 1e300;
    margin.moment = worst_moment(source_.timeline, [&](const TimelineColumn& column) {
      if (column.metrics.empty() || column.metrics[gate.series].count == 0) return 0.0;
      const Extent& extent = column.metrics[gate.series];
      const double grown = extent.high - std::min(before, extent.high);
      if (gate.measure != Measure::worst) before = extent.last;
      return grown;
    });
    // Where rejections are asked for, none is the failure.
    if (gate.expectable &&
        text_at(source_.report, {"evidence", "environmentProfile", "expectQuotaRejections"}) == "yes")
      return;
    add(std::move(margin));
  }

  void streams() {
    const auto streams = at(source_.report, {"streams"});
    if (!streams || number_in(*streams, "target") == 0) return;
    Margin margin{"sse-streams-held",
                  number_in(*streams, "heldMean"),
                  attained_share * number_in(*streams, "target"),
                  true,
                  "streams",
                  false,
                  std::nullopt,
                  std::string(stream_chart)};
    const double target = number_in(*streams, "target");
    margin.moment =
        worst_moment(source_.timeline, [&](const TimelineColumn& column) { return target - column.held.low; });
    add(std::move(margin));
  }

  const ReportSource& source_;
  std::vector<Margin> out_;
};

}  // namespace

double number_in(const JsonValue& object, std::string_view key) {
  const auto value = object.find(key);
  return value && value->is(JsonKind::number) ? value->number() : 0;
}

std::optional<JsonValue> at(const JsonValue& value, std::initializer_list<std::string_view> keys) {
  std::optional<JsonValue> here = value;
  for (const std::string_view key : keys) {
    here = here->find(key);
    if (!here) return std::nullopt;
  }
  return here;
}

std::string text_at(const JsonValue& value, std::initializer_list<std::string_view> keys) {
  const auto found = at(value, keys);
  if (!found) return "";
  if (found->is(JsonKind::number)) return std::string(found->number_text());
  if (found->is(JsonKind::boolean)) return found->boolean() ? "yes" : "no";
  return std::string(found->string());
}

double Margin::share() const {
  if (at_least && actual >= limit) {
    // All of the target is nothing lost, what is required of it is all that may be.
    const double target = limit / attained_share;
    return limit > 0 ? std::max(0.0, (target - actual) / (target - limit)) : 0;
  }
  if (at_least) return actual > 0 ? limit / actual : 9;
  if (limit > 0) return actual / limit;
  return actual > 0 ? 9 : 0;
}

std::string Margin::sentence() const {
  return fmt::format("{} of at {} {} {}", page::figure(actual), at_least ? "least" : "most", page::figure(limit), unit);
}

std::vector<Margin> margins(const ReportSource& source) { return Margins(source).all(); }

std::string latency_chart(Index category) { return fmt::format("c-latency-{}", category); }
std::string metric_chart(Index series) { return fmt::format("c-metric-{}", series); }

double middle(const Timeline& timeline, std::size_t column) {
  const double from = static_cast<double>(column) * timeline.column_seconds;
  return (from + std::min(from + timeline.column_seconds, timeline.seconds)) / 2;
}

}  // namespace launchgate::load
