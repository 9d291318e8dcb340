// Bucket layout: group 0 holds the values below 2^(sub_bits+1), one bucket each. Group g > 0 holds [2^(sub_bits+g),
// 2^(sub_bits+g+1)) in 2^sub_bits buckets of width 2^g. A value of n bits (n > sub_bits + 1) therefore belongs to group
// n - sub_bits - 1.

#include "standin/core/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace launchgate::standin {

void Histogram::add(Micros value) {
  value = std::max<Micros>(value, 0);
  const auto v = static_cast<std::uint64_t>(value);
  const auto bits = static_cast<int>(std::bit_width(v));
  const int group = std::clamp(bits - sub_bits - 1, 0, static_cast<int>(groups) - 1);
  auto& buckets = groups_[static_cast<std::size_t>(group)];
  if (buckets.empty()) buckets.resize(group == 0 ? 2U << sub_bits : 1U << sub_bits);
  const std::uint64_t first = group == 0 ? 0 : 1ULL << (sub_bits + group);
  const std::uint64_t index = std::min<std::uint64_t>((v - first) >> group, buckets.size() - 1);
  ++buckets[index];
  min_ = count_ == 0 ? value : std::min(min_, value);
  max_ = std::max(max_, value);
  sum_ += value;
  ++count_;
}

double Histogram::quantile(double p) const {
  if (count_ == 0) return 0;
  // The margin keeps a product such as 0.9 * 110 from becoming one rank too many.
  const double wanted = std::ceil(std::clamp(p, 0.0, 1.0) * static_cast<double>(count_) - 1e-9);
  const auto rank = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(wanted));
  std::uint64_t seen = 0;
  for (std::size_t group = 0; group < groups; ++group) {
    const std::uint64_t first = group == 0 ? 0 : 1ULL << (static_cast<std::size_t>(sub_bits) + group);
    for (std::size_t i = 0; i < groups_[group].size(); ++i) {
      seen += groups_[group][i];
      if (seen < rank) continue;
      const auto low = static_cast<double>(first + (static_cast<std::uint64_t>(i) << group));
      const double middle = low + static_cast<double>((1ULL << group) - 1) / 2;
      return std::clamp(middle, static_cast<double>(min_), static_cast<double>(max_));
    }
  }
  return static_cast<double>(max_);
}

}  // namespace launchgate::standin
