#include "lib/evidence/plain_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "lib/base/utf8.hpp"

namespace launchgate::evidence {
namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

// Format characters, fillers and selectors that show nothing.
constexpr std::array<Range, 15> invisible = {{{0xAD, 0xAD},
                                              {0x34F, 0x34F},
                                              {0x61C, 0x61C},
                                              {0x115F, 0x1160},
                                              {0x17B4, 0x17B5},
                                              {0x180B, 0x180F},
                                              {0x200B, 0x200F},
                                              {0x202A, 0x202E},
                                              {0x2060, 0x206F},
                                              {0x3164, 0x3164},
                                              {0xFE00, 0xFE0F},
                                              {0xFEFF, 0xFEFF},
                                              {0xFFA0, 0xFFA0},
                                              {0xFFF0, 0xFFFB},
                                              {0xE0000, 0xE0FFF}}};
constexpr std::array<Range, 8> blank = {{{0x80, 0xA0},
                                         {0x1680, 0x1680},
                                         {0x2000, 0x200A},
                                         {0x2028, 0x2029},
                                         {0x202F, 0x202F},
                                         {0x205F, 0x205F},
                                         {0x2800, 0x2800},
                                         {0x3000, 0x3000}}};
constexpr std::array<Range, 5> hyphen = {
    {{0x2010, 0x2015}, {0x2043, 0x2043}, {0x2212, 0x2212}, {0xFE58, 0xFE58}, {0xFE63, 0xFE63}}};

// Sorted by code point: Greek and Cyrillic letters with the shape of a Latin one.
constexpr std::array<std::pair<std::uint16_t, char>, 60> alike = {{
    {0x391, 'A'}, {0x392, 'B'}, {0x395, 'E'}, {0x396, 'Z'}, {0x397, 'H'}, {0x399, 'I'}, {0x39A, 'K'}, {0x39C, 'M'},
    {0x39D, 'N'}, {0x39F, 'O'}, {0x3A1, 'P'}, {0x3A4, 'T'}, {0x3A5, 'Y'}, {0x3A7, 'X'}, {0x3B1, 'a'}, {0x3B9, 'i'},
    {0x3BA, 'k'}, {0x3BD, 'v'}, {0x3BF, 'o'}, {0x3C1, 'p'}, {0x3C5, 'u'}, {0x3C7, 'x'}, {0x3F2, 'c'}, {0x3F3, 'j'},
    {0x405, 'S'}, {0x406, 'I'}, {0x408, 'J'}, {0x410, 'A'}, {0x412, 'B'}, {0x415, 'E'}, {0x41A, 'K'}, {0x41C, 'M'},
    {0x41D, 'H'}, {0x41E, 'O'}, {0x420, 'P'}, {0x421, 'C'}, {0x422, 'T'}, {0x423, 'Y'}, {0x425, 'X'}, {0x430, 'a'},
    {0x435, 'e'}, {0x43A, 'k'}, {0x43C, 'm'}, {0x43D, 'h'}, {0x43E, 'o'}, {0x440, 'p'}, {0x441, 'c'}, {0x442, 't'},
    {0x443, 'y'}, {0x445, 'x'}, {0x455, 's'}, {0x456, 'i'}, {0x458, 'j'}, {0x4BB, 'h'}, {0x4CF, 'l'}, {0x501, 'd'},
    {0x51B, 'q'}, {0x51C, 'W'}, {0x51D, 'w'}, {0x585, 'o'},
}};

template <std::size_t size>
bool is_in(const std::array<Range, size>& ranges, std::uint32_t point) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const Range& range) { return point >= range.first && point <= range.last; });
}

// One sequence of well-formed UTF-8.
std::uint32_t decode(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])); };
  switch (bytes.size()) {
    case 2:
      return (at(0) & 0x1FU) << 6U | (at(1) & 0x3FU);
    case 3:
      return (at(0) & 0xFU) << 12U | (at(1) & 0x3FU) << 6U | (at(2) & 0x3FU);
    case 4:
      return (at(0) & 0x7U) << 18U | (at(1) & 0x3FU) << 12U | (at(2) & 0x3FU) << 6U | (at(3) & 0x3FU);
    default:
      return at(0);
  }
}

void add(std::string& plain, std::uint32_t point) {
  if (is_in(invisible, point)) return;
  if (is_in(blank, point)) {
    plain += ' ';
  } else if (is_in(hyphen, point)) {
    plain += '-';
  } else if (point >= 0xFF01 && point <= 0xFF5E) {
    plain += static_cast<char>(point - 0xFF01 + '!');
  } else {
    const auto letter = std::lower_bound(alike.begin(), alike.end(), point,
                                         [](const auto& one, std::uint32_t value) { return one.first < value; });
    if (letter != alike.end() && letter->first == point) {
      plain += letter->second;
    } else {
      base::append_utf8(plain, point);
    }
  }
}

}  // namespace

std::string_view plain_text(std::string_view text, std::string& buffer) {
  if (std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; })) return text;
  if (base::find_invalid_utf8(text) != std::string_view::npos) return text;
  buffer.clear();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length =
        std::min(base::utf8_sequence_length(static_cast<unsigned char>(text[at])), text.size() - at);
    add(buffer, decode(text.substr(at, length)));
    at += length;
  }
  return buffer;
}

}  // namespace launchgate::evidence
