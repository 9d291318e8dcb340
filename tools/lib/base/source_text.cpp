#include "lib/base/source_text.hpp"

#include <algorithm>
#include <cstring>

#include "lib/base/utf8.hpp"

namespace launchgate::base {
namespace {

constexpr std::size_t mark_distance = 4096;

}  // namespace

const std::vector<std::size_t>& SourceText::starts() const {
  std::call_once(index_->lines_once, [this] {
    std::vector<std::size_t>& found = index_->line_starts;
    found.push_back(0);
    const char* const begin = text_.data();
    const char* const end = begin + text_.size();
    const char* at = begin;
    while (at < end) {
      const void* newline = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
      if (newline == nullptr) break;
      at = static_cast<const char*>(newline) + 1;
      found.push_back(static_cast<std::size_t>(at - begin));
    }
  });
  return index_->line_starts;
}

const std::vector<SourceText::Mark>& SourceText::marks() const {
  std::call_once(index_->marks_once, [this] {
    const std::string_view text = text_;
    const auto& lines = starts();
    for (std::size_t line = 0; line < lines.size(); ++line) {
      const std::size_t end = line + 1 < lines.size() ? lines[line + 1] : text.size();
      std::size_t at = lines[line];
      for (std::size_t column = 0; end - at > mark_distance;) {
        const std::string_view stretch = utf8_prefix(text.substr(at, end - at), mark_distance);
        column += count_code_points(stretch);
        at += stretch.size();
        index_->marks.push_back({at, column});
      }
    }
  });
  return index_->marks;
}

std::size_t SourceText::offset(Position position) const {
  const std::string_view whole = line(position.line);
  const std::size_t start = line_start(position.line);
  std::size_t wanted = position.column == 0 ? 0 : position.column - 1;
  std::size_t at = 0;
  if (whole.size() > mark_distance) {
    const auto& all = marks();
    const auto first = std::lower_bound(all.begin(), all.end(), start,
                                        [](const Mark& mark, std::size_t place) { return mark.offset < place; });
    const auto last = std::lower_bound(first, all.end(), start + whole.size(),
                                       [](const Mark& mark, std::size_t place) { return mark.offset < place; });
    const auto after = std::upper_bound(first, last, wanted,
                                        [](std::size_t column, const Mark& mark) { return column < mark.column; });
    if (after != first) {
      at = std::prev(after)->offset - start;
      wanted -= std::prev(after)->column;
    }
  }
  return start + at + code_points_prefix(whole.substr(at), wanted).size();
}

Position SourceText::position(std::size_t offset) const {
  offset = std::min(offset, text_.size());
  const auto& lines = starts();
  const auto after = std::upper_bound(lines.begin(), lines.end(), offset);
  const auto line = static_cast<std::size_t>(after - lines.begin());
  const std::size_t start = lines[line - 1];
  std::size_t from = start;
  std::size_t column = 0;
  if (offset - start > mark_distance) {
    const auto& all = marks();
    const auto next = std::upper_bound(all.begin(), all.end(), offset,
                                       [](std::size_t place, const Mark& mark) { return place < mark.offset; });
    if (next != all.begin() && std::prev(next)->offset > start) {
      from = std::prev(next)->offset;
      column = std::prev(next)->column;
    }
  }
  column += count_code_points(std::string_view(text_).substr(from, offset - from));
  return {static_cast<std::uint32_t>(line), static_cast<std::uint32_t>(column + 1)};
}

std::uint32_t SourceText::line_count() const { return static_cast<std::uint32_t>(starts().size()); }

std::size_t SourceText::line_start(std::uint32_t number) const {
  const auto& lines = starts();
  if (number == 0 || number > lines.size()) return text_.size();
  return lines[number - 1];
}

std::string_view SourceText::line(std::uint32_t number) const {
  const auto& lines = starts();
  if (number == 0 || number > lines.size()) return {};
  const std::size_t begin = lines[number - 1];
  std::size_t end = number < lines.size() ? lines[number] - 1 : text_.size();
  if (end > begin && text_[end - 1] == '\r') --end;
  return std::string_view(text_).substr(begin, end - begin);
}

}  // namespace launchgate::base
