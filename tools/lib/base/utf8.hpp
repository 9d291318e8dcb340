#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace launchgate::base {

// Offset of the first byte that does not belong to well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates,
// nothing above U+10FFFF), or npos. ASCII runs are checked eight bytes at a time.
std::size_t find_invalid_utf8(std::string_view text);

// Number of code points; every byte of an ill-formed sequence counts as one.
std::size_t count_code_points(std::string_view text);

// Length in bytes of the sequence that starts at `lead`; 1 for a byte that cannot start one.
std::size_t utf8_sequence_length(unsigned char lead);

// The first `count` code points, or all of a shorter text.
std::string_view code_points_prefix(std::string_view text, std::size_t count);

void append_utf8(std::string& text, std::uint32_t code_point);

// Largest prefix of at most `bytes` bytes that does not cut a sequence.
std::string_view utf8_prefix(std::string_view text, std::size_t bytes);

// Whether the character that a well-formed text begins with repaints a terminal or reorders a line, or begins what a CI
// service takes for a command wherever it stands ("##[error]").
bool is_active(std::string_view text);

// For messages: control characters, ill-formed bytes and bidirectional overrides as \u00XX, so that no input can
// repaint a terminal or forge a line of output; so is the first character of what CI services take for a command.
std::string printable(std::string_view text);

}  // namespace launchgate::base
