#include <algorithm>

#include "lib/evidence/policy.hpp"

namespace launchgate::evidence {
namespace {

std::vector<std::string_view> words_of(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  std::vector<std::string_view> words;
  while (true) {
    const std::size_t begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return words;
    const std::size_t end = std::min(text.find_first_of(blanks, begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    text.remove_prefix(end);
  }
}

// "PROFILE={profile}" is "PROFILE=beta".
bool fits(std::string_view named, std::string_view word) {
  const std::size_t open = named.find('{');
  const std::size_t close = open == std::string_view::npos ? open : named.find('}', open);
  if (close == std::string_view::npos) return named == word;
  const std::string_view head = named.substr(0, open);
  const std::string_view tail = named.substr(close + 1);
  return word.size() > head.size() + tail.size() && word.starts_with(head) && word.ends_with(tail);
}

}  // namespace

bool same_command(const Policy& policy, std::string_view named, std::string_view run) {
  const std::vector<std::string_view> wanted = words_of(named);
  if (wanted.empty()) return false;
  std::size_t next = 0;
  for (const std::string_view word : words_of(run)) {
    if (next < wanted.size() && fits(wanted[next], word)) {
      ++next;
    } else if (next == 0 || !policy.may_vary || !policy.may_vary->found_in(word)) {
      return false;
    }
  }
  return next == wanted.size();
}

bool was_run(const Policy& policy, std::string_view named, const std::vector<std::string>& run) {
  return std::any_of(run.begin(), run.end(), [&](const std::string& one) { return same_command(policy, named, one); });
}

}  // namespace launchgate::evidence
