#include "load/compare/statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <set>

#include "lib/measure/histogram.hpp"

namespace launchgate::load {

namespace {

constexpr int resamples = 200;
constexpr std::size_t fewest_intervals = 8;
constexpr std::uint64_t fewest_requests = 40;

// Splitmix64: the same numbers in each run of the program.
class Numbers {
 public:
  std::size_t below(std::size_t n) {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return static_cast<std::size_t>((z ^ (z >> 31U)) % n);
  }

 private:
  std::uint64_t state_ = 20'261'130;
};

std::size_t block_length(std::size_t intervals) {
  const double length = std::ceil(1.5 * std::cbrt(static_cast<double>(intervals)));
  return std::clamp<std::size_t>(static_cast<std::size_t>(length), 1, std::max<std::size_t>(intervals / 4, 1));
}

// One side: its runs, and how often each interval is drawn.
class Side {
 public:
  explicit Side(const std::vector<Intervals>& runs) : runs_(runs) {
    for (const Intervals& run : runs) {
      intervals_ += run.size();
      for (const Interval& one : run) {
        count_ += one.count;
        for (const auto& [bucket, n] : one.buckets) answers_ += n;
      }
      if (!run.empty()) blocks_ += static_cast<double>(run.size()) / static_cast<double>(block_length(run.size()));
    }
  }

  bool enough() const { return intervals_ >= fewest_intervals && count_ >= fewest_requests; }
  bool enough_answers() const { return intervals_ >= fewest_intervals && answers_ >= fewest_requests; }
  double degrees() const { return std::max(blocks_ - 1, 1.0); }
  const std::vector<Intervals>& runs() const { return runs_; }

  void all(const std::function<void(const Interval&)>& use) const {
    for (const Intervals& run : runs_) {
      for (const Interval& one : run) use(one);
    }
  }
  // Each run by itself: what differs between runs is no part of a run's own noise.
  void draw(Numbers& numbers, const std::function<void(const Interval&)>& use) const {
    for (const Intervals& run : runs_) {
      const std::size_t length = block_length(run.size());
      std::size_t drawn = 0;
      while (drawn < run.size()) {
        const std::size_t begin = numbers.below(run.size());
        for (std::size_t i = 0; i < length && drawn < run.size(); ++i, ++drawn) use(run[(begin + i) % run.size()]);
      }
    }
  }

 private:
  const std::vector<Intervals>& runs_;
  std::size_t intervals_ = 0;
  std::uint64_t count_ = 0;
  std::uint64_t answers_ = 0;
  double blocks_ = 0;
};

// Two-sided probability of Student's t, by Wallace's (1959) normal deviate.
double two_sided(double t, double degrees) {
  const double z = (8 * degrees + 1) / (8 * degrees + 3) * std::sqrt(degrees * std::log1p(t * t / degrees));
  return std::erfc(z / std::sqrt(2.0));
}

// What t must exceed for 95 % confidence: the same deviate, turned around.
double t_95(double degrees) {
  const double z = 1.959964 * (8 * degrees + 3) / (8 * degrees + 1);
  return std::sqrt(degrees * std::expm1(z * z / degrees));
}

double variance(const std::vector<double>& values) {
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum / static_cast<double>(values.size() - 1);
}

// Of two estimates with the variances that were found; on the scale on which they were estimated.
struct Tested {
  double difference = 0;
  double half_width = 0;
  double p = 1;
};
Tested test(double base, double fresh, double base_variance, double fresh_variance, double base_degrees,
            double fresh_degrees) {
  Tested out;
  out.difference = fresh - base;
  const double sum = base_variance + fresh_variance;
  if (sum <= 0) {
    out.p = out.difference == 0 ? 1 : 0;
    return out;
  }
  const double degrees =
      sum * sum / (base_variance * base_variance / base_degrees + fresh_variance * fresh_variance / fresh_degrees);
  out.p = two_sided(out.difference / std::sqrt(sum), degrees);
  out.half_width = t_95(degrees) * std::sqrt(sum);
  return out;
}

// The buckets that occur, so that a resample is one short array.
class Percentiles {
 public:
  Percentiles(const Side& base, const Side& fresh, const std::vector<double>& percents) : percents_(percents) {
    std::set<std::uint32_t> used;
    for (const Side* side : {&base, &fresh})
      side->all([&](const Interval& one) {
        for (const auto& [bucket, n] : one.buckets) used.insert(bucket);
      });
    place_.resize(*used.rbegin() + 1);
    for (const std::uint32_t bucket : used) {
      place_[bucket] = values_.size();
      values_.push_back(measure::Histogram::bucket_ms(bucket));
    }
    cells_.resize(values_.size());
  }

  std::vector<double> of(const std::function<void(const std::function<void(const Interval&)>&)>& each) {
    std::fill(cells_.begin(), cells_.end(), 0);
    std::uint64_t total = 0;
    each([&](const Interval& one) {
      for (const auto& [bucket, n] : one.buckets) {
        cells_[place_[bucket]] += n;
        total += n;
      }
    });
    std::vector<double> out;
    std::uint64_t seen = 0;
    std::size_t at = 0;
    for (const double percent : percents_) {
      const double rank = std::max(1.0, std::ceil(percent / 100 * static_cast<double>(total)));
      while (at < cells_.size() && static_cast<double>(seen) + static_cast<double>(cells_[at]) < rank)
        seen += cells_[at++];
      out.push_back(std::log(std::max(1e-3, values_[std::min(at, values_.size() - 1)])));
    }
    return out;
  }

 private:
  const std::vector<double>& percents_;
  std::vector<std::size_t> place_;  // by bucket
  std::vector<double> values_;
  std::vector<std::uint64_t> cells_;
};

Difference compare_ratio(
    const Side& base, const Side& fresh,
    const std::function<double(std::uint64_t count, std::uint64_t failures, double seconds)>& value, bool logarithmic) {
  Difference out;
  if (!base.enough() || !fresh.enough()) return out;
  const auto measured = [&](auto&& each) {
    std::uint64_t count = 0;
    std::uint64_t failures = 0;
    double seconds = 0;
    each([&](const Interval& one) {
      count += one.count;
      failures += one.failures;
      seconds += one.seconds;
    });
    return value(count, failures, seconds);
  };
  Numbers numbers;
  std::array<double, 2> estimates{};
  std::array<double, 2> variances{};
  std::size_t place = 0;
  for (const Side* side : {&base, &fresh}) {
    estimates[place] = measured([&](auto use) { side->all(use); });
    std::vector<double> drawn;
    for (int i = 0; i < resamples; ++i) drawn.push_back(measured([&](auto use) { side->draw(numbers, use); }));
    variances[place++] = variance(drawn);
  }
  const Tested tested = test(estimates[0], estimates[1], variances[0], variances[1], base.degrees(), fresh.degrees());
  const auto shown = [&](double x) { return logarithmic ? std::expm1(x) : x; };
  out.known = true;
  out.base = logarithmic ? std::exp(estimates[0]) : estimates[0];
  out.fresh = logarithmic ? std::exp(estimates[1]) : estimates[1];
  out.change = shown(tested.difference);
  out.low = shown(tested.difference - tested.half_width);
  out.high = shown(tested.difference + tested.half_width);
  out.p = tested.p;
  return out;
}

}  // namespace

std::vector<Difference> compare_percentiles(const std::vector<Intervals>& base, const std::vector<Intervals>& fresh,
                                            const std::vector<double>& percents) {
  std::vector<Difference> out(percents.size());
  const Side first(base);
  const Side second(fresh);
  if (!first.enough_answers() || !second.enough_answers()) return out;
  Percentiles percentiles(first, second, percents);
  Numbers numbers;
  std::array<std::vector<double>, 2> estimates;
  std::array<std::vector<double>, 2> variances;
  std::size_t place = 0;
  for (const Side* side : {&first, &second}) {
    estimates[place] = percentiles.of([&](const auto& use) { side->all(use); });
    std::vector<std::vector<double>> drawn(percents.size());
    for (int i = 0; i < resamples; ++i) {
      const std::vector<double> one = percentiles.of([&](const auto& use) { side->draw(numbers, use); });
      for (std::size_t k = 0; k < one.size(); ++k) drawn[k].push_back(one[k]);
    }
    for (const auto& values : drawn) variances[place].push_back(variance(values));
    ++place;
  }
  for (std::size_t k = 0; k < percents.size(); ++k) {
    const Tested tested =
        test(estimates[0][k], estimates[1][k], variances[0][k], variances[1][k], first.degrees(), second.degrees());
    out[k] = {std::exp(estimates[0][k]),
              std::exp(estimates[1][k]),
              std::expm1(tested.difference),
              std::expm1(tested.difference - tested.half_width),
              std::expm1(tested.difference + tested.half_width),
              tested.p,
              true};
  }
  return out;
}

Difference compare_failures(const std::vector<Intervals>& base, const std::vector<Intervals>& fresh) {
  return compare_ratio(
      Side(base), Side(fresh),
      [](std::uint64_t count, std::uint64_t failures, double) {
        return count == 0 ? 0 : static_cast<double>(failures) / static_cast<double>(count);
      },
      false);
}

Difference compare_rates(const std::vector<Intervals>& base, const std::vector<Intervals>& fresh) {
  return compare_ratio(
      Side(base), Side(fresh),
      [](std::uint64_t count, std::uint64_t, double seconds) {
        return std::log(std::max(1.0, static_cast<double>(count)) / std::max(1.0, seconds));
      },
      true);
}

std::vector<bool> rejected(const std::vector<double>& p, const std::vector<double>& weights, double alpha) {
  std::vector<bool> out(p.size(), false);
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return p[a] / weights[a] < p[b] / weights[b]; });
  double rest = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (const std::size_t i : order) {
    if (p[i] > alpha * weights[i] / rest) break;
    out[i] = true;
    rest -= weights[i];
  }
  return out;
}

}  // namespace launchgate::load
