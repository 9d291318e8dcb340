#include "lib/markdown/builder.hpp"

#include <cmark-gfm-core-extensions.h>

#include <algorithm>
#include <cstring>

#include "lib/base/utf8.hpp"
#include "lib/markdown/html_text.hpp"

namespace launchgate::markdown {
namespace {

std::uint32_t narrow(std::size_t value) { return static_cast<std::uint32_t>(value); }

std::string_view literal_of(cmark_node* node) {
  const char* text = cmark_node_get_literal(node);
  return text == nullptr ? std::string_view() : std::string_view(text);
}

std::string_view type_of(cmark_node* node) { return cmark_node_get_type_string(node); }

// Of what looks like an entity at `at`, else 1.
std::size_t entity_length(std::string_view source, std::size_t at) {
  constexpr std::size_t longest = 40;
  if (at >= source.size() || source[at] != '&') return 1;
  const std::size_t semicolon = source.substr(at, longest).find(';');
  return semicolon == std::string_view::npos ? 1 : semicolon + 1;
}

}  // namespace

Builder::Builder(std::shared_ptr<const base::SourceText> source) { 
  document_.source_ = std::move(source);
  document_.text_.reserve(document_.source_->text().size());
}

void Builder::add_front_matter(Range source) {
  const std::uint32_t node = open(NodeKind::front_matter, source.begin);
  document_.text_.begin_weak();
  std::size_t at = source.begin;
  while (at < source.end) {
    const std::size_t end = std::min<std::size_t>(std::min(text().find('\n', at), text().size()), source.end);
    const std::string_view line = text().substr(at, end - at);
    if (line.find_first_not_of("-+.\r ") != std::string_view::npos) {
      document_.text_.begin_block();
      document_.text_.add(line, at);
      document_.text_.end_block();
    }
    at = end + 1;
  }
  document_.text_.end_weak();
  document_.nodes_[node].source.end = source.end;
  close();
}

std::uint32_t Builder::line_of(cmark_node* node) const {
  return static_cast<std::uint32_t>(cmark_node_get_start_line(node)) + line_shift_;
}

std::size_t Builder::line_end(std::uint32_t line) const {
  return document_.source_->line_start(line) + document_.source_->line(line).size();
}

std::size_t Builder::offset_of(cmark_node* node) const {
  const std::uint32_t line = line_of(node);
  const int column = std::max(1, cmark_node_get_start_column(node));
  return std::min(document_.source_->line_start(line) + static_cast<std::size_t>(column - 1), line_end(line));
}

std::uint32_t Builder::open(NodeKind kind, std::size_t begin) {
  Node node;
  node.kind = kind;
  node.parent = open_.empty() ? no_node : open_.back();
  if (open_.empty()) last_root_ = narrow(document_.nodes_.size());
  continues_ = false;
  node.source = {narrow(begin), narrow(begin)};
  if (kind != NodeKind::list && kind != NodeKind::item && kind != NodeKind::quote && kind != NodeKind::row && kind != NodeKind::table) {
    document_.text_.begin_block();
  }
  node.text = {document_.text_.size(), document_.text_.size()};
  document_.nodes_.push_back(node);
  open_.push_back(narrow(document_.nodes_.size() - 1));
  if (kind == NodeKind::quote) ++quotes_;
  return open_.back();
}

void Builder::close() {
  const std::uint32_t index = open_.back();
  open_.pop_back();
  Node& node = document_.nodes_[index];
  node.next = narrow(document_.nodes_.size());
  node.text.end = document_.text_.size();
  if (node.kind == NodeKind::quote) --quotes_;
  if (node.parent == no_node) return;
  Node& parent = document_.nodes_[node.parent];
  parent.source.end = std::max(parent.source.end, node.source.end);
  // A container's text begins after the line feed that its first block starts with.
  if (node.parent + 1 == index) parent.text.begin = node.text.begin;
}

void Builder::open_leaf(NodeKind kind, cmark_node* node) {
  leaf_ = {};
  leaf_.line = line_of(node);
  leaf_.column = static_cast<std::uint32_t>(std::max(0, cmark_node_get_start_column(node) - 1));
  leaf_.cursor = offset_of(node);
  leaf_.node = open(kind, leaf_.cursor);
  after_break_ = false;
}

void Builder::close_leaf() {
  document_.text_.end_block();
  Node& node = document_.nodes_[leaf_.node];
  std::size_t end = std::max<std::size_t>(node.source.end, leaf_.cursor);
  if (node.kind == NodeKind::heading) end = std::max(end, line_end(leaf_.line));
  node.source.end = narrow(end);
  close();
  leaf_.node = no_node;
}

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

// Where the shown text begins when it does not stand at `at`: there nevertheless if it begins with an escape, an entity or the right character,
// further on in the line where markup stands before it, or in a later line of the block.
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

// Follows the shown text and the source side by side from `at` on. A backslash before the wanted character is an escape, `&…;` an entity; a line
// end stands for a blank. Where neither helps, the rest of the shown text is mapped to the rest of the line as a whole.
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
    const std::size_t character = std::min(base::utf8_sequence_length(static_cast<unsigned char>(shown[i])), shown.size() - i);
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

void Builder::inline_break() { after_break_ = true; }

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
  if (found != std::string_view::npos && after.substr(0, found).find_first_not_of("]*_`~)(< \t\r\n") == std::string_view::npos) {
    link.source = {narrow(leaf_.cursor + found), narrow(leaf_.cursor + found + link.target.size())};
    leaf_.cursor = link.source.end;
  } else {
    link.source.end = narrow(std::max<std::size_t>(link.source.begin + 1, leaf_.cursor));
  }
}

template <typename Each>
void Builder::literal_lines(cmark_node* node, std::uint32_t first_line, Each each) {
  const std::string_view literal = literal_of(node);
  std::uint32_t line = first_line;
  std::size_t at = 0;
  while (at < literal.size()) {
    const std::size_t end = std::min(literal.find('\n', at), literal.size());
    std::string_view shown = literal.substr(at, end - at);
    if (!shown.empty() && shown.back() == '\r') shown.remove_suffix(1);
    const std::string_view source = document_.source_->line(line);
    std::size_t begin = document_.source_->line_start(line);
    if (source.size() >= shown.size() && source.substr(source.size() - shown.size()) == shown) {
      begin += source.size() - shown.size();
    } else {
      // A tab that was cut in two: the blanks that are left of it are not in the source.
      const std::size_t word = std::min(shown.find_first_not_of(" \t"), shown.size());
      shown.remove_prefix(word);
      const std::size_t found = source.rfind(shown);
      begin += found == std::string_view::npos ? 0 : found;
    }
    each(shown, begin);
    ++line;
    at = end + 1;
  }
}

void Builder::code_block(cmark_node* node) {
  int length = 0;
  int offset = 0;
  char fence = 0;
  const bool fenced = cmark_node_get_fenced(node, &length, &offset, &fence) != 0;
  const std::uint32_t first = line_of(node);
  const std::uint32_t index = open(NodeKind::code, offset_of(node));
  std::size_t end = line_end(first);
  literal_lines(node, first + (fenced ? 1 : 0), [&](std::string_view shown, std::size_t begin) {
    document_.text_.add(shown, begin);
    document_.text_.add("\n", begin + shown.size());
    end = begin + shown.size();
  });
  document_.text_.end_block();
  document_.nodes_[index].source.end = narrow(end);
  close();
}

void Builder::html_block(cmark_node* node) {
  const std::uint32_t index = open(NodeKind::html, offset_of(node));
  struct Line {
    std::size_t in_html;
    std::size_t in_source;
  };
  std::string html;
  std::vector<Line> lines;
  literal_lines(node, line_of(node), [&](std::string_view shown, std::size_t begin) {
    lines.push_back({html.size(), begin});
    html.append(shown);
    html += '\n';
  });
  document_.text_.begin_weak();
  std::size_t line = 0;
  visible_html(html, [&](std::string_view run) {
    auto at = static_cast<std::size_t>(run.data() - html.data());
    const auto source_of = [&](std::size_t offset) {
      while (line + 1 < lines.size() && lines[line + 1].in_html <= offset) ++line;
      return lines[line].in_source + (offset - lines[line].in_html);
    };
    if (run.empty()) document_.text_.add(" ", source_of(at > 0 ? at - 1 : 0));
    while (!run.empty()) {
      const std::size_t length = std::min(run.find('\n'), run.size() - 1) + 1;
      document_.text_.add(run.substr(0, length), source_of(at));
      run.remove_prefix(length);
      at += length;
    }
  });
  document_.text_.end_block();
  document_.text_.end_weak();
  document_.nodes_[index].source.end = narrow(lines.empty() ? line_end(line_of(node)) : lines.back().in_source + html.size() - 1 - lines.back().in_html);
  close();
}

void Builder::enter_extension(cmark_node* node, bool block) {
  const std::string_view type = type_of(node);
  if (type == "strikethrough") {
    document_.text_.begin_weak();
  } else if (type == "table") {
    open(NodeKind::table, offset_of(node));
  } else if (type == "table_header" || type == "table_row") {
    document_.nodes_[open(NodeKind::row, offset_of(node))].header = type == "table_header";
  } else if (type == "table_cell") {
    open_leaf(NodeKind::cell, node);
    // A cell that the row lacks has no place of its own.
    if (cmark_node_get_start_column(node) <= 0) {
      const Node& row = document_.nodes_[document_.nodes_[leaf_.node].parent];
      leaf_.cursor = line_end(document_.source_->position(row.source.begin).line);
      document_.nodes_[leaf_.node].source = {narrow(leaf_.cursor), narrow(leaf_.cursor)};
    }
  } else if (block) {
    open(NodeKind::quote, offset_of(node));
  }
}

void Builder::exit_extension(cmark_node* node, bool block) {
  const std::string_view type = type_of(node);
  if (type == "strikethrough") {
    document_.text_.end_weak();
  } else if (type == "table_cell") {
    close_leaf();
  } else if (block) {
    close();
  }
}

void Builder::enter(cmark_node* node, cmark_node_type type) {
  switch (type) {
    case CMARK_NODE_DOCUMENT: return;
    case CMARK_NODE_BLOCK_QUOTE: open(NodeKind::quote, offset_of(node)); return;
    case CMARK_NODE_LIST: {
      const std::size_t begin = offset_of(node);
      if (continues_ && last_root_ != no_node && document_.nodes_[last_root_].kind == NodeKind::list &&
          text()[document_.nodes_[last_root_].source.begin] == text()[begin]) {
        open_.push_back(last_root_);
        continues_ = false;
      } else {
        open(NodeKind::list, begin);
      }
      return;
    }
    case CMARK_NODE_ITEM: {
      Node& item = document_.nodes_[open(NodeKind::item, offset_of(node))];
      item.task = type_of(node) == "tasklist";
      item.checked = item.task && cmark_gfm_extensions_get_tasklist_item_checked(node);
      return;
    }
    case CMARK_NODE_HEADING:
      open_leaf(NodeKind::heading, node);
      document_.nodes_[leaf_.node].level = static_cast<std::uint8_t>(cmark_node_get_heading_level(node));
      return;
    case CMARK_NODE_PARAGRAPH: open_leaf(NodeKind::paragraph, node); return;
    case CMARK_NODE_CODE_BLOCK: code_block(node); return;
    case CMARK_NODE_HTML_BLOCK: html_block(node); return;
    case CMARK_NODE_THEMATIC_BREAK:
      open(NodeKind::rule, offset_of(node));
      document_.nodes_.back().source.end = narrow(line_end(line_of(node)));
      close();
      return;
    case CMARK_NODE_TEXT: inline_text(node, false); return;
    case CMARK_NODE_CODE: inline_text(node, true); return;
    case CMARK_NODE_SOFTBREAK:
    case CMARK_NODE_LINEBREAK: inline_break(); return;
    case CMARK_NODE_LINK: open_link(node, false); return;
    case CMARK_NODE_IMAGE: open_link(node, true); return;
    case CMARK_NODE_HTML_INLINE: {
      const std::string_view html = literal_of(node);
      const std::size_t at = hint(node);
      if (html.substr(0, 3) == "<br" || html.substr(0, 3) == "<BR") after_break_ = true;
      if (text().substr(at, html.size()) == html) leaf_.cursor = at + html.size();
      return;
    }
    case CMARK_NODE_EMPH:
    case CMARK_NODE_STRONG: return;
    default: enter_extension(node, (type & CMARK_NODE_TYPE_MASK) == CMARK_NODE_TYPE_BLOCK);
  }
}

void Builder::exit(cmark_node* node, cmark_node_type type) {
  switch (type) {
    case CMARK_NODE_DOCUMENT:
    case CMARK_NODE_EMPH:
    case CMARK_NODE_STRONG: return;
    case CMARK_NODE_BLOCK_QUOTE:
    case CMARK_NODE_LIST:
    case CMARK_NODE_ITEM: close(); return;
    case CMARK_NODE_HEADING:
    case CMARK_NODE_PARAGRAPH: close_leaf(); return;
    case CMARK_NODE_LINK:
    case CMARK_NODE_IMAGE: close_link(); return;
    default: exit_extension(node, (type & CMARK_NODE_TYPE_MASK) == CMARK_NODE_TYPE_BLOCK);
  }
}

void Builder::add(cmark_node* tree, std::uint32_t first_line, std::uint32_t first_tree_line, bool continues) {
  line_shift_ = first_line - first_tree_line;
  continues_ = continues;
  const std::unique_ptr<cmark_iter, void (*)(cmark_iter*)> iterator(cmark_iter_new(tree), cmark_iter_free);
  for (cmark_event_type event = cmark_iter_next(iterator.get()); event != CMARK_EVENT_DONE; event = cmark_iter_next(iterator.get())) {
    cmark_node* const node = cmark_iter_get_node(iterator.get());
    const cmark_node_type type = cmark_node_get_type(node);
    if (event == CMARK_EVENT_ENTER) {
      enter(node, type);
    } else {
      exit(node, type);
    }
  }
}

// One pass: a top-level heading ends the sections of its level and below and starts one.
void Builder::build_sections() {
  auto& sections = document_.sections_;
  sections.push_back({no_node, 0, narrow(document_.nodes_.size()), 0});
  std::uint32_t current = 0;
  for (std::uint32_t i = 0; i < document_.nodes_.size(); ++i) {
    Node& node = document_.nodes_[i];
    if (node.kind == NodeKind::heading && node.parent == no_node) {
      while (sections[current].level >= node.level) {
        sections[current].end = i;
        current = sections[current].parent;
      }
      sections.push_back({i, current, narrow(document_.nodes_.size()), node.level});
      current = narrow(sections.size() - 1);
    }
    node.section = current;
  }
}

MarkdownDocument Builder::finish() {
  build_sections();
  return std::move(document_);
}

}  // namespace launchgate::markdown
