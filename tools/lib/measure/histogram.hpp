#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace launchgate::measure {

// Log-linear histogram of durations from 1 microsecond to 1 hour, longer ones counted as 1 hour, negative ones as 0.
//
// Values below 2^sub_bits microseconds are exact; each power of two above is split into 2^sub_bits buckets, so that a
// value reported as the middle of its bucket is off by less than 1 in 2^(sub_bits + 1). Recording costs O(1); merging
// adds buckets, so merged percentiles equal those of one histogram that saw all samples. The buckets of a power of two
// are allocated when first used. After Tene's HdrHistogram.
template <unsigned sub_bits>
class BasicHistogram {
 public:
  static constexpr std::uint32_t sub_buckets = 1U << sub_bits;
  static constexpr std::int64_t max_us = 3'600'000'000;

  BasicHistogram() = default;
  BasicHistogram(const BasicHistogram& other) { merge(other); }
  BasicHistogram& operator=(const BasicHistogram& other);
  BasicHistogram(BasicHistogram&&) noexcept = default;
  BasicHistogram& operator=(BasicHistogram&&) noexcept = default;
  ~BasicHistogram() = default;

  void record_us(std::int64_t us, std::uint64_t times = 1);
  void merge(const BasicHistogram& other);
  void clear();

  std::uint64_t count() const { return count_; }
  bool empty() const { return count_ == 0; }
  // In milliseconds; 0 for an empty histogram.
  double min_ms() const { return static_cast<double>(min_) / 1000.0; }
  double max_ms() const { return static_cast<double>(max_) / 1000.0; }
  double mean_ms() const { return count_ == 0 ? 0 : sum_ / static_cast<double>(count_) / 1000.0; }
  // The smallest bucket that at least `percent` % of the samples do not exceed (nearest rank).
  double percentile_ms(double percent) const;
  // How many samples lie in buckets whose middle is above.
  std::uint64_t count_above_ms(double ms) const;

  // [first bucket, count, distance to the next used bucket, count, …] for files.
  std::vector<std::uint64_t> sparse() const;
  // The middle of a bucket, in milliseconds.
  static double bucket_ms(std::uint32_t bucket) { return middle_us(bucket) / 1000.0; }
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

// Three significant digits, 10 KiB as a rule: one for each operation, second and connection of a load run.
using Histogram = BasicHistogram<9>;
// Four times as fine, and as large: what the measurements of others are compared with.
using FineHistogram = BasicHistogram<11>;

extern template class BasicHistogram<9>;
extern template class BasicHistogram<11>;

}  // namespace launchgate::measure
