#include "lib/secrets/mask.hpp"

#include <algorithm>

#include "lib/base/source_text.hpp"
#include "lib/base/utf8.hpp"

namespace launchgate::secrets {
namespace {

constexpr std::size_t most_shown = 4;
constexpr std::size_t long_enough_for_all = 16;
constexpr std::size_t long_enough_for_one = 8;
constexpr std::size_t reach = 600;  // bytes to either side; more than an excerpt shows

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; }

}  // namespace

std::size_t showable(std::string_view secret) {
  const std::size_t most = secret.size() >= long_enough_for_all   ? most_shown
                           : secret.size() >= long_enough_for_one ? 1
                                                                  : 0;
  for (std::size_t i = 0; i < most; ++i) {
    if (secret[i] < '!' || secret[i] > '~') return i;
  }
  return most;
}

std::vector<Hidden> united(std::vector<Hidden> hidden) {
  std::sort(hidden.begin(), hidden.end(), [](const Hidden& a, const Hidden& b) { return a.begin < b.begin; });
  std::vector<Hidden> out;
  for (const Hidden& one : hidden) {
    if (one.end <= one.begin) continue;
    if (out.empty() || one.begin >= out.back().end) {
      out.push_back(one);
      continue;
    }
    Hidden& last = out.back();
    last.shown =
        one.begin == last.begin ? std::min(last.shown, one.shown) : std::min(last.shown, one.begin - last.begin);
    last.end = std::max(last.end, one.end);
  }
  return out;
}

std::string masked(std::string_view text, std::size_t begin, const std::vector<Hidden>& hidden) {
  std::string out;
  std::size_t at = begin;
  const std::size_t end = begin + text.size();
  auto next = std::partition_point(hidden.begin(), hidden.end(), [&](const Hidden& one) { return one.end <= begin; });
  while (at < end) {
    if (next == hidden.end() || next->begin >= end) {
      out += text.substr(at - begin);
      break;
    }
    const std::size_t clear = std::max(at, next->begin + next->shown);
    out += text.substr(at - begin, std::min(clear, end) - at);
    for (at = std::min(clear, end); at < std::min(next->end, end); ++at) {
      const char c = text[at - begin];
      if (c == '\n' || c == '\r') {
        out += c;
      } else if (!continues(c)) {
        out += '*';
      }
    }
    ++next;
  }
  return out;
}

std::string without(std::string text, const std::vector<std::string>& values) {
  std::vector<Hidden> hidden;
  for (const std::string& value : values) {
    for (std::size_t at = text.find(value); at != std::string::npos; at = text.find(value, at + 1))
      hidden.push_back({at, at + value.size(), showable(value)});
  }
  return hidden.empty() ? text : masked(text, 0, united(std::move(hidden)));
}

finding::Excerpt masked_excerpt(std::string_view text, std::size_t begin, std::size_t end,
                                const std::vector<Hidden>& all_hidden, const std::vector<std::string>& values) {
  std::size_t first = begin;
  while (first > 0 && begin - first < reach && text[first - 1] != '\n') --first;
  while (first < begin && continues(text[first])) ++first;
  std::size_t last = begin;
  while (last < text.size() && last - begin < reach && text[last] != '\n' && text[last] != '\r') ++last;
  while (last > begin && last < text.size() && continues(text[last])) --last;
  std::vector<Hidden> here(
      std::partition_point(all_hidden.begin(), all_hidden.end(), [&](const Hidden& one) { return one.end <= first; }),
      std::partition_point(all_hidden.begin(), all_hidden.end(), [&](const Hidden& one) { return one.begin < last; }));
  const std::string_view shown = text.substr(first, last - first);
  for (const std::string& value : values) {
    for (std::size_t at = shown.find(value); at != std::string_view::npos; at = shown.find(value, at + 1)) {
      here.push_back({first + at, first + at + value.size(), showable(value)});
    }
  }
  const std::vector<Hidden> hidden = united(std::move(here));
  const std::string before = masked(text.substr(first, begin - first), first, hidden);
  const std::string marked = masked(text.substr(begin, std::min(end, last) - begin), begin, hidden);
  const std::string after = end < last ? masked(text.substr(end, last - end), end, hidden) : std::string();
  const auto column = static_cast<std::uint32_t>(base::count_code_points(before)) + 1;
  const auto width = static_cast<std::uint32_t>(std::max<std::size_t>(base::count_code_points(marked), 1));
  return finding::make_excerpt(base::SourceText("", before + marked + after), {{1, column}, {1, column + width}});
}

}  // namespace launchgate::secrets
