#include "lib/markdown/text_map.hpp"

#include <algorithm>

#include "lib/base/ascii.hpp"
#include "lib/base/utf8.hpp"

namespace launchgate::markdown {
namespace {

bool is_plain(char c) { return c > ' ' && c < 0x7F; }

// How a character outside ASCII is read, or the character itself.
std::string_view unified(std::string_view character) {
  if (character.size() == 2) {
    if (character == "\u00A0") return " ";
    if (character == "\u00AD") return "";
    return character;
  }
  if (character.size() != 3) return character;
  const auto second = static_cast<unsigned char>(character[1]);
  const auto third = static_cast<unsigned char>(character[2]);
  const auto first = static_cast<unsigned char>(character[0]);
  if (first == 0xE2 && second == 0x80) {
    if (third <= 0x8A || third == 0xAF) return " ";   // U+2000 to U+200A, U+202F
    if (third >= 0x8B && third <= 0x8D) return "";    // zero width
    if (third == 0x90 || third == 0x91) return "-";   // hyphens
    if (third == 0x98 || third == 0x99) return "'";   // single quotes
    if (third == 0x9C || third == 0x9D) return "\"";  // double quotes
  }
  if (first == 0xE2 && second == 0x81 && third == 0x9F) return " ";  // U+205F
  if (first == 0xE2 && second == 0x81 && third == 0xA0) return "";   // word joiner
  if (first == 0xE3 && second == 0x80 && third == 0x80) return " ";  // U+3000
  if (first == 0xEF && second == 0xBB && third == 0xBF) return "";   // U+FEFF
  return character;
}

std::uint32_t narrow(std::size_t value) { return static_cast<std::uint32_t>(value); }

}  // namespace

std::size_t TextMap::piece_at(std::uint32_t offset) const {
  const auto after = std::upper_bound(pieces_.begin(), pieces_.end(), offset,
                                      [](std::uint32_t at, const Piece& piece) { return at < piece.text.begin; });
  return after == pieces_.begin() ? 0 : static_cast<std::size_t>(after - pieces_.begin()) - 1;
}

Range TextMap::source(Range range) const {
  if (pieces_.empty()) return {};
  std::size_t first = piece_at(range.begin);
  if (range.begin >= pieces_[first].text.end && first + 1 < pieces_.size()) ++first;
  const Piece& from = pieces_[first];
  Range out;
  const bool inside = range.begin >= from.text.begin && range.begin < from.text.end;
  out.begin = inside && from.linear() ? from.source.begin + (range.begin - from.text.begin) : from.source.begin;
  if (range.empty()) {
    if (range.begin >= from.text.end) out.begin = from.source.end;
    out.end = out.begin;
    return out;
  }
  const Piece& to = pieces_[piece_at(range.end - 1)];
  const bool ends_inside = range.end <= to.text.end;
  out.end = ends_inside && to.linear() ? to.source.begin + (range.end - to.text.begin) : to.source.end;
  out.end = std::max(out.begin, out.end);
  return out;
}

Range TextMap::shown(Range source) const {
  const auto first = std::lower_bound(pieces_.begin(), pieces_.end(), source.begin,
                                      [](const Piece& piece, std::uint32_t at) { return piece.source.end <= at; });
  auto last = first;
  while (last != pieces_.end() && last->source.begin < source.end) ++last;
  if (first == last) return {};
  --last;
  Range out{first->text.begin, last->text.end};
  if (first->linear() && source.begin > first->source.begin) out.begin += source.begin - first->source.begin;
  if (last->linear() && source.end < last->source.end) out.end -= last->source.end - source.end;
  return out;
}

bool TextMap::is_weak(Range range) const {
  const auto after = std::upper_bound(weak_.begin(), weak_.end(), range.begin,
                                      [](std::uint32_t at, const Range& weak) { return at < weak.end; });
  return after != weak_.end() && after->begin < range.end;
}

void TextMap::begin_block() {
  if (!text_.empty() && text_.back() != '\n') text_ += '\n';
}

void TextMap::end_block() {
  if (text_.empty() || text_.back() != ' ') return;
  text_.pop_back();
  Piece& last = pieces_.back();
  if (last.linear()) --last.source.end;
  if (--last.text.end == last.text.begin) pieces_.pop_back();
}

void TextMap::end_weak() {
  const Range range{std::min(weak_from_, size()), size()};
  if (range.empty()) return;
  if (!weak_.empty() && weak_.back().end >= range.begin) {
    weak_.back().end = range.end;
  } else {
    weak_.push_back(range);
  }
}

void TextMap::append(std::string_view bytes, std::size_t begin, std::size_t end) {
  const Range added{size(), size() + narrow(bytes.size())};
  const bool linear = bytes.size() == end - begin;
  text_ += bytes;
  if (linear && !pieces_.empty()) {
    Piece& last = pieces_.back();
    if (last.linear() && last.source.end == begin && last.text.end == added.begin) {
      last.source.end = narrow(end);
      last.text.end = added.end;
      return;
    }
  }
  pieces_.push_back({added, {narrow(begin), narrow(end)}});
}

void TextMap::add_blank(std::size_t begin, std::size_t end) {
  if (text_.empty() || text_.back() == '\n' || text_.back() == ' ') return;
  append(" ", begin, end);
}

void TextMap::add(std::string_view shown, std::size_t source) {
  std::size_t at = 0;
  while (at < shown.size()) {
    std::size_t end = at;
    // A single blank between words belongs to the run.
    while (end < shown.size() && (is_plain(shown[end]) || (shown[end] == ' ' && end > at && shown[end - 1] != ' ')))
      ++end;
    if (end > at) {
      append(shown.substr(at, end - at), source + at, source + end);
      at = end;
      continue;
    }
    if (base::is_space(shown[at])) {
      add_blank(source + at, source + at + 1);
      ++at;
      continue;
    }
    const std::size_t length =
        std::min(base::utf8_sequence_length(static_cast<unsigned char>(shown[at])), shown.size() - at);
    const std::string_view character = shown.substr(at, length);
    const std::string_view read = unified(character);
    if (read == " ") {
      add_blank(source + at, source + at + length);
    } else if (!read.empty()) {
      append(read, source + at, source + at + length);
    }
    at += length;
  }
}

void TextMap::add_other(std::string_view shown, std::size_t begin, std::size_t end) {
  if (shown.empty()) return;
  if (std::all_of(shown.begin(), shown.end(), base::is_space) || unified(shown) == " ") {
    add_blank(begin, end);
    return;
  }
  if (const std::string_view read = unified(shown); !read.empty()) append(read, begin, end);
}

}  // namespace launchgate::markdown
