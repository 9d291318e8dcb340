#include "lib/report/table.hpp"

#include <algorithm>

#include "lib/base/utf8.hpp"

namespace launchgate::report {
namespace {

std::string_view code(Tone tone) {
  switch (tone) {
    case Tone::plain:
      return "";
    case Tone::strong:
      return "\x1b[1m";
    case Tone::good:
      return "\x1b[32m";
    case Tone::bad:
      return "\x1b[1;31m";
    case Tone::faint:
      return "\x1b[2m";
  }
  return "";
}

}  // namespace

std::string print_table(const std::vector<std::vector<Cell>>& rows, bool color) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], base::count_code_points(row[i].text));
  }
  std::string out;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i < rows[r].size(); ++i) {
      const Cell& cell = rows[r][i];
      const std::string padding(widths[i] - base::count_code_points(cell.text), ' ');
      if (i > 0) line += "  ";
      if (cell.right) line += padding;
      const bool toned = color && cell.tone != Tone::plain;
      if (toned) line += code(cell.tone);
      line += cell.text;
      if (toned) line += "\x1b[0m";
      if (!cell.right && i + 1 < rows[r].size()) line += padding;
    }
    while (!line.empty() && line.back() == ' ') line.pop_back();
    out += line + '\n';
    if (r == 0) {
      for (std::size_t i = 0; i < widths.size(); ++i) {
        if (i > 0) out += "  ";
        for (std::size_t n = 0; n < widths[i]; ++n) out += "─";
      }
      out += '\n';
    }
  }
  return out;
}

}  // namespace launchgate::report
