#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

// Whether two series of measurements differ, where neighbours depend on each other.
//
// The unit of resampling is not the request but the block of neighbouring intervals, because a slow second is followed
// by a slow second: the moving-block bootstrap (Künsch, "The jackknife and the bootstrap for general stationary
// observations", Annals of Statistics 17, 1989), on a circle so that the ends count as much as the middle (Politis and
// Romano, 1992), with blocks of 1.5 n^(1/3) intervals, the rate that is best for a variance (Hall, Horowitz and Jing,
// Biometrika 82, 1995). It gives the standard error; the difference over it is held against Student's t with as many
// degrees of freedom as Welch (1947) gives the blocks.
namespace launchgate::load {

// Requests of one interval: by bucket of the histogram.
struct Interval {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> buckets;  // bucket and count, ascending
  std::uint64_t count = 0;
  std::uint64_t failures = 0;
  double seconds = 1;
};

// One run: its intervals in their order.
using Intervals = std::vector<Interval>;

struct Difference {
  double base = 0;
  double fresh = 0;
  double change = 0;
  double low = 0;  // of the change: 95 % confidence
  double high = 0;
  double p = 1;        // two-sided
  bool known = false;  // false: too little was measured to say anything
};

// Of the percentiles of all runs of each side, as ratios less 1.
std::vector<Difference> compare_percentiles(const std::vector<Intervals>& base, const std::vector<Intervals>& fresh,
                                            const std::vector<double>& percents);
// Of the shares of failures, absolute.
Difference compare_failures(const std::vector<Intervals>& base, const std::vector<Intervals>& fresh);
// Of the requests a second, as a ratio less 1.
Difference compare_rates(const std::vector<Intervals>& base, const std::vector<Intervals>& fresh);

// Holm (1979): which of the hypotheses fall, each with a weight of its own, at the level `alpha` for all together.
std::vector<bool> rejected(const std::vector<double>& p, const std::vector<double>& weights, double alpha);

}  // namespace launchgate::load
