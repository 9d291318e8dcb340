#include "lib/regex/required_words.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "lib/base/ascii.hpp"

namespace launchgate::regex {
namespace {

using base::is_ascii;
using base::is_digit;
using base::is_letter;
using base::lower;
using Words = std::vector<std::string>;

constexpr std::size_t shortest = 2;
constexpr std::size_t most_words = 64;
constexpr int deepest = 50;

std::size_t least_length(const Words& words) {
  std::size_t least = std::string::npos;
  for (const std::string& word : words) least = std::min(least, word.size());
  return words.empty() ? 0 : least;
}

// Gives up, with no words, where it does not understand.
class Reader {
 public:
  explicit Reader(std::string_view pattern) : text_(pattern) {}

  Words read() {
    if (text_.find("\\Q") != std::string_view::npos) return {};
    Words words = alternation(0);
    return failed_ || at_ < text_.size() ? Words() : words;
  }

 private:
  // The best words of the sequence that is being read, and the literal that has been read last.
  struct Sequence {
    Words best;
    std::string run;

    void consider(Words words) {
      const std::size_t least = least_length(words);
      const std::size_t known = least_length(best);
      if (least > known || (least == known && words.size() < best.size())) best = std::move(words);
    }
    void end_run() {
      if (run.size() >= shortest) consider({run});
      run.clear();
    }
    void drop_last() {
      if (!run.empty()) run.pop_back();
      end_run();
    }
  };

  bool more() const { return at_ < text_.size() && !failed_; }

  Words alternation(int depth) {
    Words all;
    bool known = true;
    if (depth > deepest) failed_ = true;
    do {
      Words words = sequence(depth);
      known = known && !words.empty() && all.size() + words.size() <= most_words;
      if (known) std::move(words.begin(), words.end(), std::back_inserter(all));
    } while (more() && text_[at_] == '|' && ++at_);
    return known ? all : Words();
  }

  Words sequence(int depth) {
    Sequence read;
    while (more() && text_[at_] != '|' && text_[at_] != ')') {
      const char c = text_[at_];
      switch (c) {
        case '(':
          group(read, depth);
          break;
        case '[':
          read.end_run();
          bracket();
          break;
        case '\\':
          escape(read);
          break;
        case '.':
        case '^':
        case '$':
          ++at_;
          read.end_run();
          break;
        case '*':
        case '?':
        case '+':
          ++at_;
          read.drop_last();
          break;
        case '{':
          // Of a repetition, the byte before it need not stand there once; a brace that is none ends the run all the
          // same.
          read.drop_last();
          skip_count();
          break;
        default:
          ++at_;
          literal(read, c);
      }
    }
    read.end_run();
    return read.best;
  }

  static void literal(Sequence& read, char c) {
    if (!is_ascii(c)) return read.end_run();
    read.run += lower(c);
  }

  void skip_count() {
    std::size_t end = at_ + 1;
    while (end < text_.size() && (is_digit(text_[end]) || text_[end] == ',')) ++end;
    at_ = end > at_ + 1 && end < text_.size() && text_[end] == '}' ? end + 1 : at_ + 1;
  }

  void escape(Sequence& read) {
    if (at_ + 1 >= text_.size()) {
      failed_ = true;
      return;
    }
    const char c = text_[at_ + 1];
    at_ += 2;
    if (!is_letter(c) && !is_digit(c)) return literal(read, c);
    read.end_run();
    if (is_digit(c)) failed_ = true;
    if (c != 'x' && c != 'p' && c != 'P') return;
    if (more() && text_[at_] == '{') {
      at_ = std::min(text_.find('}', at_), text_.size() - 1) + 1;
    } else {
      at_ = std::min(at_ + std::size_t{c == 'x' ? 2U : 1U}, text_.size());
    }
  }

  void bracket() {
    ++at_;
    if (more() && text_[at_] == '^') ++at_;
    if (more() && text_[at_] == ']') ++at_;
    while (more() && text_[at_] != ']') {
      if (text_[at_] == '\\') {
        at_ += 2;
      } else if (text_.substr(at_, 2) == "[:") {
        const std::size_t end = text_.find(":]", at_ + 2);
        if (end == std::string_view::npos) failed_ = true;
        at_ = end + 2;
      } else {
        ++at_;
      }
    }
    if (!more()) failed_ = true;
    ++at_;
  }

  void group(Sequence& read, int depth) {
    read.end_run();
    ++at_;
    if (more() && text_[at_] == '?') {
      const bool named = text_.substr(at_, 3) == "?P<";
      const std::size_t end = text_.find_first_of(named ? ">" : ":)", at_);
      if (end == std::string_view::npos) {
        failed_ = true;
        return;
      }
      at_ = end + 1;
      if (text_[end] == ')') return;  // flags alone
    }
    Words words = alternation(depth + 1);
    if (!more() || text_[at_] != ')') {
      failed_ = true;
      return;
    }
    ++at_;
    const bool may_be_missing = more() && (text_[at_] == '*' || text_[at_] == '?' || text_[at_] == '{');
    if (!may_be_missing) read.consider(std::move(words));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

// Setting the bit makes a capital small; what is no letter is compared as it is.
bool begins_with(const char* text, const std::string& word) {
  return std::all_of(word.begin(), word.end(), [&](char c) { return (*text++ | (is_letter(c) ? 0x20 : 0)) == c; });
}

}  // namespace

RequiredWords::RequiredWords(std::string_view pattern) : RequiredWords(Reader(pattern).read()) {}

RequiredWords::RequiredWords(std::vector<std::string> words) : words_(std::move(words)) {
  for (const std::string& word : words_) {
    beginnings_ |= std::uint32_t{1} << (static_cast<unsigned char>(word.front()) & 31U);
    has_third_case_ = has_third_case_ || word.find_first_of("ks") != std::string::npos;
  }
}

bool RequiredWords::may_stand_in(std::string_view text, bool bytes) const {
  if (words_.empty()) return true;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if ((beginnings_ >> (static_cast<unsigned char>(text[at]) & 31U) & 1U) == 0) continue;
    for (const std::string& word : words_) {
      if (text.size() - at >= word.size() && begins_with(text.data() + at, word)) return true;
    }
  }
  return !bytes && has_third_case_ && !std::all_of(text.begin(), text.end(), is_ascii);
}

}  // namespace launchgate::regex
