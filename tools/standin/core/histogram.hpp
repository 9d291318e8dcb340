#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "standin/core/clock.hpp"

namespace launchgate::standin {

// Durations in buckets of equal width per power of two: exact below 4,096 µs, above within 1/2,048 (0.05 %). Memory is
// taken by the powers of two in use, 16 KiB each, however many values are added.
class Histogram {
 public:
  void add(Micros value);

  std::uint64_t count() const { return count_; }
  Micros max() const { return max_; }
  Micros min() const { return count_ == 0 ? 0 : min_; }
  double mean() const { return count_ == 0 ? 0 : static_cast<double>(sum_) / static_cast<double>(count_); }
  // The smallest bucket whose cumulated count reaches `p` (in [0, 1]) of all, as that bucket's middle; 0 without
  // values.
  double quantile(double p) const;

 private:
  static constexpr int sub_bits = 11;  // 2,048 buckets per power of two
  static constexpr std::size_t groups = 40;

  std::array<std::vector<std::uint64_t>, groups> groups_;
  std::uint64_t count_ = 0;
  std::int64_t sum_ = 0;
  Micros min_ = 0;
  Micros max_ = 0;
};

}  // namespace launchgate::standin
