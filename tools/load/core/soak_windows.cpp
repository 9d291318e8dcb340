#include <fmt/format.h>

#include <algorithm>

#include "load/core/soak_parts.hpp"
#include "load/core/text.hpp"

// A window is a tenth of the soak. Whether a percentile keeps its limit is the same question as whether at most the
// rest of the samples exceed it, which adds up over buckets as a percentile does not.
namespace launchgate::load {

namespace {

struct Share {
  std::uint64_t all = 0;
  std::uint64_t bad = 0;
  double value() const { return all == 0 ? 0 : static_cast<double>(bad) / static_cast<double>(all); }
};

struct Worst {
  std::size_t begin = 0;
  std::size_t end = 0;
  Share share;
};

template <typename Pick>
Worst worst_of(const std::vector<Bucket>& buckets, std::size_t width, Pick pick) {
  Worst worst;
  for (std::size_t begin = 0; begin + width <= buckets.size(); ++begin) {
    Share share;
    for (std::size_t i = begin; i < begin + width; ++i) {
      const Share one = pick(buckets[i]);
      share.all += one.all;
      share.bad += one.bad;
    }
    if (begin == 0 || share.value() > worst.share.value()) worst = {begin, begin + width, share};
  }
  return worst;
}

std::optional<double> threshold_of(const SoakInput& input, const std::string& name) {
  const auto found = input.profile.thresholds.find(name);
  return found == input.profile.thresholds.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

std::vector<WorstWindow> worst_windows(const SoakView& view) {
  std::vector<WorstWindow> out;
  const SoakInput& input = view.input;
  const std::size_t width = std::max<std::size_t>(1, view.buckets.size() / 10);
  if (view.buckets.size() < least_samples) return out;
  for (std::size_t gate = 0; gate < input.catalogue.gates.size(); ++gate) {
    const GateSpec& spec = input.catalogue.gates[gate];
    const auto own = threshold_of(input, spec.worst_window_threshold);
    const auto limit = threshold_of(input, spec.threshold);
    const bool latency = spec.measure == Measure::latency;
    if (!limit || spec.per_operation || !(latency || spec.measure == Measure::error_rate)) continue;
    const Worst worst = worst_of(view.buckets, width, [&](const Bucket& bucket) {
      return latency ? Share{bucket.slow[gate].first, bucket.slow[gate].second} : Share{bucket.count, bucket.failures};
    });
    if (worst.share.all == 0) continue;
    WorstWindow one;
    one.check = spec.check + "-worst-window";
    one.title = spec.title;
    one.gated = own.has_value();
    one.from_hours = view.hours(view.buckets[worst.begin]);
    one.to_hours = view.hours(view.buckets[worst.end - 1]);
    one.share = worst.share.value();
    // For a latency the profile's own number is the share that may be slower than the limit.
    one.allowed = latency ? own.value_or(1 - spec.percentile / 100) : own.value_or(*limit);
    one.passed = one.share <= one.allowed + 1e-12;
    one.message = fmt::format(
        "in the worst tenth, {} to {}, {} % of {} {}; at most {} % may", view.when(view.buckets[worst.begin]),
        view.when(view.buckets[worst.end - 1]), number(one.share * 100, 2), worst.share.all,
        latency ? fmt::format("responses took longer than {} ms", number(*limit)) : std::string("requests failed"),
        number(one.allowed * 100, 2));
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace launchgate::load
