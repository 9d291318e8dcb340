#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace launchgate::regex {

// Pieces of ASCII text, in lower case, one of which stands in every match of a pattern, compared without the case of
// ASCII letters. Read off a pattern (RE2 syntax) in one pass, for a fraction of what parsing it takes.
class RequiredWords {
 public:
  RequiredWords() = default;
  explicit RequiredWords(std::string_view pattern);
  explicit RequiredWords(std::vector<std::string> words);

  // Empty: nothing is known of the pattern.
  const std::vector<std::string>& words() const { return words_; }

  // False only when no match lies within the text. `bytes`: of a pattern over bytes; otherwise over UTF-8, where U+017F
  // may be an s, too, and U+212A a k.
  bool may_stand_in(std::string_view text, bool bytes) const;

 private:
  std::vector<std::string> words_;
  std::uint32_t beginnings_ = 0;  // a bit for each of the lower five bits of a first byte
  bool has_third_case_ = false;
};

}  // namespace launchgate::regex
