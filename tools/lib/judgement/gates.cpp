#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lib/judgement/judgement.hpp"

// The gates of the load engine, evaluated from the figures of a report. A latency over several categories, a rate whose
// schedule is not told and a percentile that the report does not hold cannot be evaluated again; such a gate must be
// there, and its own word counts.
namespace launchgate::judgement {
namespace {

using document::JsonKind;
using document::JsonValue;

constexpr double attained_share = 0.95;
constexpr double least_lateness_limit_ms = 5;
constexpr double rounding = 0.0005;  // of figures with three decimals
constexpr std::string_view setup_suffix = "-setup";

std::optional<double> number(const std::optional<JsonValue>& value) {
  return value && value->is(JsonKind::number) ? std::optional(value->number()) : std::nullopt;
}

std::optional<double> number(const JsonValue& object, std::string_view pointer) {
  return number(evidence::find_at(object, pointer));
}

class Gates {
 public:
  Gates(const JsonValue& catalogue, const JsonValue& thresholds, const JsonValue& report)
      : catalogue_(catalogue), thresholds_(thresholds), report_(report) {}

  std::map<std::string, Gate> run() {
    sampled();
    if (const auto list = catalogue_.find("gates")) {
      for (const JsonValue gate : list->elements()) apply(gate);
    }
    if (read_metrics_) gates_["metrics-available"] = {true, "metrics were read"};
    attained();
    streams();
    if (shares_rate()) gates_["requestRatePerSecond-attained"] = {std::nullopt, "the schedule is not told"};
    headroom();
    refusals();
    if (report_.string_member("mode") == "soak") soak();
    return std::move(gates_);
  }

 private:
  std::vector<JsonValue::Member> operations() const {
    std::vector<JsonValue::Member> all;
    if (const auto list = evidence::find_at(report_, "/summary/operations")) {
      for (const JsonValue::Member member : list->members()) all.push_back(member);
    }
    return all;
  }

  // Whether an operation has no pace of its own.
  bool shares_rate() const {
    const auto list = catalogue_.find("operations");
    if (!list) return false;
    const auto all = list->elements();
    return std::any_of(all.begin(), all.end(),
                       [](const JsonValue& one) { return !one.find("rate") && !one.find("stream"); });
  }

  void sampled() {
    for (const JsonValue::Member& operation : operations()) {
      if (operation.name().ends_with(setup_suffix)) continue;
      const double count = number(operation.value, "/count").value_or(0);
      const bool past_limit = number(operation.value, "/notSentPastLimit").value_or(0) > 0;
      gates_[std::string(operation.name()) + "-sampled"] = {count > 0    ? std::optional(true)
                                                            : past_limit ? std::nullopt
                                                                         : std::optional(false),
                                                            fmt::format("{} requests were measured", count)};
    }
  }

  void apply(const JsonValue& gate) {
    const auto limit = number(thresholds_.find(gate.string_member("threshold")));
    if (!limit) return;
    const std::string name(gate.string_member("check"));
    const std::string_view measure = gate.string_member("measure");
    if (measure == "error-rate") return error_rate(gate, name, *limit);
    if (measure == "latency") return latency(gate, name, *limit);
    metric(gate, name, measure, *limit);
  }

  void error_rate(const JsonValue& gate, const std::string& name, double limit) {
    const auto judged = [&](double count, double failures) {
      const double rate = count > 0 ? failures / count : 0;
      return Gate{rate <= limit, fmt::format("{} of {} requests failed; at most {} may", failures, count, limit)};
    };
    double all = 0;
    double all_failures = 0;
    for (const JsonValue::Member& operation : operations()) {
      const double count = number(operation.value, "/count").value_or(0);
      const double failures = number(operation.value, "/failures").value_or(count);
      if (gate.string_member("scope") == "operation" && count > 0)
        gates_[std::string(operation.name()) + "-" + name] = judged(count, failures);
      all += count;
      all_failures += failures;
    }
    if (gate.string_member("scope") != "operation") gates_[name] = judged(all, all_failures);
  }

  void latency(const JsonValue& gate, const std::string& name, double limit) {
    const std::string key = fmt::format("/p{}LatencyMs", number(gate.find("percentile")).value_or(95));
    double best = 0;
    double worst = 0;
    std::size_t measured = 0;
    bool is_told = true;
    const auto categories = gate.find("categories");
    for (const JsonValue category : categories ? categories->elements() : gate.elements()) {
      const auto stats =
          evidence::find_at(report_, "/summary/categories/" + document::escape_pointer_segment(category.string()));
      if (!stats) continue;
      const auto value = number(*stats, key);
      is_told = is_told && value;
      best = measured == 0 ? value.value_or(0) : std::min(best, value.value_or(0));
      worst = std::max(worst, value.value_or(0));
      ++measured;
    }
    if (measured == 0) return;
    const std::string why = fmt::format("{} ms; at most {} ms is allowed", worst, limit);
    if (!is_told) {
      gates_[name] = {false, "no request succeeded"};
    } else if (worst <= limit + rounding) {
      gates_[name] = {true, why};
    } else {
      gates_[name] = {best > limit + rounding ? std::optional(false) : std::nullopt, why};
    }
  }

  std::optional<double> series(std::string_view key, std::string_view part) const {
    const auto list = evidence::find_at(catalogue_, "/metrics/series");
    if (!list) return std::nullopt;
    for (const JsonValue one : list->elements()) {
      if (one.string_member("key") != key) continue;
      return number(report_,
                    fmt::format("/metrics/{}/{}", part, document::escape_pointer_segment(one.string_member("name"))));
    }
    return std::nullopt;
  }

  void metric(const JsonValue& gate, const std::string& name, std::string_view measure, double limit) {
    auto value = series(gate.string_member("metric"), measure == "worst" ? "worst" : "delta");
    const auto expectable = gate.find("expectable");
    const auto expected = evidence::find_at(report_, "/evidence/environmentProfile/expectQuotaRejections");
    const bool wanted = expectable && expectable->boolean() && expected && expected->boolean();
    if (!value) {
      // What is expected has a check of its own.
      if (!wanted) gates_[name] = {false, "its metric was not read"};
      return;
    }
    read_metrics_ = true;
    if (measure == "delta-per-minute")
      *value /= std::max(number(report_, "/run/measuredMs").value_or(0) / 1000, 1.0) / 60;
    gates_[name] = {wanted ? *value > 0 || refused() > 0 : *value <= limit,
                    wanted ? fmt::format("{}; more than 0 is expected", *value)
                           : fmt::format("{}; at most {} is allowed", *value, limit)};
  }

  // What the run itself was refused by limits.
  double refused() const {
    double all = 0;
    for (const JsonValue::Member& operation : operations())
      all += number(operation.value, "/outcomes/rejected").value_or(0);
    return all;
  }

  void attained() {
    const auto all = report_.find("attained");
    if (!all) return;
    for (const JsonValue::Member one : all->members()) {
      const auto target = number(one.value, "/target");
      const auto achieved = number(one.value, "/achieved");
      gates_[std::string(one.name()) + "-attained"] = {
          target && achieved && *achieved + rounding >= attained_share * *target,
          fmt::format("{} of {} was attained", achieved.value_or(0), target.value_or(0))};
    }
  }

  void streams() {
    const double target = number(report_, "/streams/target").value_or(0);
    if (target <= 0) return;
    const double held = number(report_, "/streams/heldMean").value_or(0);
    gates_["sse-streams-held"] = {held + rounding >= attained_share * target,
                                  fmt::format("{} of {} streams were held", held, target)};
  }

  void headroom() {
    std::optional<double> limit;
    const auto list = catalogue_.find("gates");
    for (const JsonValue gate : list ? list->elements() : catalogue_.elements()) {
      if (gate.string_member("measure") != "latency") continue;
      if (const auto one = number(thresholds_.find(gate.string_member("threshold"))))
        limit = limit ? std::min(*limit, *one) : *one;
    }
    const double allowed = std::max(limit.value_or(0) * 0.1, least_lateness_limit_ms);
    const auto most = number(report_, "/generator/lateness/maxMs");
    const auto least = number(report_, "/generator/lateness/p90Ms");
    Gate gate{std::nullopt, fmt::format("at most {} ms late is allowed", allowed)};
    if (least && *least > allowed + rounding) gate.passes = false;
    if (most && *most <= allowed && number(report_, "/generator/unsent").value_or(1) == 0) gate.passes = true;
    gates_["generator-headroom"] = gate;
  }

  // Where rejections were demanded: what the run itself was refused, and what the target's counters tell.
  void refusals() {
    const auto expected = evidence::find_at(report_, "/evidence/environmentProfile/expectQuotaRejections");
    if (!expected || !expected->boolean()) return;
    double counted = 0;
    bool read = false;
    const auto list = catalogue_.find("gates");
    for (const JsonValue gate : list ? list->elements() : catalogue_.elements()) {
      const auto expectable = gate.find("expectable");
      if (!expectable || !expectable->boolean()) continue;
      const auto delta = series(gate.string_member("metric"), "delta");
      read = read || delta;
      counted += delta.value_or(0);
    }
    gates_["quota-rejections-expected"] = {
        refused() > 0 || counted > 0,
        fmt::format("{} requests were refused by a limit, and the target counted {}", refused(), counted),
        !read};  // the gate of a counter that was read demands as much
  }

  // What a soak reveals follows from its timeline, by which it is judged where that is at hand. A trouble for which
  // there was nothing to look at has no gate, but a warning.
  void soak() {
    if (const auto checks = evidence::find_at(catalogue_, "/soak/checks")) {
      for (const JsonValue check : checks->elements())
        gates_[std::string(check.string_member("check"))] = {std::nullopt, "the timeline tells", false};
    }
    const auto list = catalogue_.find("gates");
    for (const JsonValue gate : list ? list->elements() : catalogue_.elements()) {
      if (thresholds_.find(gate.string_member("worstWindowThreshold")))
        gates_[std::string(gate.string_member("check")) + "-worst-window"] = {std::nullopt, "the timeline tells",
                                                                              false};
    }
  }

  const JsonValue& catalogue_;
  const JsonValue& thresholds_;
  const JsonValue& report_;
  std::map<std::string, Gate> gates_;
  bool read_metrics_ = false;
};

}  // namespace

std::map<std::string, Gate> gates_of(const JsonValue& catalogue, const JsonValue& thresholds, const JsonValue& report) {
  return Gates(catalogue, thresholds, report).run();
}

}  // namespace launchgate::judgement
