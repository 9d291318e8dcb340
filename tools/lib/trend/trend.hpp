#pragma once

#include <cstddef>
#include <optional>
#include <vector>

// Trends of a series that was sampled over time, told apart from steps, noise and daily waves. Robust statistics
// throughout: a few wild samples change little.
namespace launchgate::trend {

struct Sample {
  double at = 0;  // hours; increasing
  double value = 0;
};

// Places in the samples where the level changes for good: the first sample after each step, increasing. `known` are
// times at which something happened (restarts): there a lesser change is enough. A slope is no step: each candidate
// is tested beside a common slope, and must show between neighbours as well.
std::vector<std::size_t> find_steps(const std::vector<Sample>& samples, const std::vector<double>& known);

struct Trend {
  double slope = 0;        // an hour: Theil and Sen's median of slopes within stretches
  double slope_upper = 0;  // the bound that the true slope exceeds with 1 %
  double level = 0;        // at the first sample, on the line
  double p = 1;            // of so much growth without a trend: one-sided Mann-Kendall, ties and serial correlation
                           // corrected (Hamed and Rao, 1998)
  std::size_t samples = 0;
};

// Judged within the stretches between `steps`; pairs across a step count for nothing.
Trend judge(const std::vector<Sample>& samples, const std::vector<std::size_t>& steps);

// The trend beside a wave of the period, where both together explain the samples decisively better than a line does;
// none elsewhere. Where no stretch between steps shows a third of a period, nothing can be told apart.
std::optional<Trend> beside_wave(const std::vector<Sample>& samples, const std::vector<std::size_t>& steps,
                                 const Trend& line, double period_hours);

// Holm's correction (1979), in place: each p as if it had been the only one asked.
void correct_for_family(std::vector<double>& ps);

// One-sided Mann-Whitney: the probability that `high` lies so far above `low` by chance.
double probability_above(const std::vector<double>& high, const std::vector<double>& low);

double median(std::vector<double> values);

}  // namespace launchgate::trend
