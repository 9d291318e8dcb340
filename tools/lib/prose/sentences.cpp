#include "lib/prose/sentences.hpp"

#include <algorithm>
#include <array>

#include "lib/base/ascii.hpp"

namespace launchgate::prose {
namespace {

using base::is_letter;
using base::is_upper;

bool ends_with_abbreviation(std::string_view text) {
  constexpr std::array<std::string_view, 12> known = {"e.g",  "i.e",  "etc", "vs",  "cf", "approx",
                                                      "incl", "resp", "no",  "fig", "dr", "inc"};
  std::size_t begin = text.size();
  while (begin > 0 && (is_letter(text[begin - 1]) || text[begin - 1] == '.')) --begin;
  const std::string_view word = text.substr(begin);
  if (word.size() == 1 && is_upper(word[0])) return true;
  return std::any_of(known.begin(), known.end(), [&](std::string_view one) {
    return one.size() == word.size() &&
           std::equal(one.begin(), one.end(), word.begin(), [](char a, char b) { return a == base::lower(b); });
  });
}

bool can_begin(char c) { return !base::is_lower(c) && c != ',' && c != ';' && c != ':' && c != ')' && c != '.'; }

}  // namespace

std::vector<markdown::Range> sentences(std::string_view block) {
  std::vector<markdown::Range> found;
  std::size_t begin = 0;
  const auto end_at = [&](std::size_t end) {
    while (begin < end && (block[begin] == ' ' || block[begin] == '\n')) ++begin;
    if (end > begin) found.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
    begin = end;
  };
  for (std::size_t i = 0; i < block.size(); ++i) {
    const char c = block[i];
    if (c == '\n') {
      end_at(i);
      continue;
    }
    if (c != '.' && c != '!' && c != '?') continue;
    std::size_t end = i + 1;
    while (end < block.size() &&
           (block[end] == '"' || block[end] == '\'' || block[end] == ')' || block[end] == ']' || block[end] == '*'))
      ++end;
    if (end >= block.size() || block[end] != ' ' || end + 1 >= block.size() || !can_begin(block[end + 1])) continue;
    if (c == '.' && ends_with_abbreviation(block.substr(0, i))) continue;
    end_at(end);
    i = end - 1;
  }
  end_at(block.size());
  return found;
}

}  // namespace launchgate::prose
