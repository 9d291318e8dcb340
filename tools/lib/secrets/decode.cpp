#include "lib/secrets/decode.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace launchgate::secrets {
namespace {

constexpr std::uint8_t no_digit = 0xff;
constexpr std::size_t longest_seen_ahead = 512UL * 1024;
constexpr std::size_t probed = 16;  // characters that are decoded to see whether a run holds text

constexpr std::array<std::uint8_t, 256> base64_digits() {
  std::array<std::uint8_t, 256> table{};
  for (auto& digit : table) digit = no_digit;
  for (unsigned i = 0; i < 26; ++i) table['A' + i] = static_cast<std::uint8_t>(i);
  for (unsigned i = 0; i < 26; ++i) table['a' + i] = static_cast<std::uint8_t>(26 + i);
  for (unsigned i = 0; i < 10; ++i) table['0' + i] = static_cast<std::uint8_t>(52 + i);
  table['+'] = table['-'] = 62;
  table['/'] = table['_'] = 63;
  return table;
}

constexpr auto digits = base64_digits();

bool is_base64(char c) { return digits[static_cast<unsigned char>(c)] != no_digit; }

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char letter = static_cast<char>(c | 0x20);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

bool is_escape(std::string_view text, std::size_t at) {
  return text[at] == '%' && at + 2 < text.size() && hex(text[at + 1]) >= 0 && hex(text[at + 2]) >= 0;
}

// Of a URL or a form: unreserved and reserved characters of RFC 3986, and "%".
bool is_url(char c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return true;
  return c != '\0' && std::strchr("%-._~:/?#@!$&*+,;=", c) != nullptr;
}

void decode_base64(std::string_view run, std::string& out) {
  std::uint32_t bits = 0;
  int have = 0;
  for (const char c : run) {
    bits = bits << 6U | digits[static_cast<unsigned char>(c)];
    have += 6;
    if (have < 8) continue;
    have -= 8;
    out += static_cast<char>(bits >> static_cast<unsigned>(have) & 0xffU);
  }
}

// Text starts with characters, not with control codes; a binary blob or an identifier that happens to be spelt in the alphabet rarely does.
bool looks_like_text(std::string_view run) {
  std::string start;
  decode_base64(run.substr(0, probed), start);
  return std::all_of(start.begin(), start.end(), [](char c) {
    return (c >= ' ' && c <= '~') || c == '\n' || c == '\r' || c == '\t' || static_cast<unsigned char>(c) >= 0x80;
  }) && std::count_if(start.begin(), start.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }) <= 4;
}

void find_base64(std::string_view text, std::size_t begin, std::size_t end, std::vector<EncodedRun>& runs) {
  std::size_t free = begin;  // where the next run may start
  if (begin > 0 && is_base64(text[begin - 1])) {
    // The rest of a run that was found in the piece before, unless it is longer than what that piece could see.
    while (free < text.size() && is_base64(text[free])) ++free;
    for (std::size_t shift = 0; shift < 4 && free - begin > longest_seen_ahead; ++shift) {
      if (looks_like_text(text.substr(begin + shift, free - begin - shift))) runs.push_back({Encoding::base64, begin + shift, free});
    }
  }
  for (std::size_t at = free + shortest_run - 1; at < text.size();) {
    if (!is_base64(text[at])) {
      free = at + 1;
      at += shortest_run;
      continue;
    }
    std::size_t first = at;
    while (first > free && is_base64(text[first - 1])) --first;
    if (first >= end) return;
    if (at - first + 1 < shortest_run) {
      const std::size_t wanted = first + shortest_run - 1;
      std::size_t next = at + 1;
      while (next < text.size() && next <= wanted && is_base64(text[next])) ++next;
      if (next <= wanted) {
        free = next;
        at = next + shortest_run;
        continue;
      }
      at = wanted;
    }
    std::size_t last = at + 1;
    while (last < text.size() && is_base64(text[last])) ++last;
    if (looks_like_text(text.substr(first, last - first))) runs.push_back({Encoding::base64, first, last});
    free = last;
    at = last + shortest_run;
  }
}

void find_percent(std::string_view text, std::size_t begin, std::size_t end, std::vector<EncodedRun>& runs) {
  std::size_t at = begin;
  while (at < end) {
    const void* next = std::memchr(text.data() + at, '%', std::min(end, text.size()) - at);
    if (next == nullptr) return;
    const auto percent = static_cast<std::size_t>(static_cast<const char*>(next) - text.data());
    if (!is_escape(text, percent)) {
      at = percent + 1;
      continue;
    }
    std::size_t first = percent;
    while (first > at && is_url(text[first - 1])) --first;
    std::size_t last = percent;
    while (last < text.size() && is_url(text[last])) ++last;
    if (last - first >= shortest_run) runs.push_back({Encoding::percent, first, last});
    at = last;
  }
}

}  // namespace

std::string_view name(Encoding encoding) {
  switch (encoding) {
    case Encoding::none: return "";
    case Encoding::base64: return "base64-encoded";
    case Encoding::percent: return "percent-encoded";
  }
  return "";
}

void find_encoded(std::string_view text, std::size_t begin, std::size_t end, std::vector<EncodedRun>& runs) {
  end = std::min(end, text.size());
  if (begin >= end) return;
  find_base64(text, begin, end, runs);
  find_percent(text, begin, end, runs);
}

void decode(std::string_view text, const EncodedRun& run, std::string& out) {
  out.clear();
  const std::string_view encoded = text.substr(run.begin, run.end - run.begin);
  if (run.encoding == Encoding::base64) {
    decode_base64(encoded, out);
    return;
  }
  for (std::size_t at = 0; at < encoded.size(); ++at) {
    if (is_escape(encoded, at)) {
      out += static_cast<char>(hex(encoded[at + 1]) * 16 + hex(encoded[at + 2]));
      at += 2;
    } else {
      out += encoded[at];
    }
  }
}

}  // namespace launchgate::secrets
