#include "lib/secrets/decode.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "lib/base/ascii.hpp"
#include "lib/base/text.hpp"
#include "lib/base/utf8.hpp"
#include "lib/secrets/text_encoding.hpp"

namespace launchgate::secrets {
namespace {

constexpr std::uint8_t no_digit = 0xff;
constexpr std::size_t longest_seen_ahead = 512UL * 1024;
constexpr std::size_t probed =
    16;  // characters that are decoded to see whether a run holds text; less than shortest_run
constexpr unsigned most_foreign = 4;       // bytes above ASCII among those
constexpr std::size_t shortest_line = 40;  // of a wrapped run
constexpr std::size_t deepest_indent = 64;

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

// Of a decoded byte: `control` for a control code that text does not hold, 1 above ASCII, else 0.
constexpr std::uint8_t control = 16;

constexpr std::array<std::uint8_t, 256> byte_weights() {
  std::array<std::uint8_t, 256> table{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    const bool blank = byte == '\n' || byte == '\r' || byte == '\t';
    table[byte] = (byte < ' ' && !blank) || byte == 0x7f ? control : byte >= 128 ? 1 : 0;
  }
  return table;
}

constexpr auto weights = byte_weights();

bool is_base64(char c) { return digits[static_cast<unsigned char>(c)] != no_digit; }

// Of a URL or a form: unreserved and reserved characters of RFC 3986, and "%".
bool is_url(char c) {
  if (base::is_alnum(c)) return true;
  return c != '\0' && std::strchr("%-._~:/?#@!$&*+,;=", c) != nullptr;
}

bool at_string_escape(std::string_view text, std::size_t at) {
  return text[at] == '\\' && at + 1 < text.size() &&
         (text[at + 1] == 'n' || text[at + 1] == 'r' || text[at + 1] == 't');
}

// Calls `visit(position)` for each digit of a run, past line breaks, until it returns false.
template <typename Visit>
void each_digit(std::string_view text, const EncodedRun& run, const Visit& visit) {
  for (std::size_t at = run.begin; at < run.end; ++at) {
    if (is_base64(text[at])) {
      if (!visit(at)) return;
    } else if (at_string_escape(text, at)) {
      ++at;
    }
  }
}

void decode_base64(std::string_view text, const EncodedRun& run, std::string& out) {
  std::uint32_t bits = 0;
  int have = 0;
  each_digit(text, run, [&](std::size_t at) {
    bits = bits << 6U | digits[static_cast<unsigned char>(text[at])];
    have += 6;
    if (have < 8) return true;
    have -= 8;
    out += static_cast<char>(bits >> static_cast<unsigned>(have) & 0xffU);
    return true;
  });
}

// UTF-16 of ASCII, as PowerShell encodes commands.
bool looks_like_wide_text(std::string_view run) {
  std::string start;
  decode_base64(run.substr(0, probed), {Encoding::base64, 0, std::min(probed, run.size())}, start);
  for (std::size_t at = 0; at + 2 <= start.size(); at += 2) {
    if (start[at + 1] != '\0' || weights[static_cast<unsigned char>(start[at])] != 0) return false;
  }
  return start.size() >= probed * 3 / 4;
}

// Text starts with characters, not with control codes; a binary blob or an identifier that happens to be spelt in the
// alphabet rarely does. Most fail within the first three bytes.
bool looks_like_text(std::string_view run) {
  unsigned foreign = 0;
  for (std::size_t at = 0; at + 4 <= probed; at += 4) {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 4; ++i) bits = bits << 6U | digits[static_cast<unsigned char>(run[at + i])];
    // One decision for three bytes: which of them fails is chance, and costs more to guess than to look at all.
    const auto sum =
        static_cast<unsigned>(weights[bits >> 16U & 0xffU] + weights[bits >> 8U & 0xffU] + weights[bits & 0xffU]);
    if (sum >= control) return at == 0 && (bits >> 8U & 0xffU) == 0 && looks_like_wide_text(run);
    foreign += sum;
  }
  return foreign <= most_foreign;
}

// The first character after a line break and the indentation that follows it, or npos where there is none. `\n` in a
// string counts.
std::size_t after_break(std::string_view text, std::size_t at) {
  bool broken = false;
  const std::size_t most = std::min(text.size(), at + deepest_indent);
  while (at < most) {
    if (text[at] == '\n') {
      if (broken) return std::string_view::npos;  // an empty line
      broken = true;
      ++at;
    } else if (at_string_escape(text, at)) {
      broken = broken || text[at + 1] == 'n';
      at += 2;
    } else if (text[at] == ' ' || text[at] == '\t' || text[at] == '\r' ||
               (text[at] == '\\' && at + 1 < most && text[at + 1] == '\\')) {
      ++at;
    } else {
      break;
    }
  }
  return broken && at < text.size() ? at : std::string_view::npos;
}

// JSON may write "/" as "\/".
std::size_t end_of_line(std::string_view text, std::size_t from) {
  std::size_t end = end_of_run(text, from);
  while (end + 1 < text.size() && text[end] == '\\' && text[end + 1] == '/') end = end_of_run(text, end + 1);
  return end;
}

bool escaped_looks_like_text(std::string_view text, std::size_t begin, std::size_t end) {
  std::string start;
  each_digit(text, {Encoding::base64, begin, end}, [&](std::size_t at) {
    start += text[at];
    return start.size() < probed;
  });
  return start.size() == probed && looks_like_text(start);
}

// Likewise backwards, for a run whose first long stretch begins at `begin`.
std::size_t start_of_line(std::string_view text, std::size_t least, std::size_t begin) {
  while (begin > least && text[begin] == '/' && text[begin - 1] == '\\') {
    --begin;
    while (begin > least && is_base64(text[begin - 1])) --begin;
  }
  return begin;
}

bool ends_a_line(std::string_view text, std::size_t at) {
  return at >= text.size() || std::string_view("\r\n=\"'`\\<,;)").find(text[at]) != std::string_view::npos;
}

// The end of a run whose first line is [begin, end). Lines after it are as long as the second, but for the last.
std::size_t end_of_wrapped(std::string_view text, std::size_t begin, std::size_t end) {
  if (end - begin < shortest_line) return end;
  // Two texts one below the other are told from a wrapped one by what the second decodes to alone; whole groups of four
  // leave no difference.
  const bool aligned = (end - begin) % 4 == 0;
  std::size_t length = 0;
  while (true) {
    const std::size_t next = after_break(text, end);
    if (next == std::string_view::npos || !is_base64(text[next])) return end;
    const std::size_t last = end_of_line(text, next);
    if (!ends_a_line(text, last) || (length > 0 && last - next > length)) return end;
    if (length == 0 && !aligned && last - next >= probed && looks_like_text(text.substr(next))) return end;
    if (length == 0 && last - next < end - begin) return last;
    const bool shorter = length > 0 && last - next < length;
    if (length == 0) length = last - next;
    end = last;
    if (shorter) return end;
  }
}

void find_base64(std::string_view text, std::size_t begin, std::size_t end, std::vector<EncodedRun>& runs,
                 std::vector<LiteralPlace>* stretches) {
  std::size_t free = begin;  // where the next run may start
  if (begin > 0 && is_base64(text[begin - 1])) {
    // The rest of a run that was found in the piece before, unless it is longer than what that piece could see.
    free = end_of_run(text, free);
    for (std::size_t shift = 0; shift < 4 && free - begin > longest_seen_ahead; ++shift) {
      if (looks_like_text(text.substr(begin + shift))) runs.push_back({Encoding::base64, begin + shift, free});
    }
  }
  for (std::size_t first = find_long_run(text, free); first < end; first = find_long_run(text, free)) {
    std::size_t last = end_of_line(text, first + shortest_run);
    const std::size_t stretch = first;
    if (stretches != nullptr) {
      const std::size_t length = end_of_run(text, first + shortest_run) - first;
      stretches->push_back(literal_place(static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(length)));
    }
    first = start_of_line(text, free, first);
    // The letter of an escape is none of the run's.
    if (first > 0 && at_string_escape(text, first - 1)) ++first;
    if (first < stretch ? escaped_looks_like_text(text, first, last) : looks_like_text(text.substr(first))) {
      last = end_of_wrapped(text, first, last);
      runs.push_back({Encoding::base64, first, last});
    }
    free = last;
  }
}

void find_percent(std::string_view text, std::size_t begin, std::size_t end, std::vector<EncodedRun>& runs) {
  std::size_t at = begin;
  while (at < end) {
    const void* next = std::memchr(text.data() + at, '%', std::min(end, text.size()) - at);
    if (next == nullptr) return;
    const auto percent = static_cast<std::size_t>(static_cast<const char*>(next) - text.data());
    if (!base::is_percent_triplet(text, percent)) {
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

bool is_escaped(std::string_view text, std::size_t least, std::size_t at) {
  std::size_t first = at;
  while (first > least && text[first - 1] == '\\') --first;
  return (at - first) % 2 == 1;
}

// Strings with quotes in them: from one bare quote, or the beginning of the line, to the next.
void find_escaped(std::string_view text, std::size_t begin, std::size_t end, std::vector<EncodedRun>& runs) {
  constexpr std::string_view quote = "\\\"";
  std::size_t least = begin;
  for (std::size_t at = text.find(quote, begin); at < end; at = text.find(quote, least)) {
    std::size_t first = at;
    while (first > least && text[first - 1] != '\n' && (text[first - 1] != '"' || is_escaped(text, least, first - 1)))
      --first;
    std::size_t last = at + quote.size();
    while (last < text.size() && text[last] != '\n' && text[last] != '"')
      last += text[last] == '\\' ? std::size_t{2} : std::size_t{1};
    last = std::min(last, text.size());
    if (last - first >= shortest_run) runs.push_back({Encoding::escaped, first, last});
    least = last;
  }
}

void unescape(std::string_view text, std::string& out) {
  constexpr std::string_view letters = "nrtbf";
  constexpr std::string_view codes = "\n\r\t\b\f";
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\' || at + 1 == text.size()) {
      out += text[at];
      continue;
    }
    const char next = text[++at];
    const std::size_t letter = letters.find(next);
    std::uint32_t code = 0;
    bool hex = next == 'u' && at + 4 < text.size();
    for (std::size_t i = 1; hex && i <= 4; ++i) {
      const int digit = base::hex_value(text[at + i]);
      hex = digit >= 0;
      code = code * 16 + static_cast<std::uint32_t>(std::max(digit, 0));
    }
    if (hex) {
      base::append_utf8(out, code >= 0xd800 && code <= 0xdfff ? 0xfffd : code);
      at += 4;
    } else {
      out += letter == std::string_view::npos ? next : codes[letter];
    }
  }
}

}  // namespace

std::string_view name(Encoding encoding) {
  switch (encoding) {
    case Encoding::none:
      return "";
    case Encoding::base64:
      return "base64-encoded";
    case Encoding::percent:
      return "percent-encoded";
    case Encoding::escaped:
      return "in a string";
  }
  return "";
}

void find_encoded(std::string_view text, std::size_t begin, std::size_t end, std::vector<EncodedRun>& runs,
                  std::vector<LiteralPlace>* stretches) {
  end = std::min(end, text.size());
  if (begin >= end) return;
  find_base64(text, begin, end, runs, stretches);
  find_percent(text, begin, end, runs);
  find_escaped(text, begin, end, runs);
}

void decode(std::string_view text, const EncodedRun& run, std::string& out) {
  out.clear();
  if (run.encoding == Encoding::base64) {
    decode_base64(text, run, out);
    if (auto narrow = utf16_as_utf8(out)) out = std::move(*narrow);
    return;
  }
  if (run.encoding == Encoding::escaped) {
    unescape(text.substr(run.begin, run.end - run.begin), out);
    return;
  }
  out = base::percent_decoded(text.substr(run.begin, run.end - run.begin));
}

EncodedRun lines_of(std::string_view text, const EncodedRun& run, std::size_t begin, std::size_t end) {
  if (run.encoding != Encoding::base64) return run;
  EncodedRun lines = run;
  std::size_t digit = 0;
  std::size_t previous = run.begin;
  each_digit(text, run, [&](std::size_t at) {
    const bool first_of_line = at != previous + 1 && after_break(text, previous + 1) == at;
    if (first_of_line && digit * 6 / 8 <= begin) lines.begin = at;
    if (first_of_line && digit * 6 / 8 >= end) {
      lines.end = previous + 1;
      return false;
    }
    previous = at;
    ++digit;
    return true;
  });
  return lines;
}

}  // namespace launchgate::secrets
