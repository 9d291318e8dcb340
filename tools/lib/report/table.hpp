#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace launchgate::report {

enum class Tone : std::uint8_t { plain, strong, good, bad, faint };

struct Cell {
  std::string text;
  Tone tone = Tone::plain;
  bool right = false;  // align to the right, for numbers
};

// A table for people: columns as wide as their widest cell, two blanks between, the first row underlined. Widths count
// code points.
std::string print_table(const std::vector<std::vector<Cell>>& rows, bool color);

}  // namespace launchgate::report
