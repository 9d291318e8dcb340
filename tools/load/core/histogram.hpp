#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "load/core/time.hpp"

namespace launchgate::load {

// Log-linear histogram of durations from 1 microsecond to 1 hour, longer ones counted as 1 hour.
//
// Values below 512 microseconds are exact; each power of two above is split into 512 buckets, so that a value reported
// as the middle of its bucket is off by less than 0.1 %: three significant digits. Recording costs O(1); merging adds
// buckets, so merged percentiles equal those of one histogram that saw all samples. The buckets of a power of two are
// allocated when first used: about 100 KiB at most, 10 KiB as a rule. After Tene's HdrHistogram.
class Histogram {
 public:
  static constexpr unsigned sub_bits = 9;
  static constexpr std::uint32_t sub_buckets = 1U << sub_bits;
  static constexpr std::int64_t max_us = 3'600'000'000;

  Histogram() = default;
  Histogram(const Histogram& other) { merge(other); }
  Histogram& operator=(const Histogram& other);
  Histogram(Histogram&&) noexcept = default;
  Histogram& operator=(Histogram&&) noexcept = default;
  ~Histogram() = default;

  // Negative durations count as 0.
  void record(Nanoseconds duration) { record_us(duration / microsecond); }
  void record_us(std::int64_t us, std::uint64_t times = 1);
  void merge(const Histogram& other);
  void clear();

  std::uint64_t count() const { return count_; }
  bool empty() const { return count_ == 0; }
  // In milliseconds; 0 for an empty histogram.
  double min_ms() const;
  double max_ms() const;
  double mean_ms() const;
  // The smallest bucket that at least `percent` % of the samples do not exceed (nearest rank).
  double percentile_ms(double percent) const;
  // Samples above a duration, to the precision of the buckets.
  std::uint64_t count_above_ms(double ms) const;

  // [first bucket, count, distance to the next used bucket, count, …] for files.
  std::vector<std::uint64_t> sparse() const;
  // False for anything that is not the encoding of a histogram; the histogram is then unchanged.
  bool add_sparse(const std::vector<std::uint64_t>& runs, std::int64_t least_us, std::int64_t most_us, double total_us);
  std::int64_t least_us() const { return min_; }
  std::int64_t most_us() const { return max_; }
  double total_us() const { return sum_; }

 private:
  static constexpr std::size_t page_count = 32 - sub_bits + 1;
  using Page = std::array<std::uint64_t, sub_buckets>;

  static std::uint32_t bucket_of(std::int64_t us);
  static double middle_us(std::uint32_t bucket);
  std::uint64_t& cell(std::uint32_t bucket);

  std::array<std::unique_ptr<Page>, page_count> pages_;
  std::uint64_t count_ = 0;
  std::int64_t min_ = 0;
  std::int64_t max_ = 0;
  double sum_ = 0;
};

}  // namespace launchgate::load
