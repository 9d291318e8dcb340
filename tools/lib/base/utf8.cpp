#include "lib/base/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "lib/base/ascii.hpp"

namespace launchgate::base {
namespace {

bool is_continuation(unsigned char byte) { return (byte & 0xC0U) == 0x80U; }

bool eight_ascii(std::string_view text, std::size_t at) {
  std::uint64_t block = 0;
  std::memcpy(&block, text.data() + at, 8);
  return (block & 0x8080808080808080ULL) == 0;
}

// Length of the well-formed sequence at `at`, or 0.
std::size_t well_formed_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const std::size_t left = text.size() - at;
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  const std::size_t length = utf8_sequence_length(lead);
  if (left < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(byte(i))) return 0;
  }
  const unsigned char second = byte(1);
  if (lead == 0xE0 && second < 0xA0) return 0;
  if (lead == 0xED && second > 0x9F) return 0;
  if (lead == 0xF0 && second < 0x90) return 0;
  if (lead == 0xF4 && second > 0x8F) return 0;
  return length;
}

std::uint32_t decode(std::string_view sequence) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(sequence[i])); };
  switch (sequence.size()) {
    case 1:
      return byte(0);
    case 2:
      return ((byte(0) & 0x1FU) << 6U) | (byte(1) & 0x3FU);
    case 3:
      return ((byte(0) & 0x0FU) << 12U) | ((byte(1) & 0x3FU) << 6U) | (byte(2) & 0x3FU);
    default:
      return ((byte(0) & 0x07U) << 18U) | ((byte(1) & 0x3FU) << 12U) | ((byte(2) & 0x3FU) << 6U) | (byte(3) & 0x3FU);
  }
}

void append_escape(std::string& out, std::uint32_t value) {
  constexpr std::string_view digits = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += digits[(value >> static_cast<unsigned>(shift)) & 0xFU];
}

bool repaints(std::uint32_t code_point) {
  return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) || code_point == 0x2028 ||
         code_point == 0x2029 || code_point == 0x061C || code_point == 0x200E || code_point == 0x200F ||
         (code_point >= 0x202A && code_point <= 0x202E) || (code_point >= 0x2066 && code_point <= 0x2069) ||
         code_point == 0xFEFF;
}

bool is_command_letter(char c) { return is_letter(c) || c == '-'; }

// Whether a CI service takes what begins here for a command: "##[error]" and "##vso[task.setvariable …]" anywhere,
// "::error::" and "::set-output …" where a line begins. "::ffff:1.2.3.4" is an address.
bool commands(std::string_view text, bool at_line_start) {
  const auto name = [](std::string_view rest) {
    return rest.substr(
        0, static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), is_command_letter) - rest.begin()));
  };
  if (text.starts_with("##")) return text.substr(2 + name(text.substr(2)).size()).starts_with('[');
  if (!at_line_start || !text.starts_with("::")) return false;
  const std::string_view word = name(text.substr(2));
  return !std::all_of(word.begin(), word.end(), is_hex_digit);
}

}  // namespace

std::size_t utf8_sequence_length(unsigned char lead) {
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  return 1;
}

std::size_t find_invalid_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    while (at + 8 <= text.size() && eight_ascii(text, at)) at += 8;
    if (at >= text.size()) break;
    const std::size_t length = well_formed_length(text, at);
    if (length == 0) return at;
    at += length;
  }
  return std::string_view::npos;
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    if (at + 8 <= text.size() && eight_ascii(text, at)) {
      at += 8;
      count += 8;
      continue;
    }
    const std::size_t length = well_formed_length(text, at);
    at += length == 0 ? 1 : length;
    ++count;
  }
  return count;
}

std::string_view code_points_prefix(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  while (count > 0 && at < text.size()) {
    const std::size_t length = well_formed_length(text, at);
    at += length == 0 ? 1 : length;
    --count;
  }
  return text.substr(0, at);
}

void append_utf8(std::string& text, std::uint32_t code_point) {
  const auto push = [&](std::uint32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code_point < 0x80) {
    push(code_point);
  } else if (code_point < 0x800) {
    push(0xC0U | (code_point >> 6U));
    push(0x80U | (code_point & 0x3FU));
  } else if (code_point < 0x10000) {
    push(0xE0U | (code_point >> 12U));
    push(0x80U | ((code_point >> 6U) & 0x3FU));
    push(0x80U | (code_point & 0x3FU));
  } else {
    push(0xF0U | (code_point >> 18U));
    push(0x80U | ((code_point >> 12U) & 0x3FU));
    push(0x80U | ((code_point >> 6U) & 0x3FU));
    push(0x80U | (code_point & 0x3FU));
  }
}

std::string_view utf8_prefix(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  std::size_t end = bytes;
  while (end > 0 && bytes - end < 3 && is_continuation(static_cast<unsigned char>(text[end]))) --end;
  return text.substr(0, end);
}

bool is_active(std::string_view text) {
  const std::size_t length = well_formed_length(text, 0);
  return length == 0 || repaints(decode(text.substr(0, length))) || commands(text, false);
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  const std::size_t first = text.find_first_not_of(" \t");
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t length = well_formed_length(text, at);
    if (length == 0) {
      append_escape(out, static_cast<unsigned char>(text[at]));
      ++at;
      continue;
    }
    const std::string_view sequence = text.substr(at, length);
    const std::uint32_t code_point = decode(sequence);
    if (repaints(code_point) || commands(text.substr(at), at == first)) {
      append_escape(out, code_point);
    } else {
      out += sequence;
    }
    at += length;
  }
  return out;
}

}  // namespace launchgate::base
