#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/base/source_text.hpp"
#include "lib/markdown/text_map.hpp"

// Markdown (CommonMark 0.29 with the tables, task lists and strikethrough of GitHub) as blocks that know where they stand, and as the text that
// a reader sees. The parser is cmark-gfm; docs/architecture.md says how its positions are corrected and its costs bounded.
namespace launchgate::markdown {

enum class NodeKind : std::uint8_t { front_matter, quote, list, item, heading, paragraph, code, html, table, row, cell, rule };

inline constexpr std::uint32_t no_node = 0xFFFFFFFF;

struct Node {
  Range source;              // bytes, from the first character to the last that is shown
  Range text;                // of TextMap::text(); of a container all that is in it
  std::uint32_t parent = no_node;
  std::uint32_t next = 0;    // the first node after this one and all that is in it
  std::uint32_t section = 0;
  NodeKind kind = NodeKind::paragraph;
  std::uint8_t level = 0;    // of a heading
  bool header = false;       // of a row
  bool task = false;         // of an item
  bool checked = false;
};

// What stands between a heading and the next one of its level or above. The first section is the whole document and has no heading.
struct Section {
  std::uint32_t heading = no_node;
  std::uint32_t parent = 0;
  std::uint32_t end = 0;  // the first node after it
  std::uint8_t level = 0;
};

struct Link {
  std::uint32_t node = 0;  // the block that it stands in
  Range text;
  Range source;            // of the target where it can be told, else of the shown text
  std::string target;      // as written, entities decoded
  bool image = false;
};

struct MarkdownLimits {
  std::size_t bytes = 256UL * 1024 * 1024;
  // Bound of the parser's work in nanoseconds, estimated before it starts (see work.hpp).
  std::uint64_t work = 2'000'000'000;
};

class MarkdownDocument {
 public:
  // Refuses ill-formed UTF-8, and text whose nesting would take too long to read, as `content` errors with their position. The text is
  // that of a whole file; line endings are LF or CRLF.
  static base::Result<MarkdownDocument> parse(std::shared_ptr<const base::SourceText> source, const MarkdownLimits& limits = {});
  static base::Result<MarkdownDocument> parse(std::string path, std::string text, const MarkdownLimits& limits = {}) {
    return parse(std::make_shared<const base::SourceText>(std::move(path), std::move(text)), limits);
  }

  const base::SourceText& source() const { return *source_; }
  const std::string& path() const { return source_->path(); }

  // In document order, every node before what is in it.
  const std::vector<Node>& nodes() const { return nodes_; }
  const std::vector<Section>& sections() const { return sections_; }
  const std::vector<Link>& links() const { return links_; }
  // Text ranges of code in lines; code blocks are nodes.
  const std::vector<Range>& code_spans() const { return code_spans_; }
  const TextMap& text() const { return text_; }

  std::string_view text_of(Range text) const { return std::string_view(text_.text()).substr(text.begin, text.size()); }
  std::string_view text_of(const Node& node) const { return text_of(node.text); }
  std::string_view title(const Section& section) const;
  // All text of a section, its heading included.
  Range section_text(const Section& section) const;
  base::Span span_of_source(Range source) const { return source_->span(source.begin, source.end); }
  base::Span span_of_text(Range text) const { return span_of_source(text_.source(text)); }
  // Of the line of a section's heading, or 1:1.
  base::Span heading_span(const Section& section) const;
  // Indices into sections(), by exact title.
  std::vector<std::uint32_t> sections_named(std::string_view title) const;

 private:
  friend class Builder;
  MarkdownDocument() = default;

  std::shared_ptr<const base::SourceText> source_;
  std::vector<Node> nodes_;
  std::vector<Section> sections_;
  std::vector<Link> links_;
  std::vector<Range> code_spans_;
  TextMap text_;
};

}  // namespace launchgate::markdown
