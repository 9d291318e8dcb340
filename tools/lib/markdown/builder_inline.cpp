#include <algorithm>

#include "lib/base/utf8.hpp"
#include "lib/markdown/builder.hpp"

// Where inlines stand: cmark's positions corrected against the source.
namespace launchgate::markdown {
namespace {

std::uint32_t narrow(std::size_t value) { return static_cast<std::uint32_t>(value); }

// Of what looks like an entity at `at`, else 1.
std::size_t entity_length(std::string_view source, std::size_t at) {
  constexpr std::size_t longest = 40;
  if (at >= source.size() || source[at] != '&') return 1;
  const std::size_t semicolon = source.substr(at, longest).find(';');
  return semicolon == std::string_view::npos ? 1 : semicolon + 1;
}

}  // namespace

// The first byte of a line's content: after the quote markers that contain the block, and the indentation.
std::size_t Builder::content_start(std::uint32_t line) {
  if (leaf_.cached_line == line) return leaf_.cached_start;
  std::size_t at = document_.source_->line_start(line);
  const std::size_t end = line_end(line);
  std::size_t markers = quotes_;
  while (at < end) {
    const char c = text()[at];
    if (c == '>' && markers > 0) {
      --markers;
    } else if (c != ' ' && c != '\t') {
      break;
    }
    ++at;
  }
  leaf_.cached_line = line;
  leaf_.cached_start = at;
  return at;
}

// Where cmark's position of an inline lies, if its column is right.
std::size_t Builder::hint(cmark_node* node) {
  if (cmark_node_get_start_line(node) == 0) return leaf_.cursor;
  const std::uint32_t line = inline_line(node);
  const auto column = static_cast<std::size_t>(std::max(1, cmark_node_get_start_column(node)) - 1);
  std::size_t at = document_.source_->line_start(line) + column;
  if (line != leaf_.line) at = content_start(line) + (column >= leaf_.column ? column - leaf_.column : 0);
  return std::min(std::max(at, leaf_.cursor), text().size());
}

// Where the shown text begins when it does not stand at `at`: there nevertheless if it begins with an escape, an entity
// or the right character, further on in the line where markup stands before it, or in a later line of the block.
std::size_t Builder::find_start(std::string_view shown, std::size_t at, cmark_node* node) {
  const std::string_view source = text();
  const auto first = at < source.size() ? source[at] : '\n';
  if (first == '\\' || first == '&' || first == shown[0]) return at;
  constexpr std::size_t longest_word = 24;
  const std::string_view word = shown.substr(0, std::min(shown.find_first_of("&\\", 1), longest_word));
  const std::uint32_t line = inline_line(node);
  const std::size_t end = line_end(line);
  if (at < end) {
    const std::size_t found = source.substr(at, end - at).find(word);
    if (found != std::string_view::npos) return at + found;
  }
  for (std::uint32_t next = line + 1; next <= document_.source_->line_count(); ++next) {
    const std::size_t begin = content_start(next);
    const std::size_t stop = line_end(next);
    if (begin >= stop) break;
    const std::size_t found = source.substr(begin, stop - begin).find(word);
    if (found == std::string_view::npos) continue;
    leaf_.drift += next - line;
    return begin + found;
  }
  return at;
}

std::size_t Builder::skip_line_end(std::size_t at) {
  if (at < text().size() && text()[at] == '\r') ++at;
  if (at < text().size() && text()[at] == '\n') ++at;
  return content_start(document_.source_->position(at).line);
}

// Follows the shown text and the source side by side from `at` on. A backslash before the wanted character is an
// escape, `&…;` an entity; a line end stands for a blank. Where neither helps, the rest of the shown text is mapped to
// the rest of the line as a whole.
void Builder::align(std::string_view shown, std::size_t at, std::uint32_t line) {
  const std::string_view source = text();
  const std::size_t limit = line_end(line);
  std::size_t i = 0;
  while (i < shown.size()) {
    std::size_t same = 0;
    while (i + same < shown.size() && at + same < source.size() && shown[i + same] == source[at + same]) {
      if (source[at + same] == '&' || source[at + same] == '\\') {
        if (same > 0) break;
        // Taken as it stands only when the whole entity or escape is shown as it stands.
        const std::size_t length = entity_length(source, at);
        const bool verbatim = source[at] == '\\' || shown.substr(i, length) == source.substr(at, length);
        if (!verbatim) break;
      }
      ++same;
      if (same == 1 && (source[at] == '&' || source[at] == '\\')) break;
    }
    if (same > 0) {
      document_.text_.add(shown.substr(i, same), at);
      i += same;
      at += same;
      continue;
    }
    const std::size_t character =
        std::min(base::utf8_sequence_length(static_cast<unsigned char>(shown[i])), shown.size() - i);
    if (at + 1 < source.size() && source[at] == '\\' && source[at + 1] == shown[i]) {
      document_.text_.add_other(shown.substr(i, 1), at, at + 2);
      at += 2;
      ++i;
    } else if (at < source.size() && (source[at] == '\n' || source[at] == '\r') && shown[i] == ' ') {
      const std::size_t next = skip_line_end(at);
      document_.text_.add_other(" ", at, next);
      at = next;
      ++i;
    } else if (const std::size_t length = entity_length(source, at); length > 1) {
      document_.text_.add_other(shown.substr(i, character), at, at + length);
      at += length;
      i += character;
    } else {
      const std::size_t end = std::max(limit, std::min(at, source.size()));
      const std::size_t begin = std::min(at, end);
      document_.text_.add_other(shown.substr(i), begin, end);
      at = end;
      break;
    }
  }
  leaf_.cursor = std::max(leaf_.cursor, at);
}

void Builder::inline_text(cmark_node* node, bool code) {
  const std::string_view shown = literal_of(node);
  if (shown.empty() || leaf_.node == no_node) return;
  std::size_t at = hint(node);
  const auto stands_at = [&](std::size_t offset) { return text().substr(offset, shown.size()) == shown; };
  if (!stands_at(at)) at = find_start(shown, at, node);
  if (after_break_) {
    const std::size_t begin = leaf_.cursor;
    const std::size_t end = std::min(at, std::max(begin, content_start(inline_line(node))));
    document_.text_.add_other(" ", std::min(begin, end), end);
    after_break_ = false;
  }
  const std::uint32_t before = document_.text_.size();
  if (stands_at(at)) {
    document_.text_.add(shown, at);
    leaf_.cursor = at + shown.size();
  } else {
    align(shown, at, inline_line(node));
  }
  if (code && document_.text_.size() > before) document_.code_spans_.push_back({before, document_.text_.size()});
}

void Builder::open_link(cmark_node* node, bool image) {
  Link link;
  link.node = leaf_.node == no_node ? 0 : leaf_.node;
  link.image = image;
  const char* target = cmark_node_get_url(node);
  link.target = target == nullptr ? "" : target;
  link.source.begin = narrow(hint(node));
  link.text.begin = document_.text_.size();
  open_links_.push_back(narrow(document_.links_.size()));
  document_.links_.push_back(std::move(link));
  if (image) document_.text_.begin_weak();
}

void Builder::close_link() {
  Link& link = document_.links_[open_links_.back()];
  open_links_.pop_back();
  if (link.image) document_.text_.end_weak();
  link.text.end = document_.text_.size();
  if (!link.text.empty() && document_.text_.text()[link.text.begin] == ' ') ++link.text.begin;
  // The target follows the shown text; a reference's target stands elsewhere.
  constexpr std::size_t window = 4096;
  const std::string_view after = text().substr(leaf_.cursor, link.target.size() + window);
  const std::size_t line_feed = std::min(after.find("\n\n"), after.size());
  const std::size_t found = link.target.empty() ? std::string_view::npos : after.substr(0, line_feed).find(link.target);
  if (found != std::string_view::npos &&
      after.substr(0, found).find_first_not_of("]*_`~)(< \t\r\n") == std::string_view::npos) {
    link.source = {narrow(leaf_.cursor + found), narrow(leaf_.cursor + found + link.target.size())};
    leaf_.cursor = link.source.end;
  } else {
    link.source.end = narrow(std::max<std::size_t>(link.source.begin + 1, leaf_.cursor));
  }
}

}  // namespace launchgate::markdown
