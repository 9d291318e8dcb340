#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/markdown/markdown_document.hpp"

// Forms that people fill in, as they stand in a document: list fields, tables, task items.
namespace launchgate::markdown {

// A list item `- Label: value`. The label is what stands before the first colon that a blank or the end of the
// paragraph follows; the value is the rest of the item, further paragraphs and lists included.
struct Field {
  std::uint32_t item = 0;
  Range label;
  Range value;
};

struct TableRow {
  std::uint32_t node = 0;
  std::vector<std::uint32_t> cells;  // nodes; as many as the header has
};

struct Table {
  std::uint32_t node = 0;
  TableRow header;
  std::vector<TableRow> rows;
};

struct Task {
  std::uint32_t item = 0;
  Range text;
  bool checked = false;
};

// Those inside a section, its subsections included; section 0 is the document.
std::vector<Field> fields(const MarkdownDocument& document, std::uint32_t section);
std::vector<Table> tables(const MarkdownDocument& document, std::uint32_t section);
std::vector<Task> tasks(const MarkdownDocument& document, std::uint32_t section);

// What stands there for a reader to count on: without what is shown weakly (TextMap::begin_weak()), and without blanks
// at its ends.
std::string counted(const MarkdownDocument& document, Range text);

// The first node of a section, its heading.
std::uint32_t first_node(const MarkdownDocument& document, std::uint32_t section);

// What an address ends with to lead to a heading: letters, digits, blanks as hyphens, in lower case; repeated ones are
// numbered in document order.
std::vector<std::string> anchors(const MarkdownDocument& document);

}  // namespace launchgate::markdown
