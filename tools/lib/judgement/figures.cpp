#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "lib/base/rfc3339.hpp"
#include "lib/judgement/judgement.hpp"

namespace launchgate::judgement {
namespace {

using document::JsonKind;
using document::JsonValue;

constexpr double tolerance = 1e-6;
constexpr double clock_tolerance_ms = 1000;  // between two clocks that one run is timed by

// What the load engine writes at a place; "" is the report itself.
struct Known {
  std::string_view pointer;
  std::string_view keys;  // separated by blanks
};
constexpr std::array known = {
    Known{"",
          "ok generatedAt mode profileName interrupted evidence targets inputs run summary metrics streams attained "
          "notDriven generator connections gates segments attestation soak"},
    Known{"/evidence",
          "command commitSha imageDigests environmentProfile status startedAt finishedAt durationMs evidenceCommands"},
    Known{"/gates", "overall checks warnings"},
    Known{"/summary", "operations categories"},
    Known{"/metrics", "before after delta worst resets malformedLines"},
    Known{"/inputs", "targetProfilesSha256 catalogueSha256 planSha256 timelineSha256"},
    Known{"/streams",
          "target heldMean heldLeast opened refused reconnects ended drops events heartbeats gaps missingEvents "
          "duplicates malformed unnumbered silent bytes"},
    Known{"/generator", "tool version cpuShare cpuSeconds peakMemoryBytes lateness queueing unsent unsentByOperation"},
};

bool is_word(std::string_view words, std::string_view wanted) {
  for (std::size_t at = words.find(wanted); at != std::string_view::npos; at = words.find(wanted, at + 1)) {
    const std::size_t end = at + wanted.size();
    if ((at == 0 || words[at - 1] == ' ') && (end == words.size() || words[end] == ' ')) return true;
  }
  return false;
}

class Figures {
 public:
  explicit Figures(const JsonValue& report) : report_(report) {}

  std::vector<Disagreement> run() {
    check_members();
    check_times();
    double counted = 0;
    std::map<std::string, std::pair<double, double>> sums;  // count and failures by category
    if (const auto list = evidence::find_at(report_, "/summary/operations")) {
      for (const JsonValue::Member operation : list->members()) {
        check_stats(operation.value);
        auto& sum = sums[std::string(operation.value.string_member("category"))];
        sum.first += value_at(operation.value, "/count");
        sum.second += value_at(operation.value, "/failures");
        counted += value_at(operation.value, "/count");
      }
    }
    check_categories(sums);
    expect_equal("/run/requestCount", counted, "the operations' requests");
    check_rate(counted);
    check_metrics();
    check_streams();
    return std::move(found_);
  }

 private:
  std::optional<JsonValue> at(std::string_view pointer) const { return evidence::find_at(report_, pointer); }
  static double value_at(const JsonValue& object, std::string_view pointer) {
    const auto value = evidence::find_at(object, pointer);
    return value && value->is(JsonKind::number) ? value->number() : 0;
  }
  void add(const JsonValue& place, std::string text) { found_.push_back({place, std::move(text)}); }

  void expect_equal(std::string_view pointer, double wanted, std::string_view what) {
    const auto value = at(pointer);
    if (!value) return add(report_, fmt::format("the report has no {}", pointer.substr(1)));
    if (!value->is(JsonKind::number) || std::abs(value->number() - wanted) > tolerance)
      add(*value, fmt::format("{} is {}, but {} are {}", pointer.substr(1), value->raw(), what, wanted));
  }

  void check_same(std::string_view a, std::string_view b) {
    const auto one = at(a);
    const auto other = at(b);
    if (!one || !other)
      add(report_, fmt::format("the report has no {}", (one ? b : a).substr(1)));
    else if (one->raw() != other->raw())
      add(*other, fmt::format("{} is not {}", b.substr(1), a.substr(1)));
  }

  // A member of another hand could say anything.
  void check_members() {
    for (const Known& one : known) {
      const auto object = at(one.pointer);
      if (!object) continue;
      for (const JsonValue::Member member : object->members()) {
        if (member.name().find(' ') != std::string_view::npos || !is_word(one.keys, member.name()))
          add(member.key, fmt::format("the load engine writes no {}", member.name()));
      }
    }
  }

  void check_times() {
    for (const std::string_view name : {"startedAt", "finishedAt", "durationMs"})
      check_same(fmt::format("/evidence/{}", name), fmt::format("/run/{}", name));
    check_same("/profileName", "/evidence/environmentProfile/profileName");
    check_same("/mode", "/evidence/environmentProfile/mode");
    check_same("/gates/overall", "/evidence/status");
    const auto time = [&](std::string_view pointer) {
      const auto value = at(pointer);
      return value ? base::parse_date_time(value->string()) : std::nullopt;
    };
    const auto started = time("/run/startedAt");
    const auto finished = time("/run/finishedAt");
    const auto generated = time("/generatedAt");
    if (!generated) return add(at("/generatedAt").value_or(report_), "generatedAt is no time");
    if (!started || !finished) return add(at("/run").value_or(report_), "the run has no start or no end");
    const double lasted = static_cast<double>(*finished - *started);
    if (std::abs(value_at(report_, "/run/durationMs") - lasted) > clock_tolerance_ms)
      add(at("/run/durationMs").value_or(report_), "run/durationMs is not the time from start to finish");
    if (*generated < *finished) add(*at("/generatedAt"), "the report was written before the run ended");
    const double measured = value_at(report_, "/run/measuredMs");
    const double warmup = value_at(report_, "/run/warmupMs");
    if (measured <= 0 || warmup < 0 || measured + warmup > lasted + clock_tolerance_ms)
      add(at("/run/measuredMs").value_or(report_), "the run was not as long as what was measured of it");
  }

  // In ascending order, where they are told.
  void check_order(const JsonValue& stats, std::string_view unit) {
    std::optional<double> before;
    for (const std::string_view name : {"p50", "p90", "p95", "p99", "p999", "max"}) {
      const auto value = stats.find(fmt::format("{}{}", name, unit));
      if (!value || !value->is(JsonKind::number)) continue;
      if (value->number() < 0 || (before && value->number() + tolerance < *before))
        return add(*value, fmt::format("{}{} is less than a percentile below it", name, unit));
      before = value->number();
    }
  }

  void check_sum(const JsonValue& stats, std::string_view key, double count) {
    const auto parts = stats.find(key);
    if (!parts || parts->size() == 0) {
      if (count > 0) add(parts.value_or(stats), fmt::format("{} tells nothing of {} requests", key, count));
      return;
    }
    double sum = 0;
    for (const JsonValue::Member part : parts->members()) {
      const double value = part.value.is(JsonKind::number) ? part.value.number() : -1;
      if (value < 0) return add(part.value, fmt::format("a count of {} is no count", key));
      sum += value;
    }
    if (std::abs(sum - count) > tolerance) add(*parts, fmt::format("{} add up to {}, not to {}", key, sum, count));
  }

  void check_stats(const JsonValue& stats) {
    for (const std::string_view key : {"count", "failures", "errorRate"}) {
      const auto value = stats.find(key);
      if (!value || !value->is(JsonKind::number)) add(value.value_or(stats), fmt::format("{} is no number", key));
    }
    const double count = value_at(stats, "/count");
    const double failures = value_at(stats, "/failures");
    const JsonValue place = stats.find("count").value_or(stats);
    if (count < 0 || failures < 0 || failures > count)
      return add(place, fmt::format("{} of {} requests failed", failures, count));
    const double rate = count > 0 ? failures / count : 0;
    if (std::abs(value_at(stats, "/errorRate") - rate) > 1e-6)
      add(stats.find("errorRate").value_or(stats), fmt::format("errorRate is not {} of {}", failures, count));
    check_sum(stats, "statuses", count);
    check_sum(stats, "outcomes", count);
    const auto measured = stats.find("measuredInPercentiles");
    const auto p95 = stats.find("p95LatencyMs");
    if (!measured || !measured->is(JsonKind::number) || measured->number() < 0 || measured->number() > count)
      add(measured.value_or(stats), "measuredInPercentiles is more than was sent");
    else if (measured->number() > 0 && (!p95 || !p95->is(JsonKind::number)))
      add(p95.value_or(stats), "there is no response time of what was measured");
    else if (measured->number() + tolerance < value_at(stats, "/outcomes/success"))
      add(*measured, "less was measured than succeeded");
    if (failures + value_at(stats, "/outcomes/success") > count + tolerance)
      add(stats.find("failures").value_or(stats), "more succeeded and failed than was sent");
    check_order(stats, "LatencyMs");
    check_order(stats, "ServiceMs");
  }

  void check_categories(const std::map<std::string, std::pair<double, double>>& sums) {
    const auto categories = at("/summary/categories");
    for (const auto& [name, sum] : sums) {
      if (sum.first == 0) continue;
      const auto stats = categories ? categories->find(name) : std::nullopt;
      if (!stats) {
        add(categories.value_or(report_), fmt::format("category \"{}\" of an operation is missing", name));
        continue;
      }
      check_stats(*stats);
      if (std::abs(value_at(*stats, "/count") - sum.first) > tolerance)
        add(stats->find("count").value_or(*stats), fmt::format("its operations made {} requests", sum.first));
      if (std::abs(value_at(*stats, "/failures") - sum.second) > tolerance)
        add(stats->find("failures").value_or(*stats), fmt::format("{} requests of its operations failed", sum.second));
      check_spread(name, *stats);
    }
  }

  // The 95th percentile of a category lies between those of its operations, and so do the extremes.
  void check_spread(const std::string& name, const JsonValue& stats) {
    for (const std::string_view key : {"p50LatencyMs", "p95LatencyMs", "p99LatencyMs", "maxLatencyMs"}) {
      const auto own = stats.find(key);
      if (!own || !own->is(JsonKind::number)) continue;
      std::optional<double> least;
      std::optional<double> most;
      for (const JsonValue::Member operation : at("/summary/operations")->members()) {
        if (operation.value.string_member("category") != name) continue;
        const auto value = operation.value.find(key);
        if (!value || !value->is(JsonKind::number)) continue;
        least = std::min(least.value_or(value->number()), value->number());
        most = std::max(most.value_or(value->number()), value->number());
      }
      if (!least) continue;
      // Values of a histogram are those of its buckets.
      if (own->number() < *least * 0.98 - 0.01 || own->number() > *most * 1.02 + 0.01)
        add(*own, fmt::format("{} of the category lies outside those of its operations", key));
    }
  }

  void check_rate(double counted) {
    const double seconds = value_at(report_, "/run/measuredMs") / 1000;
    const auto rate = at("/run/achievedRequestRatePerSecond");
    // Late requests lengthen the time that the rate is told over.
    if (!rate || !rate->is(JsonKind::number) || rate->number() < 0 ||
        (seconds > 0 && rate->number() > counted / seconds + 0.001))
      add(rate.value_or(report_), "the achieved rate is more than the requests in the time that was measured");
  }

  void check_metrics() {
    const auto delta = at("/metrics/delta");
    const auto resets = at("/metrics/resets");
    if (!delta) return;
    for (const JsonValue::Member series : delta->members()) {
      const std::string name = document::escape_pointer_segment(series.name());
      const auto before = at("/metrics/before/" + name);
      const auto after = at("/metrics/after/" + name);
      const auto worst = at("/metrics/worst/" + name);
      if (worst && after && worst->is(JsonKind::number) && after->is(JsonKind::number) &&
          worst->number() + tolerance < after->number() && worst->number() + tolerance < value_or(before, 0))
        add(*worst, "the worst value is better than both ends");
      if (!before || !after || !before->is(JsonKind::number) || !after->is(JsonKind::number) ||
          (resets && resets->find(series.name())))
        continue;
      // What moves between scrapes may be told over a longer time, but never less than its ends say.
      if (!series.value.is(JsonKind::number)) add(series.value, "there is no growth between two known ends");
    }
  }

  static double value_or(const std::optional<JsonValue>& value, double other) {
    return value && value->is(JsonKind::number) ? value->number() : other;
  }

  void check_streams() {
    const double target = value_at(report_, "/streams/target");
    const double least = value_at(report_, "/streams/heldLeast");
    const double mean = value_at(report_, "/streams/heldMean");
    if (least > mean + 0.001 || mean > target + 0.001 || least < 0)
      add(at("/streams").value_or(report_), "streams were held between more than were aimed at and fewer than none");
    if (value_at(report_, "/streams/opened") + 0.001 < mean)
      add(at("/streams/opened").value_or(report_), "more streams were held than opened");
  }

  const JsonValue& report_;
  std::vector<Disagreement> found_;
};

}  // namespace

std::vector<Disagreement> disagreements(const JsonValue& report) { return Figures(report).run(); }

}  // namespace launchgate::judgement
