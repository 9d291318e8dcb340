#include "lib/markdown/builder.hpp"

#include <cmark-gfm-core-extensions.h>

#include <algorithm>

#include "lib/markdown/html_text.hpp"

namespace launchgate::markdown {
namespace {

std::uint32_t narrow(std::size_t value) { return static_cast<std::uint32_t>(value); }

std::string_view type_of(cmark_node* node) { return cmark_node_get_type_string(node); }

}  // namespace

std::string_view literal_of(cmark_node* node) {
  const char* text = cmark_node_get_literal(node);
  return text == nullptr ? std::string_view() : std::string_view(text);
}

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
  if (kind != NodeKind::list && kind != NodeKind::item && kind != NodeKind::quote && kind != NodeKind::row &&
      kind != NodeKind::table) {
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
  document_.nodes_[index].source.end =
      narrow(lines.empty() ? line_end(line_of(node)) : lines.back().in_source + html.size() - 1 - lines.back().in_html);
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

bool Builder::enter_block(cmark_node* node, cmark_node_type type) {
  switch (type) {
    case CMARK_NODE_DOCUMENT:
      return true;
    case CMARK_NODE_BLOCK_QUOTE:
      open(NodeKind::quote, offset_of(node));
      return true;
    case CMARK_NODE_LIST: {
      const std::size_t begin = offset_of(node);
      if (continues_ && last_root_ != no_node && document_.nodes_[last_root_].kind == NodeKind::list &&
          text()[document_.nodes_[last_root_].source.begin] == text()[begin]) {
        open_.push_back(last_root_);
        continues_ = false;
      } else {
        open(NodeKind::list, begin);
      }
      return true;
    }
    case CMARK_NODE_ITEM: {
      Node& item = document_.nodes_[open(NodeKind::item, offset_of(node))];
      item.task = type_of(node) == "tasklist";
      item.checked = item.task && cmark_gfm_extensions_get_tasklist_item_checked(node);
      return true;
    }
    case CMARK_NODE_HEADING:
      open_leaf(NodeKind::heading, node);
      document_.nodes_[leaf_.node].level = static_cast<std::uint8_t>(cmark_node_get_heading_level(node));
      return true;
    case CMARK_NODE_PARAGRAPH:
      open_leaf(NodeKind::paragraph, node);
      return true;
    case CMARK_NODE_CODE_BLOCK:
      code_block(node);
      return true;
    case CMARK_NODE_HTML_BLOCK:
      html_block(node);
      return true;
    case CMARK_NODE_THEMATIC_BREAK:
      open(NodeKind::rule, offset_of(node));
      document_.nodes_.back().source.end = narrow(line_end(line_of(node)));
      close();
      return true;
    default:
      return false;
  }
}

bool Builder::enter_inline(cmark_node* node, cmark_node_type type) {
  switch (type) {
    case CMARK_NODE_TEXT:
      inline_text(node, false);
      return true;
    case CMARK_NODE_CODE:
      inline_text(node, true);
      return true;
    case CMARK_NODE_SOFTBREAK:
    case CMARK_NODE_LINEBREAK:
      after_break_ = true;
      return true;
    case CMARK_NODE_LINK:
      open_link(node, false);
      return true;
    case CMARK_NODE_IMAGE:
      open_link(node, true);
      return true;
    case CMARK_NODE_HTML_INLINE: {
      const std::string_view html = literal_of(node);
      const std::size_t at = hint(node);
      if (html.substr(0, 3) == "<br" || html.substr(0, 3) == "<BR") after_break_ = true;
      if (text().substr(at, html.size()) == html) leaf_.cursor = at + html.size();
      return true;
    }
    case CMARK_NODE_EMPH:
    case CMARK_NODE_STRONG:
      return true;
    default:
      return false;
  }
}

void Builder::enter(cmark_node* node, cmark_node_type type) {
  const bool block = (type & CMARK_NODE_TYPE_MASK) == CMARK_NODE_TYPE_BLOCK;
  if (!(block ? enter_block(node, type) : enter_inline(node, type))) enter_extension(node, block);
}

void Builder::exit(cmark_node* node, cmark_node_type type) {
  switch (type) {
    case CMARK_NODE_DOCUMENT:
    case CMARK_NODE_CODE_BLOCK:
    case CMARK_NODE_HTML_BLOCK:
    case CMARK_NODE_THEMATIC_BREAK:
    case CMARK_NODE_TEXT:
    case CMARK_NODE_CODE:
    case CMARK_NODE_SOFTBREAK:
    case CMARK_NODE_LINEBREAK:
    case CMARK_NODE_HTML_INLINE:
    case CMARK_NODE_EMPH:
    case CMARK_NODE_STRONG:
      return;
    case CMARK_NODE_BLOCK_QUOTE:
    case CMARK_NODE_LIST:
    case CMARK_NODE_ITEM:
      close();
      return;
    case CMARK_NODE_HEADING:
    case CMARK_NODE_PARAGRAPH:
      close_leaf();
      return;
    case CMARK_NODE_LINK:
    case CMARK_NODE_IMAGE:
      close_link();
      return;
    default:
      exit_extension(node, (type & CMARK_NODE_TYPE_MASK) == CMARK_NODE_TYPE_BLOCK);
  }
}

void Builder::add(cmark_node* tree, std::uint32_t first_line, std::uint32_t first_tree_line, bool continues) {
  line_shift_ = first_line - first_tree_line;
  continues_ = continues;
  cmark_node* node = tree;
  while (node != nullptr) {
    const cmark_node_type type = cmark_node_get_type(node);
    enter(node, type);
    if (cmark_node* const child = cmark_node_first_child(node)) {
      node = child;
      continue;
    }
    exit(node, type);
    while (node != tree && cmark_node_next(node) == nullptr) {
      node = cmark_node_parent(node);
      exit(node, cmark_node_get_type(node));
    }
    node = node == tree ? nullptr : cmark_node_next(node);
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
