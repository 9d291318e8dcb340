#include "lib/regex/required_word.hpp"

#include <algorithm>

namespace launchgate::regex {
namespace {

constexpr std::size_t shortest = 3;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) {
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'z';
}
bool is_ascii(char c) { return static_cast<unsigned char>(c) < 128; }

class Reader {
 public:
  explicit Reader(std::string_view pattern) : text_(pattern) {}

  std::string read() {
    if (text_.find("\\Q") != std::string_view::npos) return {};
    while (at_ < text_.size()) {
      if (!element()) return {};
    }
    end_run();
    return best_.size() < shortest ? std::string() : best_;
  }

 private:
  // False where no word can be told.
  bool element() {
    const char c = text_[at_];
    switch (c) {
      case '|': return false;
      case '(': return end_run(), group();
      case '[': return end_run(), bracket();
      case '\\': return escape();
      case '.':
      case '^':
      case '$':
        ++at_;
        return end_run(), true;
      case '*':
      case '?':
      case '+':
        ++at_;
        return drop_last(), true;
      case '{':
        // Of a repetition, the byte before it need not stand there once; a brace that is none ends the run all the same.
        drop_last();
        skip_count();
        return true;
      default: ++at_; return literal(c), true;
    }
  }

  void literal(char c) {
    if (!is_ascii(c)) return end_run();
    run_ += is_letter(c) ? static_cast<char>(c | 0x20) : c;
  }
  void end_run() {
    if (run_.size() > best_.size()) best_ = run_;
    run_.clear();
  }
  void drop_last() {
    if (!run_.empty()) run_.pop_back();
    end_run();
  }
  void skip_count() {
    std::size_t end = at_ + 1;
    while (end < text_.size() && (is_digit(text_[end]) || text_[end] == ',')) ++end;
    at_ = end > at_ + 1 && end < text_.size() && text_[end] == '}' ? end + 1 : at_ + 1;
  }

  bool escape() {
    if (at_ + 1 >= text_.size()) return false;
    const char c = text_[at_ + 1];
    at_ += 2;
    if (!is_letter(c) && !is_digit(c)) return literal(c), true;
    end_run();
    if (is_digit(c)) return false;
    if (c != 'x' && c != 'p' && c != 'P') return true;
    if (at_ < text_.size() && text_[at_] == '{') {
      at_ = std::min(text_.find('}', at_), text_.size() - 1) + 1;
    } else {
      at_ = std::min(at_ + std::size_t{c == 'x' ? 2U : 1U}, text_.size());
    }
    return true;
  }

  bool bracket() {
    ++at_;
    if (at_ < text_.size() && text_[at_] == '^') ++at_;
    if (at_ < text_.size() && text_[at_] == ']') ++at_;
    while (at_ < text_.size() && text_[at_] != ']') {
      if (text_[at_] == '\\') {
        at_ += 2;
      } else if (text_.substr(at_, 2) == "[:") {
        const std::size_t end = text_.find(":]", at_ + 2);
        if (end == std::string_view::npos) return false;
        at_ = end + 2;
      } else {
        ++at_;
      }
    }
    if (at_ >= text_.size()) return false;
    ++at_;
    return true;
  }

  // What stands in a group is not looked at, but for where it ends.
  bool group() {
    std::size_t depth = 0;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '[') {
        if (!bracket()) return false;
        continue;
      }
      at_ += c == '\\' ? 2 : 1;
      if (c == '(') ++depth;
      if (c == ')' && --depth == 0) return true;
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string run_;
  std::string best_;
};

}  // namespace

std::string required_word(std::string_view pattern) { return Reader(pattern).read(); }

bool holds_word(std::string_view text, std::string_view word) {
  if (word.empty()) return true;
  if (word.size() > text.size()) return false;
  // Setting the bit makes a capital small; of what is no letter it is compared as it is.
  const auto mask = [&](std::size_t i) { return is_letter(word[i]) ? 0x20 : 0; };
  const int first = mask(0);
  for (std::size_t at = 0; at + word.size() <= text.size(); ++at) {
    if ((text[at] | first) != word[0]) continue;
    std::size_t same = 1;
    while (same < word.size() && (text[at + same] | mask(same)) == word[same]) ++same;
    if (same == word.size()) return true;
  }
  return false;
}

bool may_hold_word(std::string_view text, std::string_view word) {
  if (holds_word(text, word)) return true;
  const bool has_third_case = word.find('k') != std::string_view::npos || word.find('s') != std::string_view::npos;
  return has_third_case && !std::all_of(text.begin(), text.end(), is_ascii);
}

}  // namespace launchgate::regex
