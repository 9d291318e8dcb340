#include "lib/prose/keyword_lines.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "lib/base/ascii.hpp"

namespace launchgate::prose {

using markdown::Range;

namespace {

constexpr std::array<std::uint8_t, 256> fold_table() {
  std::array<std::uint8_t, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i)
    table[i] = static_cast<std::uint8_t>(base::lower(static_cast<char>(i)));
  return table;
}
constexpr std::array<std::uint8_t, 256> folded_byte = fold_table();

std::uint8_t fold(char c) { return folded_byte[static_cast<std::uint8_t>(c)]; }

struct Keyword {
  std::string_view text;
  std::size_t list;
};

bool stands_at(std::string_view text, std::size_t at, std::string_view word) {
  return word.size() <= text.size() - at &&
         std::equal(word.begin(), word.end(), text.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char own, char other) { return static_cast<std::uint8_t>(own) == fold(other); });
}

Range line_at(std::string_view text, std::size_t at) {
  const std::size_t before = text.rfind('\n', at);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(std::min(text.find('\n', at), text.size()))};
}

}  // namespace

std::vector<std::vector<Range>> lines_with(const std::vector<const std::vector<std::string>*>& lists,
                                           std::string_view text) {
  std::vector<std::vector<Range>> found(lists.size());
  // 0: no keyword begins with the pair; else one more than the group that does.
  std::vector<std::uint8_t> group_of(1U << 16);
  std::vector<std::vector<Keyword>> groups;
  constexpr std::size_t most_groups = 255;
  for (std::size_t list = 0; list < lists.size(); ++list) {
    const auto too_short = [](const std::string& word) { return word.size() < 2; };
    if (lists[list]->empty() || std::any_of(lists[list]->begin(), lists[list]->end(), too_short)) {
      found[list].push_back({0, static_cast<std::uint32_t>(text.size())});
      continue;
    }
    for (const std::string& word : *lists[list]) {
      std::uint8_t& group = group_of[static_cast<std::size_t>(fold(word[0])) << 8 | fold(word[1])];
      if (group == 0) {
        if (groups.size() < most_groups) groups.emplace_back();
        group = static_cast<std::uint8_t>(groups.size());
      }
      groups[group - 1U].push_back({word, list});
    }
  }
  if (groups.empty() || text.size() < 2) return found;
  std::size_t pair = fold(text[0]);
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    pair = (pair << 8 | fold(text[at + 1])) & 0xFFFF;
    const std::uint8_t group = group_of[pair];
    if (group == 0) continue;
    for (const Keyword& word : groups[group - 1U]) {
      std::vector<Range>& lines = found[word.list];
      if ((!lines.empty() && at < lines.back().end) || !stands_at(text, at, word.text)) continue;
      lines.push_back(line_at(text, at));
    }
  }
  return found;
}

}  // namespace launchgate::prose
