#include "lib/markdown/work.hpp"

#include <algorithm>

#include "lib/base/ascii.hpp"

namespace launchgate::markdown {
namespace {

using base::is_digit;
using base::is_letter;

constexpr std::uint64_t per_open_container = 40;  // for each line
constexpr std::uint64_t per_declaration_byte = 1;
constexpr std::uint64_t per_bracket_pair = 3;
constexpr std::uint64_t per_pipe_pair = 3;
constexpr std::uint64_t per_filled_cell = 400;
constexpr std::size_t narrow_row = 200;     // rows of fewer cells are linear enough
constexpr std::size_t narrowest_level = 2;  // columns that a nested list is indented by at least
constexpr std::size_t cut_distance = 4 * 1024;
constexpr std::size_t longest_paragraph = 1024 * 1024;
constexpr std::uint64_t most_nodes = 3'000'000;  // between two cuts; a node of the parser takes about 200 bytes

struct Markers {
  std::size_t indent = 0;  // before the first
  std::size_t count = 0;
  std::size_t before_quote = 0;  // list markers before the first `>`
  bool blank = false;
};

// Container markers at the start of a line.
Markers markers_of(std::string_view line) {
  Markers found;
  bool quoted = false;
  std::size_t at = 0;
  const auto ends_marker = [&](std::size_t i) {
    return i >= line.size() || line[i] == ' ' || line[i] == '\t' || line[i] == '\r';
  };
  while (true) {
    while (at < line.size() && (line[at] == ' ' || line[at] == '\t')) ++at;
    if (found.count == 0) found.indent = at;
    if (at >= line.size() || line[at] == '\r') break;
    const char c = line[at];
    if (c == '>') {
      quoted = true;
      ++at;
    } else if ((c == '-' || c == '+' || c == '*') && ends_marker(at + 1)) {
      if (!quoted) ++found.before_quote;
      ++at;
    } else if (is_digit(c)) {
      std::size_t end = at;
      while (end < line.size() && is_digit(line[end])) ++end;
      if (end >= line.size() || (line[end] != '.' && line[end] != ')') || !ends_marker(end + 1)) break;
      if (!quoted) ++found.before_quote;
      at = end + 1;
    } else {
      break;
    }
    ++found.count;
  }
  found.blank = found.count == 0 && (at >= line.size() || line[at] == '\r');
  return found;
}

// An item of a bullet list that begins with a word, so that it can be no thematic break.
bool is_bullet(std::string_view line) {
  return line.size() > 2 && (line[0] == '-' || line[0] == '*' || line[0] == '+') && line[1] == ' ' &&
         (is_letter(line[2]) || is_digit(line[2]) || line[2] == '[' || line[2] == '`');
}

bool is_delimiter_row(std::string_view line) {
  return line.find('-') != std::string_view::npos && line.find_first_not_of(" \t\r|:->+*") == std::string_view::npos;
}

// `[label]: target` with an indent of at most three.
bool is_definition(std::string_view line) {
  const std::size_t open = line.find_first_not_of(' ');
  if (open == std::string_view::npos || open > 3 || line[open] != '[') return false;
  const std::size_t close = line.find("]:", open);
  return close != std::string_view::npos && close > open + 1 &&
         line.find_first_not_of(" \t\r", close + 2) != std::string_view::npos;
}

class Surveyor {
 public:
  Surveyor(std::string_view text, std::uint64_t limit) : text_(text), limit_(limit) {}

  Survey run(std::size_t at) {
    while (at < text_.size()) {
      std::size_t end = text_.find('\n', at);
      end = end == std::string_view::npos ? text_.size() : end + 1;
      const std::size_t length = end - at - (text_[end - 1] == '\n' ? 1 : 0);
      line(text_.substr(at, length), at);
      at = end;
    }
    end_paragraph();
    return std::move(survey_);
  }

 private:
  void spend(std::uint64_t work, std::size_t at) {
    const bool below = survey_.work <= limit_;
    survey_.work += work;
    if (below && survey_.work > limit_) survey_.heaviest = at;
  }

  void cut(std::size_t at) {
    const std::size_t last = survey_.cuts.empty() ? 0 : survey_.cuts.back();
    if (at - last < cut_distance) return;
    if (!after_blank_) end_paragraph();
    survey_.cuts.push_back(static_cast<std::uint32_t>(at));
    nodes_ = 0;
  }

  void end_paragraph() {
    spend(declarations_ * paragraph_bytes_ * per_declaration_byte / 2 + pictures_ * closings_ * per_bracket_pair,
          paragraph_at_);
    declarations_ = 0;
    pictures_ = 0;
    closings_ = 0;
    paragraph_bytes_ = 0;
    columns_ = 0;
  }

  void line(std::string_view line, std::size_t at) {
    const Markers markers = markers_of(line);
    if (markers.blank) {
      depth_ = std::min(depth_, list_depth_);
      spend(depth_ * per_open_container, at);
      end_paragraph();
      after_blank_ = true;
      return;
    }
    const bool begins_word = is_letter(line[0]) || static_cast<unsigned char>(line[0]) >= 0x80;
    if (after_blank_ ? begins_word || line[0] == '#'
                     : is_bullet(line) || (begins_word && paragraph_bytes_ > longest_paragraph))
      cut(at);
    nest(markers, at);
    if (paragraph_bytes_ == 0) paragraph_at_ = at;
    paragraph_bytes_ += line.size();
    inlines(line, at);
    if (is_definition(line)) {
      survey_.definitions.append(line);
      survey_.definitions += '\n';
      ++survey_.definition_lines;
    }
    after_blank_ = false;
  }

  void nest(const Markers& markers, std::size_t at) {
    const std::size_t kept = std::min(depth_, markers.indent / narrowest_level);
    if (markers.count > 0 || after_blank_) {
      depth_ = kept + markers.count;
      list_depth_ = std::min(list_depth_, kept) + markers.before_quote;
    }
    spend(depth_ * per_open_container, at);
  }

  void inlines(std::string_view line, std::size_t at) {
    std::uint64_t pipes = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const char next = i + 1 < line.size() ? line[i + 1] : ' ';
      switch (line[i]) {
        case '|':
          ++pipes;
          break;
        case ']':
          ++closings_;
          break;
        case '!':
          pictures_ += next == '[' ? 1 : 0;
          break;
        case '<':
          declarations_ += next == '!' || next == '?' ? 1 : 0;
          break;
        default:
          break;
      }
    }
    const bool bounded = nodes_ <= most_nodes;
    nodes_ += 2 + pipes * 2;
    if (bounded && nodes_ > most_nodes) spend(limit_ + 1, at);
    if (pipes > narrow_row) spend(pipes * pipes * per_pipe_pair, at);
    if (is_delimiter_row(line)) {
      columns_ = std::max(columns_, pipes + 1);
    } else if (columns_ > pipes + 1) {
      spend((columns_ - pipes - 1) * per_filled_cell, at);
    }
  }

  std::string_view text_;
  std::uint64_t limit_;
  Survey survey_;
  std::size_t depth_ = 0;       // containers that may be open
  std::size_t list_depth_ = 0;  // those of them that outlast a blank line
  bool after_blank_ = true;
  std::uint64_t nodes_ = 0;  // since the last cut
  std::uint64_t declarations_ = 0;
  std::uint64_t pictures_ = 0;
  std::uint64_t closings_ = 0;
  std::uint64_t columns_ = 0;
  std::uint64_t paragraph_bytes_ = 0;
  std::size_t paragraph_at_ = 0;
};

}  // namespace

Survey survey(std::string_view text, std::size_t from, std::uint64_t limit) { return Surveyor(text, limit).run(from); }

}  // namespace launchgate::markdown
