#include "lib/trend/trend.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace launchgate::trend {

namespace {

constexpr double upper_1_percent = 2.326;  // of the normal distribution

double tail(double z) { return 0.5 * std::erfc(z / std::sqrt(2.0)); }

// Ranks from 1, ties sharing their mean.
std::vector<double> ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> out(values.size());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i;
    while (end < order.size() && values[order[end]] == values[order[i]]) ++end;
    for (std::size_t k = i; k < end; ++k) out[order[k]] = static_cast<double>(i + end + 1) / 2.0;
    i = end;
  }
  return out;
}

// Sum over groups of equal values of t (t-1) (2t+5).
double tie_term(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  double sum = 0;
  for (std::size_t i = 0; i < values.size();) {
    std::size_t end = i;
    while (end < values.size() && values[end] == values[i]) ++end;
    const auto t = static_cast<double>(end - i);
    sum += t * (t - 1) * (2 * t + 5);
    i = end;
  }
  return sum;
}

// By how much serial correlation widens the variance of Kendall's S; at least 1.
double serial_factor(const std::vector<double>& residuals) {
  const auto n = static_cast<double>(residuals.size());
  const std::vector<double> rank = ranks(residuals);
  const double mean = (n + 1) / 2;
  double square = 0;
  for (const double r : rank) square += (r - mean) * (r - mean);
  if (square <= 0) return 1;
  double sum = 0;
  const double significant = 1.96 / std::sqrt(n);
  for (std::size_t lag = 1; lag <= residuals.size() / 4; ++lag) {
    double product = 0;
    for (std::size_t i = lag; i < rank.size(); ++i) product += (rank[i] - mean) * (rank[i - lag] - mean);
    const double correlation = product / square;
    if (std::abs(correlation) < significant) continue;
    const auto k = static_cast<double>(lag);
    sum += (n - k) * (n - k - 1) * (n - k - 2) * correlation;
  }
  return std::max(1.0, 1 + 2 * sum / (n * (n - 1) * (n - 2)));
}

struct Stretch {
  std::size_t begin = 0;
  std::size_t end = 0;
};

std::vector<Stretch> stretches(std::size_t samples, const std::vector<std::size_t>& steps) {
  std::vector<Stretch> out;
  std::size_t begin = 0;
  for (const std::size_t step : steps) {
    if (step > begin && step < samples) out.push_back({begin, step});
    begin = std::max(begin, step);
  }
  if (begin < samples) out.push_back({begin, samples});
  return out;
}

}  // namespace

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

Trend judge(const std::vector<Sample>& samples, const std::vector<std::size_t>& steps) {
  Trend out;
  out.samples = samples.size();
  const std::vector<Stretch> parts = stretches(samples.size(), steps);
  std::vector<double> slopes;
  double score = 0;
  for (const Stretch& part : parts) {
    for (std::size_t i = part.begin; i < part.end; ++i) {
      for (std::size_t j = i + 1; j < part.end; ++j) {
        const double rise = samples[j].value - samples[i].value;
        score += rise > 0 ? 1 : (rise < 0 ? -1 : 0);
        slopes.push_back(rise / (samples[j].at - samples[i].at));
      }
    }
  }
  if (slopes.empty()) {
    if (!samples.empty()) out.level = samples.front().value;
    return out;
  }
  out.slope = median(slopes);
  double variance = 0;
  for (const Stretch& part : parts) {
    std::vector<double> values;
    std::vector<double> residuals;
    for (std::size_t i = part.begin; i < part.end; ++i) {
      values.push_back(samples[i].value);
      residuals.push_back(samples[i].value - out.slope * (samples[i].at - samples[part.begin].at));
    }
    if (part.begin == 0) out.level = median(residuals);
    const auto n = static_cast<double>(values.size());
    if (n < 4) continue;
    variance += (n * (n - 1) * (2 * n + 5) - tie_term(values)) / 18 * serial_factor(residuals);
  }
  if (variance <= 0) return out;
  const double deviation = std::sqrt(variance);
  out.p = tail((score - (score > 0 ? 1 : 0)) / deviation);
  const double rank = (static_cast<double>(slopes.size()) + upper_1_percent * deviation) / 2;
  const auto place = std::min(slopes.size() - 1, static_cast<std::size_t>(std::max(0.0, rank)));
  std::nth_element(slopes.begin(), slopes.begin() + static_cast<std::ptrdiff_t>(place), slopes.end());
  out.slope_upper = slopes[place];
  return out;
}

void correct_for_family(std::vector<double>& ps) {
  std::vector<std::size_t> order(ps.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return ps[a] < ps[b]; });
  double least = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    double& p = ps[order[i]];
    least = std::max(least, p * static_cast<double>(order.size() - i));
    p = std::min(1.0, least);
  }
}

double probability_above(const std::vector<double>& high, const std::vector<double>& low) {
  if (high.empty() || low.empty()) return 1;
  std::vector<double> all = high;
  all.insert(all.end(), low.begin(), low.end());
  const std::vector<double> rank = ranks(all);
  const auto a = static_cast<double>(high.size());
  const auto b = static_cast<double>(low.size());
  double sum = 0;
  for (std::size_t i = 0; i < high.size(); ++i) sum += rank[i];
  const double u = sum - a * (a + 1) / 2;
  const double n = a + b;
  std::sort(all.begin(), all.end());
  double ties = 0;
  for (std::size_t i = 0; i < all.size();) {
    std::size_t end = i;
    while (end < all.size() && all[end] == all[i]) ++end;
    const auto t = static_cast<double>(end - i);
    ties += t * t * t - t;
    i = end;
  }
  const double variance = a * b / 12 * (n + 1 - ties / (n * (n - 1)));
  return variance <= 0 ? 1 : tail((u - a * b / 2 - 0.5) / std::sqrt(variance));
}

}  // namespace launchgate::trend
