#include "lib/measure/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace launchgate::measure {

template <unsigned sub_bits>
std::uint32_t BasicHistogram<sub_bits>::bucket_of(std::int64_t us) {
  const auto value = static_cast<std::uint32_t>(us);
  if (value < sub_buckets) return value;
  const unsigned exponent = static_cast<unsigned>(std::bit_width(value)) - 1;
  const unsigned shift = exponent - sub_bits;
  return ((exponent - sub_bits + 1) << sub_bits) + ((value >> shift) - sub_buckets);
}

template <unsigned sub_bits>
double BasicHistogram<sub_bits>::middle_us(std::uint32_t bucket) {
  const std::uint32_t page = bucket >> sub_bits;
  const std::uint32_t sub = bucket & (sub_buckets - 1);
  if (page == 0) return sub;
  const std::uint64_t width = std::uint64_t{1} << (page - 1);
  const std::uint64_t low = (std::uint64_t{sub_buckets} + sub) * width;
  return static_cast<double>(low) + static_cast<double>(width - 1) / 2.0;
}

template <unsigned sub_bits>
std::uint64_t& BasicHistogram<sub_bits>::cell(std::uint32_t bucket) {
  auto& page = pages_[bucket >> sub_bits];
  if (!page) page = std::make_unique<Page>();
  return (*page)[bucket & (sub_buckets - 1)];
}

template <unsigned sub_bits>
BasicHistogram<sub_bits>& BasicHistogram<sub_bits>::operator=(const BasicHistogram& other) {
  if (this != &other) {
    clear();
    merge(other);
  }
  return *this;
}

template <unsigned sub_bits>
void BasicHistogram<sub_bits>::record_us(std::int64_t us, std::uint64_t times) {
  if (times == 0) return;
  us = std::clamp<std::int64_t>(us, 0, max_us);
  cell(bucket_of(us)) += times;
  min_ = count_ == 0 ? us : std::min(min_, us);
  max_ = std::max(max_, us);
  sum_ += static_cast<double>(us) * static_cast<double>(times);
  count_ += times;
}

template <unsigned sub_bits>
void BasicHistogram<sub_bits>::merge(const BasicHistogram& other) {
  if (other.count_ == 0) return;
  for (std::size_t p = 0; p < page_count; ++p) {
    if (!other.pages_[p]) continue;
    if (!pages_[p]) pages_[p] = std::make_unique<Page>();
    for (std::size_t i = 0; i < sub_buckets; ++i) (*pages_[p])[i] += (*other.pages_[p])[i];
  }
  min_ = count_ == 0 ? other.min_ : std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  sum_ += other.sum_;
  count_ += other.count_;
}

template <unsigned sub_bits>
void BasicHistogram<sub_bits>::clear() {
  for (auto& page : pages_) {
    if (page) page->fill(0);
  }
  count_ = 0;
  min_ = max_ = 0;
  sum_ = 0;
}

template <unsigned sub_bits>
double BasicHistogram<sub_bits>::percentile_ms(double percent) const {
  if (count_ == 0) return 0;
  const double exact = std::ceil(percent / 100.0 * static_cast<double>(count_) - 1e-9);
  const auto rank = static_cast<std::uint64_t>(std::clamp(exact, 1.0, static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t p = 0; p < page_count; ++p) {
    if (!pages_[p]) continue;
    for (std::uint32_t i = 0; i < sub_buckets; ++i) {
      seen += (*pages_[p])[i];
      if (seen >= rank) {
        const double middle = middle_us(static_cast<std::uint32_t>(p << sub_bits) + i);
        return std::clamp(middle, static_cast<double>(min_), static_cast<double>(max_)) / 1000.0;
      }
    }
  }
  return max_ms();
}

template <unsigned sub_bits>
std::uint64_t BasicHistogram<sub_bits>::count_above_ms(double ms) const {
  const double us = ms * 1000.0;
  if (count_ == 0 || static_cast<double>(max_) <= us) return 0;
  std::uint64_t above = 0;
  for (std::size_t p = page_count; p-- > 0;) {
    if (!pages_[p]) continue;
    for (std::uint32_t i = sub_buckets; i-- > 0;) {
      if (middle_us((static_cast<std::uint32_t>(p) << sub_bits) + i) <= us) return above;
      above += (*pages_[p])[i];
    }
  }
  return above;
}

template <unsigned sub_bits>
std::vector<std::uint64_t> BasicHistogram<sub_bits>::sparse() const {
  std::vector<std::uint64_t> runs;
  std::uint64_t previous = 0;
  for (std::size_t p = 0; p < page_count; ++p) {
    if (!pages_[p]) continue;
    for (std::size_t i = 0; i < sub_buckets; ++i) {
      const std::uint64_t n = (*pages_[p])[i];
      if (n == 0) continue;
      const std::uint64_t bucket = (p << sub_bits) + i;
      runs.push_back(bucket - previous);
      runs.push_back(n);
      previous = bucket;
    }
  }
  return runs;
}

template <unsigned sub_bits>
bool BasicHistogram<sub_bits>::add_sparse(const std::vector<std::uint64_t>& runs, std::int64_t least_us,
                                          std::int64_t most_us, double total_us) {
  if (runs.size() % 2 != 0 || !std::isfinite(total_us) || total_us < 0 || least_us < 0 || most_us < least_us ||
      most_us > max_us) {
    return false;
  }
  constexpr std::uint64_t buckets = page_count * sub_buckets;
  constexpr std::uint64_t most = std::uint64_t{1} << 48U;
  std::uint64_t bucket = 0;
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < runs.size(); i += 2) {
    if (runs[i] >= buckets || (i > 0 && runs[i] == 0) || runs[i + 1] == 0 || runs[i + 1] > most) return false;
    bucket += runs[i];
    total += runs[i + 1];
    if (bucket >= buckets || total > most) return false;
  }
  if (total == 0) return true;
  bucket = 0;
  for (std::size_t i = 0; i < runs.size(); i += 2) {
    bucket += runs[i];
    cell(static_cast<std::uint32_t>(bucket)) += runs[i + 1];
  }
  min_ = count_ == 0 ? least_us : std::min(min_, least_us);
  max_ = std::max(max_, most_us);
  sum_ += total_us;
  count_ += total;
  return true;
}

template class BasicHistogram<9>;
template class BasicHistogram<11>;

}  // namespace launchgate::measure
