#include "lib/rules/randomness.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "lib/base/ascii.hpp"
#include "lib/rules/letter_model.hpp"

namespace launchgate::rules {
namespace {

constexpr std::size_t letters = 26;

bool is_other(char c) { return static_cast<unsigned char>(c) > 127; }
bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; }

// What a separator costs in text; what is none costs the most.
double separator_cost(char c) {
  switch (c) {
    case ' ':
      return 2.5;
    case '-':
    case '_':
      return 3;
    case '.':
    case '/':
      return 3.5;
    case ':':
    case ',':
      return 4.5;
    case '=':
    case '\'':
      return 5;
    case '+':
      return 5.5;
    default:
      return 7;
  }
}

// Reads a value as text, and adds up what that costs.
class TextReading {
 public:
  void letter(char c) {
    const bool upper = base::is_upper(c);
    const auto index = static_cast<std::size_t>(base::lower(c) - 'a');
    switch (last_) {
      case Last::separator:
        bits_ += upper ? 2 : 1;
        begin_word();
        break;
      case Last::digit:
        bits_ += 4;
        begin_word();
        break;
      case Last::lower:
        bits_ += upper ? 3 : 0.2;
        if (upper) begin_word();
        break;
      case Last::upper:
        // "Ab" is a word, "ABc" ends in one, "AB" is an abbreviation.
        bits_ += upper || capitals_ == 1 ? 1 : 4;
        if (!upper && capitals_ > 1) word_ = std::min<std::size_t>(word_, 1);
        break;
    }
    bits_ += letter_cost(index);
    after_other_ = false;
    before_ = previous_;
    previous_ = index;
    ++word_;
    capitals_ = upper ? capitals_ + 1 : 0;
    last_ = upper ? Last::upper : Last::lower;
  }

  void digit(char c) {
    constexpr std::size_t longest_number = 14;
    if (last_ == Last::digit) {
      ++digits_;
      bits_ += digits_ > longest_number ? 5 : 3.3;
      if (c == previous_digit_) bits_ -= 1.5;
    } else {
      digits_ = 1;
      bits_ += last_ == Last::separator ? 4.5 : 6;
    }
    previous_digit_ = c;
    after_other_ = false;
    last_ = Last::digit;
  }

  void separator(char c) {
    bits_ += c == previous_separator_ && last_ == Last::separator ? 1 : separator_cost(c);
    previous_separator_ = c;
    after_other_ = false;
    last_ = Last::separator;
  }

  void other() {
    bits_ += after_other_ ? 3 : 6.5;
    after_other_ = true;
    last_ = Last::separator;
  }

  double bits() const { return bits_; }

 private:
  enum class Last : std::uint8_t { separator, lower, upper, digit };

  void begin_word() { word_ = 0; }

  double letter_cost(std::size_t index) const {
    const std::size_t row = word_ == 0 ? 0 : word_ == 1 ? 1 + previous_ : 1 + letters + before_ * letters + previous_;
    return (letter_costs[row * letters + index] - 'a') / 2.0;
  }

  double bits_ = 0;
  Last last_ = Last::separator;
  std::size_t word_ = 0;  // letters of it so far
  std::size_t previous_ = 0;
  std::size_t before_ = 0;
  std::size_t capitals_ = 0;
  std::size_t digits_ = 0;
  bool after_other_ = false;  // another letter than of ASCII
  char previous_digit_ = 0;
  char previous_separator_ = 0;
};

// The characters that the value shows.
struct Alphabet {
  bool lower = false, upper = false, digits = false, other = false;
  bool lower_hex = true, upper_hex = true;
  bool punctuation = false, dashes = true, base64 = true;
  std::size_t size = 0;     // of the value, in characters
  std::size_t hyphens = 0;  // which group the digits of hexadecimal numbers
  std::size_t solid = 0;    // letters and digits
  std::size_t others = 0;   // letters of other scripts

  explicit Alphabet(std::string_view value) {
    for (const char c : value) {
      if (continues(c)) continue;
      ++size;
      add(c);
    }
  }

  double bits_of_value() const {
    constexpr double hexadecimal = 16;
    constexpr double some_punctuation = 10;
    if (lower_hex || upper_hex) return static_cast<double>(size - hyphens) * std::log2(hexadecimal);
    double characters = (lower ? 26.0 : 0.0) + (upper ? 26.0 : 0.0) + (digits ? 10.0 : 0.0) + (other ? 10.0 : 0.0);
    if (punctuation) characters += dashes || base64 ? 2 : some_punctuation;
    return static_cast<double>(size) * std::log2(std::max(characters, 2.0));
  }

 private:
  void add(char c) {
    if (c == '-') ++hyphens;
    if (base::is_letter(c) || base::is_digit(c) || is_other(c)) ++solid;
    const bool hex_digit = base::is_digit(c) || c == '-';
    lower_hex = lower_hex && (hex_digit || (c >= 'a' && c <= 'f'));
    upper_hex = upper_hex && (hex_digit || (c >= 'A' && c <= 'F'));
    if (base::is_digit(c)) {
      digits = true;
    } else if (base::is_letter(c)) {
      (base::is_lower(c) ? lower : upper) = true;
    } else if (is_other(c)) {
      other = true;
      ++others;
    } else {
      punctuation = true;
      dashes = dashes && (c == '-' || c == '_');
      base64 = base64 && (c == '+' || c == '/' || c == '=');
    }
  }
};

}  // namespace

double randomness(std::string_view value) {
  const Alphabet alphabet(value);
  if (value.empty() || alphabet.solid * 2 < alphabet.size || alphabet.others * 2 > alphabet.size)
    return std::numeric_limits<double>::lowest();
  TextReading text;
  for (const char c : value) {
    if (continues(c)) continue;
    if (base::is_letter(c)) {
      text.letter(c);
    } else if (base::is_digit(c)) {
      text.digit(c);
    } else if (is_other(c)) {
      text.other();
    } else {
      text.separator(c);
    }
  }
  return text.bits() - alphabet.bits_of_value();
}

}  // namespace launchgate::rules
