#include "lib/base/source_text.hpp"

#include <algorithm>
#include <cstring>

#include "lib/base/utf8.hpp"

namespace launchgate::base {

const std::vector<std::size_t>& SourceText::starts() const {
  if (line_starts_.empty()) {
    line_starts_.push_back(0);
    const char* const begin = text_.data();
    const char* const end = begin + text_.size();
    const char* at = begin;
    while (at < end) {
      const void* newline = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
      if (newline == nullptr) break;
      at = static_cast<const char*>(newline) + 1;
      line_starts_.push_back(static_cast<std::size_t>(at - begin));
    }
  }
  return line_starts_;
}

Position SourceText::position(std::size_t offset) const {
  offset = std::min(offset, text_.size());
  const auto& lines = starts();
  const auto after = std::upper_bound(lines.begin(), lines.end(), offset);
  const auto line = static_cast<std::size_t>(after - lines.begin());
  const std::size_t start = lines[line - 1];
  const std::size_t column = count_code_points(std::string_view(text_).substr(start, offset - start));
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
