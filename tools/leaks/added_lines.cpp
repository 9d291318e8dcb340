#include "leaks/added_lines.hpp"

#include <algorithm>
#include <cstddef>
#include <unordered_map>

namespace launchgate::leaks {
namespace {

template <typename Visit>
void each_line(std::string_view text, const Visit& visit) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    visit(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

std::vector<bool> added_lines(std::string_view before, std::string_view after) {
  std::unordered_map<std::string_view, std::size_t> known;
  each_line(before, [&](std::string_view line) { ++known[line]; });
  std::vector<bool> added = {false};
  each_line(after, [&](std::string_view line) {
    const auto found = known.find(line);
    const bool old = found != known.end() && found->second > 0;
    if (old) --found->second;
    added.push_back(!old);
  });
  return added;
}

bool touches(const std::vector<bool>& added, const base::Span& span) {
  for (std::size_t line = span.begin.line; line <= span.end.line && line < added.size(); ++line) {
    if (added[line]) return true;
  }
  return false;
}

}  // namespace launchgate::leaks
