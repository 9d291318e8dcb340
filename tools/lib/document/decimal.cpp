#include "lib/document/decimal.hpp"

#include <algorithm>

namespace launchgate::document {
namespace {

constexpr std::int64_t exponent_limit = 1'000'000'000;
constexpr std::size_t digit_limit = 4096;

// Compares digit strings of equal weight, longer ones padded with zeros on the right.
int compare_digits(const std::string& a, const std::string& b) {
  const int order = a.compare(0, std::min(a.size(), b.size()), b, 0, std::min(a.size(), b.size()));
  if (order != 0) return order;
  return a.size() < b.size() ? -1 : (a.size() > b.size() ? 1 : 0);
}

// a mod b for non-negative integers as digit strings; schoolbook, O(|a| · |b|).
bool divides(const std::string& divisor, const std::string& number) {
  std::string rest;
  const auto less = [](const std::string& x, const std::string& y) {
    return x.size() != y.size() ? x.size() < y.size() : x < y;
  };
  for (const char digit : number) {
    if (!(rest.empty() && digit == '0')) rest += digit;
    while (!less(rest, divisor)) {
      int borrow = 0;
      for (std::size_t i = 0; i < rest.size(); ++i) {
        const std::size_t at = rest.size() - 1 - i;
        int value = rest[at] - '0' - borrow - (i < divisor.size() ? divisor[divisor.size() - 1 - i] - '0' : 0);
        borrow = value < 0 ? 1 : 0;
        if (value < 0) value += 10;
        rest[at] = static_cast<char>('0' + value);
      }
      rest.erase(0, std::min(rest.find_first_not_of('0'), rest.size()));
    }
  }
  return rest.empty();
}

}  // namespace

Decimal Decimal::parse(std::string_view text) {
  Decimal value;
  std::size_t at = 0;
  if (at < text.size() && text[at] == '-') {
    value.negative_ = true;
    ++at;
  }
  std::int64_t point = 0;
  bool fraction = false;
  for (; at < text.size() && text[at] != 'e' && text[at] != 'E'; ++at) {
    if (text[at] == '.') {
      fraction = true;
      continue;
    }
    if (value.digits_.empty() && text[at] == '0') {
      if (fraction) --point;
      continue;
    }
    value.digits_ += text[at];
    if (!fraction) ++point;
  }
  std::int64_t exponent = 0;
  if (at < text.size()) {
    ++at;
    const bool negative = at < text.size() && text[at] == '-';
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    for (; at < text.size(); ++at) exponent = std::min(exponent * 10 + (text[at] - '0'), exponent_limit);
    if (negative) exponent = -exponent;
  }
  while (!value.digits_.empty() && value.digits_.back() == '0') value.digits_.pop_back();
  value.exponent_ = value.digits_.empty() ? 0 : point + exponent;
  if (value.digits_.empty()) value.negative_ = false;
  return value;
}

std::optional<std::int64_t> Decimal::to_int64() const {
  if (is_zero()) return 0;
  if (!is_integer() || exponent_ > 19) return std::nullopt;
  std::uint64_t magnitude = 0;
  for (std::int64_t i = 0; i < exponent_; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const auto digit = static_cast<std::uint64_t>(at < digits_.size() ? digits_[at] - '0' : 0);
    if (magnitude > (UINT64_MAX - digit) / 10) return std::nullopt;
    magnitude = magnitude * 10 + digit;
  }
  const std::uint64_t limit = static_cast<std::uint64_t>(INT64_MAX) + (negative_ ? 1U : 0U);
  if (magnitude > limit) return std::nullopt;
  return negative_ ? static_cast<std::int64_t>(0 - magnitude) : static_cast<std::int64_t>(magnitude);
}

std::optional<bool> Decimal::is_multiple_of(const Decimal& divisor) const {
  if (divisor.is_zero()) return std::nullopt;
  if (is_zero()) return true;
  // Scale both to integers: value = digits × 10^(exponent − |digits|).
  const std::int64_t own = exponent_ - static_cast<std::int64_t>(digits_.size());
  const std::int64_t other = divisor.exponent_ - static_cast<std::int64_t>(divisor.digits_.size());
  const std::int64_t lowest = std::min(own, other);
  if (own - lowest > static_cast<std::int64_t>(digit_limit) ||
      other - lowest > static_cast<std::int64_t>(digit_limit) || digits_.size() > digit_limit ||
      divisor.digits_.size() > digit_limit) {
    return std::nullopt;
  }
  return divides(divisor.digits_ + std::string(static_cast<std::size_t>(other - lowest), '0'),
                 digits_ + std::string(static_cast<std::size_t>(own - lowest), '0'));
}

std::strong_ordering Decimal::operator<=>(const Decimal& other) const {
  const int sign = is_zero() ? 0 : (negative_ ? -1 : 1);
  const int other_sign = other.is_zero() ? 0 : (other.negative_ ? -1 : 1);
  if (sign != other_sign) return sign <=> other_sign;
  if (sign == 0) return std::strong_ordering::equal;
  int magnitude = 0;
  if (exponent_ != other.exponent_) {
    magnitude = exponent_ < other.exponent_ ? -1 : 1;
  } else {
    magnitude = compare_digits(digits_, other.digits_);
  }
  return sign * magnitude <=> 0;
}

}  // namespace launchgate::document
