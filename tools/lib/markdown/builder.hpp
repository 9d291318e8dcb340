#pragma once

#include <cmark-gfm.h>

#include <string>
#include <string_view>
#include <vector>

#include "lib/markdown/markdown_document.hpp"

namespace launchgate::markdown {

// The text of a leaf of the tree.
std::string_view literal_of(cmark_node* node);

// Turns trees of cmark into a MarkdownDocument, one stretch of the text after the other.
//
// Of cmark's positions only the start lines and start columns are used, and no column is believed before the source is
// compared with what cmark says stands there: in the second and later lines of a paragraph its columns leave out what
// was stripped (quote markers, indentation), after an escaped pipe in a table they are short by one, and merged text
// hides entities and escapes. Where the comparison fails, the shown text is aligned with the source character by
// character (align()).
class Builder {
 public:
  explicit Builder(std::shared_ptr<const base::SourceText> source);

  // A leading block of metadata; each of its lines is shown weakly.
  void add_front_matter(Range source);
  // `first_line` is the line of the source (from 1) at which the tree's line `first_tree_line` stands. `continues`: a
  // bullet list at the start goes on from the one before.
  void add(cmark_node* tree, std::uint32_t first_line, std::uint32_t first_tree_line, bool continues);
  MarkdownDocument finish();

 private:
  struct Leaf {
    std::uint32_t node = no_node;
    std::uint32_t line = 0;    // first line, of the source
    std::uint32_t column = 0;  // first column in the tree, from 0
    std::uint32_t drift =
        0;  // lines that the tree's positions are behind: link definitions at the start are not counted
    std::size_t cursor = 0;         // in the source: everything before has been shown or skipped
    std::uint32_t cached_line = 0;  // content_start() of that line
    std::size_t cached_start = 0;
  };

  std::string_view text() const { return document_.source_->text(); }
  std::uint32_t line_of(cmark_node* node) const;
  std::size_t offset_of(cmark_node* node) const;
  std::size_t line_end(std::uint32_t line) const;

  void enter(cmark_node* node, cmark_node_type type);
  // False for what an extension has made.
  bool enter_block(cmark_node* node, cmark_node_type type);
  bool enter_inline(cmark_node* node, cmark_node_type type);
  void exit(cmark_node* node, cmark_node_type type);
  void enter_extension(cmark_node* node, bool block);
  void exit_extension(cmark_node* node, bool block);
  std::uint32_t open(NodeKind kind, std::size_t begin);
  void close();
  void open_leaf(NodeKind kind, cmark_node* node);
  void close_leaf();

  void inline_text(cmark_node* node, bool code);
  void open_link(cmark_node* node, bool image);
  void close_link();
  std::uint32_t inline_line(cmark_node* node) const { return line_of(node) + leaf_.drift; }
  std::size_t hint(cmark_node* node);
  std::size_t find_start(std::string_view shown, std::size_t at, cmark_node* node);
  std::size_t content_start(std::uint32_t line);
  void align(std::string_view shown, std::size_t at, std::uint32_t line);
  std::size_t skip_line_end(std::size_t at);

  void code_block(cmark_node* node);
  void html_block(cmark_node* node);
  // Calls `each` with every line of a block's literal and where it stands in the source.
  template <typename Each>
  void literal_lines(cmark_node* node, std::uint32_t first_line, Each each);

  void build_sections();

  MarkdownDocument document_;
  std::vector<std::uint32_t> open_;
  std::vector<std::uint32_t> open_links_;
  std::uint32_t line_shift_ = 0;       // source line minus tree line, modulo 2^32
  std::size_t quotes_ = 0;             // open quotes
  std::uint32_t last_root_ = no_node;  // the last node that has no parent
  bool continues_ = false;
  bool after_break_ = false;
  Leaf leaf_;
};

}  // namespace launchgate::markdown
