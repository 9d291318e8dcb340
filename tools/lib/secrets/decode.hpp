#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/secrets/windows.hpp"

// What is encoded in a text: runs of base64 (RFC 4648, both alphabets) and of percent-encoding (RFC 3986), and strings
// of JSON and of most languages in which quotes are escaped, as JSON within JSON has them. Decoded one level at a time.
namespace launchgate::secrets {

enum class Encoding : std::uint8_t { none, base64, percent, escaped };

// " base64-encoded", …; empty for none.
std::string_view name(Encoding encoding);

// Base64 may be wrapped: a run then goes on over line breaks (also those written `\n` in a string) while the lines are
// of one length.
struct EncodedRun {
  Encoding encoding = Encoding::base64;
  std::size_t begin = 0;  // in the text
  std::size_t end = 0;
  friend bool operator==(const EncodedRun&, const EncodedRun&) = default;
};

inline constexpr std::size_t shortest_run = 20;

// Runs of at least `shortest_run` characters that begin in [begin, end), in order. What cannot decode to text is left
// out. `stretches` receives all runs of find_long_run() that were passed on the way.
void find_encoded(std::string_view text, std::size_t begin, std::size_t end, std::vector<EncodedRun>& runs,
                  std::vector<LiteralPlace>* stretches = nullptr);

// The first position from `from` on where `shortest_run` characters of base64 stand, or npos.
std::size_t find_long_run(std::string_view text, std::size_t from);

// The first position from `from` on where no character of base64 stands.
std::size_t end_of_run(std::string_view text, std::size_t from);

// Replaces `out`. Base64 of UTF-16 becomes UTF-8.
void decode(std::string_view text, const EncodedRun& run, std::string& out);

// The lines of a wrapped run on which bytes [begin, end) of what it decodes to stand, as far as they belong to the run:
// their characters in the text. Of a run on one line, the whole of it.
EncodedRun lines_of(std::string_view text, const EncodedRun& run, std::size_t begin, std::size_t end);

}  // namespace launchgate::secrets
