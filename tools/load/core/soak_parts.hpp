#pragma once

#include <optional>
#include <string>
#include <vector>

#include "load/core/soak.hpp"

// Parts of the soak analysis, each a pure function.
namespace launchgate::load {

// The buckets that are judged, with what all parts need to know of them.
struct SoakView {
  const SoakInput& input;
  std::vector<Bucket> buckets;  // without the beginning, in which caches fill and streams are opened
  // Whether a target was restarted in the bucket or next to it; by bucket, by target.
  std::vector<std::vector<bool>> restarting;
  std::uint64_t settling = 0;  // buckets that a process has to fill what it fills at first

  double hours(const Bucket& bucket) const {
    return (static_cast<double>(bucket.index) + 0.5) * input.bucket_seconds / 3600;
  }
  std::string when(const Bucket& bucket) const;
};
SoakView view_of(const SoakInput& input);

inline constexpr std::size_t least_samples = 10;  // of a trend
inline constexpr double soak_significance = 0.01;
inline constexpr std::size_t recurring_buckets = 3;

std::vector<SoakSeries> trends(const SoakView& view);
std::vector<WorstWindow> worst_windows(const SoakView& view);

// Of one sign of a trouble: nothing where there was no data, otherwise whether it is there and what was seen.
struct Sign {
  bool found = false;
  std::string seen;
};
std::optional<Sign> recurrence(const SoakView& view, Index series);
std::optional<Sign> excess(const SoakView& view, const SoakCheckSpec::Excess& excess);
std::optional<Sign> stale_streams(const SoakView& view);
std::optional<Sign> interference(const SoakView& view);

}  // namespace launchgate::load
