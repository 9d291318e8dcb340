#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace launchgate::document {

// A JSON number without rounding: ± 0.d1d2d3… × 10^exponent, where neither the first nor the last digit is 0. Two
// spellings of one value ("1", "1.0", "10e-1") are equal. Comparison costs time in proportion to the digits written,
// never to the exponent.
class Decimal {
 public:
  // `text` is a number by the grammar of RFC 8259. An exponent beyond ±10^9 is clamped there.
  static Decimal parse(std::string_view text);

  bool is_zero() const { return digits_.empty(); }
  bool is_negative() const { return negative_; }
  bool is_integer() const { return exponent_ >= static_cast<std::int64_t>(digits_.size()); }
  std::optional<std::int64_t> to_int64() const;

  // Whether this is an integer multiple of `divisor`, exactly; none where the answer would need more than 4,096 digits.
  std::optional<bool> is_multiple_of(const Decimal& divisor) const;

  std::strong_ordering operator<=>(const Decimal& other) const;
  bool operator==(const Decimal& other) const = default;

 private:
  bool negative_ = false;
  std::int64_t exponent_ = 0;
  std::string digits_;  // '0'..'9'
};

}  // namespace launchgate::document
