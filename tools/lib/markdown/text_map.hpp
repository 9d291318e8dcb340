#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace launchgate::markdown {

// Half-open, in bytes.
struct Range {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t size() const { return end - begin; }
  bool empty() const { return begin == end; }
  friend bool operator==(const Range&, const Range&) = default;
};

// What a reader sees of a document, as one string in which every block ends with a line feed, and a way back from each byte of it to the
// source. Within a block a run of white space is one blank. Characters that look alike to a reader are unified, so that a phrase is found
// however it was typed: the Unicode blanks are blanks, typographic quotes and hyphens are their ASCII forms, and soft hyphens and
// zero-width characters are left out.
class TextMap {
 public:
  const std::string& text() const { return text_; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(text_.size()); }

  // Where in the source a non-empty piece of the text stands.
  Range source(Range range) const;
  // What of the source between two offsets is shown.
  Range shown(Range source) const;
  // Whether a piece of the text touches what is shown weakly (see WeakScope).
  bool is_weak(Range range) const;

  void reserve(std::size_t bytes) { text_.reserve(bytes); }
  // Ends the block before and starts the next.
  void begin_block();
  // Drops a blank at the end of the block.
  void end_block();
  // `shown` is a copy of the source at `source`, byte by byte.
  void add(std::string_view shown, std::size_t source);
  // `shown` stands for source[begin, end), which reads differently (an entity, an escape).
  void add_other(std::string_view shown, std::size_t begin, std::size_t end);

  // What is added between the two calls is weak: a reader may see it (HTML, the alternative text of a picture, struck-out words, titles in
  // the front matter), so that it may not say what is forbidden; but it does not count where something is required.
  void begin_weak() { weak_from_ = size(); }
  void end_weak();

 private:
  // text_[text] … maps to source[begin, end); byte by byte when the lengths agree, as a whole otherwise.
  struct Piece {
    Range text;
    Range source;
    bool linear() const { return text.size() == source.size(); }
  };
  void append(std::string_view bytes, std::size_t begin, std::size_t end);
  void add_blank(std::size_t begin, std::size_t end);
  std::size_t piece_at(std::uint32_t offset) const;

  std::string text_;
  std::vector<Piece> pieces_;
  std::vector<Range> weak_;
  std::uint32_t weak_from_ = 0;
};

}  // namespace launchgate::markdown
