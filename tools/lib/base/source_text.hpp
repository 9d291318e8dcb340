#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"

namespace launchgate::base {

// The text of one file together with the offsets of its line starts. Lines end at LF; a CR before it belongs to the
// line ending. The line index is built on first use, once, whichever thread comes first: documents without findings
// never pay for it. Copies share it.
class SourceText {
 public:
  SourceText(std::string path, std::string text)
      : path_(std::move(path)), text_(std::move(text)), index_(std::make_shared<Index>()) {}

  // As the user should see it: relative to the root, with forward slashes.
  const std::string& path() const { return path_; }
  std::string_view text() const { return text_; }

  // `offset` is in bytes; an offset past the end is the position just after the last character.
  Position position(std::size_t offset) const;
  Span span(std::size_t begin, std::size_t end) const { return {position(begin), position(end)}; }
  // The inverse; the end of the line or of the text for a place behind it.
  std::size_t offset(Position position) const;

  // Without its line ending; empty for a line that does not exist. Counts from 1.
  std::string_view line(std::uint32_t number) const;
  std::uint32_t line_count() const;
  // Byte offset of the first character of a line.
  std::size_t line_start(std::uint32_t number) const;

 private:
  // A place within a long line, so that counting its columns need not start at the line's beginning.
  struct Mark {
    std::size_t offset;
    std::size_t column;  // from 0
  };

  struct Index {
    std::once_flag lines_once;
    std::vector<std::size_t> line_starts;
    std::once_flag marks_once;
    std::vector<Mark> marks;
  };

  const std::vector<std::size_t>& starts() const;
  const std::vector<Mark>& marks() const;

  std::string path_;
  std::string text_;
  std::shared_ptr<Index> index_;
};

}  // namespace launchgate::base
