#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Runs of base64 (RFC 4648, both alphabets) and of percent-encoding (RFC 3986) in a text, decoded one level.
namespace launchgate::secrets {

enum class Encoding : std::uint8_t { none, base64, percent };

// " base64-encoded", …; empty for none.
std::string_view name(Encoding encoding);

struct EncodedRun {
  Encoding encoding = Encoding::base64;
  std::size_t begin = 0;  // in the text
  std::size_t end = 0;
};

inline constexpr std::size_t shortest_run = 20;

// Runs of at least `shortest_run` characters that begin in [begin, end), in order. What cannot decode to text is left out. Looks at
// few bytes of text without such runs: a run of n characters holds one at every multiple of n.
void find_encoded(std::string_view text, std::size_t begin, std::size_t end, std::vector<EncodedRun>& runs);

// Replaces `out`.
void decode(std::string_view text, const EncodedRun& run, std::string& out);

}  // namespace launchgate::secrets
