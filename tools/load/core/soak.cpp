#include "load/core/soak.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lib/base/text.hpp"
#include "load/core/soak_parts.hpp"
#include "load/core/text.hpp"

namespace launchgate::load {

namespace {

constexpr std::uint64_t beginning = 20;  // one in so many buckets

std::string told(const SoakSeries& one) {
  const std::string where = one.target.empty() ? "" : " of " + one.target;
  std::string text =
      fmt::format("{}{} {} {} an hour from {} {} ({} samples, p {})", one.name, where,
                  one.per_hour < 0 ? "falls by" : "grows by", number(std::abs(one.per_hour), 3), number(one.level, 3),
                  one.unit, one.samples, one.p < 0.001 ? "< 0.001" : number(one.p, 3));
  if (!one.why.empty()) text += "; " + one.why;
  if (!one.steps.empty()) {
    text += "; the level changed at";
    for (const double at : one.steps) text += " " + human_duration(static_cast<std::int64_t>(at * 3.6e6));
  }
  return text;
}

class Analysis {
 public:
  explicit Analysis(const SoakInput& input) : input_(input), view_(view_of(input)) {
    out_.bucket_seconds = input.bucket_seconds;
    out_.profile_hours = static_cast<double>(input.profile.soak_duration_ms) / 3.6e6;
    if (!input.buckets.empty())
      out_.hours = static_cast<double>(input.buckets.back().index + 1) * input.bucket_seconds / 3600;
    out_.series = trends(view_);
  }

  SoakAnalysis run() {
    for (const SoakCheckSpec& spec : input_.catalogue.soak) trouble(spec);
    metric_growth();
    windows();
    if (!unjudged_.empty()) {
      out_.warnings.push_back({"soak-not-evaluated", "there was not enough data for: " + base::joined(unjudged_, ", "),
                               "see that the deployment exports the metrics, or name those that it has in a catalogue "
                               "of your own; a trend needs at least ten measurements after the warm-up"});
    }
    return std::move(out_);
  }

 private:
  void grow(const std::vector<Index>& series, bool beside_streams, std::vector<Sign>& signs) {
    for (const SoakSeries& one : out_.series) {
      if (!one.series || !one.judged || std::find(series.begin(), series.end(), *one.series) == series.end()) continue;
      Sign sign{one.grows, told(one)};
      if (one.grows && beside_streams && streams_grow(one)) {
        sign.found = false;
        sign.seen += "; so do the streams that this run holds";
      }
      signs.push_back(std::move(sign));
    }
  }

  // Whether the streams that the run holds rise by at least half of what the series does.
  bool streams_grow(const SoakSeries& one) const {
    if (view_.buckets.size() < least_samples || one.level <= 0 || out_.hours <= 0) return false;
    // Half of each half is enough to see past the opening of the streams, and past those that a fault has closed.
    const auto first = static_cast<double>(view_.buckets[view_.buckets.size() / 4].held);
    const auto last = static_cast<double>(view_.buckets[view_.buckets.size() * 3 / 4].held);
    return first > 0 && (last - first) / first >= 0.5 * one.per_hour * out_.hours / one.level;
  }

  // Signs that were found are told first and alone; without any, all that was looked at is.
  void conclude(const std::string& name, const std::vector<Sign>& signs) {
    if (signs.empty()) {
      unjudged_.insert(name);
      return;
    }
    const bool found = std::any_of(signs.begin(), signs.end(), [](const Sign& sign) { return sign.found; });
    std::string message;
    for (const Sign& sign : signs) {
      if (sign.found == found) message += (message.empty() ? "" : "; ") + sign.seen;
    }
    out_.checks.push_back({name, !found, std::move(message)});
  }

  void trouble(const SoakCheckSpec& spec) {
    std::vector<Sign> signs;
    const auto add = [&](std::optional<Sign> sign) {
      if (sign) signs.push_back(*std::move(sign));
    };
    grow(spec.grows, spec.beside_streams, signs);
    for (const Index series : spec.recurs) add(recurrence(view_, series));
    for (const SoakCheckSpec::Excess& one : spec.exceeds) add(excess(view_, one));
    if (spec.stale_streams) {
      // That streams are off has its own warning.
      if (input_.plan.streams == 0) return;
      add(stale_streams(view_));
    }
    if (!spec.unconcerned.empty()) add(interference(view_));
    conclude(spec.check, signs);
  }

  void metric_growth() {
    std::set<std::string> done;
    for (const SoakCheckSpec& spec : input_.catalogue.soak) done.insert(spec.check);
    for (Index series = 0; series < input_.catalogue.series.size(); ++series) {
      const std::string name = input_.catalogue.series[series].key + "-growth";
      if (!input_.catalogue.series[series].growth || !done.insert(name).second) continue;
      std::vector<Sign> signs;
      grow({series}, false, signs);
      conclude(name, signs);
    }
    for (const SoakSeries& one : out_.series) {
      if (one.series) continue;
      std::vector<Sign> signs;
      if (one.judged) signs.push_back({one.grows, told(one)});
      // A category of which nothing was planned or answered is told by other checks.
      if (one.judged || one.samples > 0) conclude(one.name + "-growth", signs);
    }
  }

  void windows() {
    out_.windows = worst_windows(view_);
    for (const WorstWindow& one : out_.windows) {
      if (one.gated) {
        out_.checks.push_back({one.check, one.passed, one.message});
      } else if (!one.passed) {
        out_.warnings.push_back({one.check, one.title + ": " + one.message, "see what happened then"});
      }
    }
  }

  const SoakInput& input_;
  SoakView view_;
  SoakAnalysis out_;
  std::set<std::string> unjudged_;
};

}  // namespace

std::string SoakView::when(const Bucket& bucket) const {
  return human_duration(static_cast<std::int64_t>(static_cast<double>(bucket.index) * input.bucket_seconds * 1000));
}

SoakView view_of(const SoakInput& input) {
  SoakView view{input, {}, {}, 0};
  const std::uint64_t last = input.buckets.empty() ? 0 : input.buckets.back().index;
  view.settling = last / beginning;
  for (const Bucket& bucket : input.buckets) {
    if (bucket.index >= view.settling) view.buckets.push_back(bucket);
  }
  const std::vector<bool> none(input.catalogue.targets.size());
  view.restarting.assign(view.buckets.size(), none);
  for (std::size_t i = 0; i < view.buckets.size(); ++i) {
    for (const Index target : view.buckets[i].restarted) {
      if (target >= none.size()) continue;
      for (std::size_t k = i == 0 ? 0 : i - 1; k <= std::min(i + 1, view.buckets.size() - 1); ++k)
        view.restarting[k][target] = true;
    }
  }
  return view;
}

SoakAnalysis analyse_soak(const SoakInput& input) { return Analysis(input).run(); }

}  // namespace launchgate::load
