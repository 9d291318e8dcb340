#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/page/html.hpp"

// What pages are made of: the shell with its one theme, and components. Pure: the same model gives the same bytes. A
// page is one file that asks for nothing: styles, script and pictures are inside, and its content-security policy
// allows nothing else. The script sorts, filters, shows values and zooms; nothing needs it to be read.
namespace launchgate::page {

enum class Tone : std::uint8_t { plain, good, warn, bad };

struct Shell {
  std::string title;             // of the window
  std::string kind;              // "Load report"
  std::string foot;              // who wrote it, when
  unsigned refresh_seconds = 0;  // 0: the page stays as it is
};
// The whole file.
std::string document(const Shell& shell, Html body);

// The word of a decision, by form, word and colour.
Html badge(Tone tone, std::string_view text);

struct Verdict {
  Tone tone = Tone::plain;
  std::string word;      // "NO-GO"
  std::string heading;   // what it is about
  std::string sentence;  // why, in one
};
Html banner(const Verdict& verdict);

struct Fact {
  std::string name;
  std::string value;
  bool code = false;  // a digest, a path: may break anywhere
};
Html facts(const std::vector<Fact>& facts);

struct Cell {
  std::string text;
  std::optional<double> number;  // sorted by this instead of by the text
  Tone tone = Tone::plain;       // a badge unless plain
  std::optional<Html> picture;   // instead of the text, which says the same
};
// A text alone, which a tone makes a badge.
Cell text_cell(std::string text, Tone tone = Tone::plain);
struct Column {
  std::string title;  // with the unit
  bool number = false;
};
struct Table {
  std::string id;
  std::string caption;
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
  bool tools = false;  // sorting and a filter
};
Html table(const Table& table);

// A part of the page with a heading; `id` is a name of the program's own.
Html section(std::string_view id, std::string_view title, Html content);
// Things side by side where there is room.
Html side_by_side(std::vector<Html> parts);
Html paragraph(std::string_view text);
Html list(const std::vector<std::string>& lines);

}  // namespace launchgate::page
