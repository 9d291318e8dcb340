#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "lib/secrets/reader.hpp"

// What a file's first bytes say about its text.
namespace launchgate::secrets {

enum class TextKind : std::uint8_t { bytes, utf8_mark, utf16_little, utf16_big, utf32_little, utf32_big, binary };

// So many bytes of a text, where it has them, are enough for sniff().
inline constexpr std::size_t sniffed = 8192;

// A byte order mark decides. Without one, text in UTF-16 is known by the NUL in most of its pairs, or, where it is in
// characters of East Asia, by these and line breaks in all of them. Otherwise bytes are
// binary when they hold a NUL and more than 5 % of them (and more than three) are control codes: a stray NUL does not
// hide a text, and a text in ISO 8859-1 or any other superset of ASCII is one.
TextKind sniff(std::string_view start);

// `start` was read from `rest` already and begins with the byte order mark, if there is one. Lone surrogates become
// U+FFFD. `rest` must outlive the reader.
// `kind` is one of UTF-16 or UTF-32.
std::unique_ptr<Reader> read_wide(std::string start, Reader& rest, TextKind kind);

bool is_wide(TextKind kind);

// None for what is not in UTF-16 or UTF-32.
std::optional<std::string> utf16_as_utf8(std::string_view text);

}  // namespace launchgate::secrets
