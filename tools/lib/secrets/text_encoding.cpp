#include "lib/secrets/text_encoding.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "lib/base/utf8.hpp"

namespace launchgate::secrets {
namespace {

constexpr std::uint32_t replacement = 0xfffd;
constexpr std::uint32_t byte_order_mark = 0xfeff;
constexpr std::size_t fewest_units = 8;  // that tell UTF-16 without a byte order mark

bool is_big(TextKind kind) { return kind == TextKind::utf16_big || kind == TextKind::utf32_big; }
std::size_t width_of(TextKind kind) { return kind == TextKind::utf32_little || kind == TextKind::utf32_big ? 4 : 2; }

class WideReader final : public Reader {
 public:
  WideReader(std::string start, Reader& rest, TextKind kind)
      : raw_(std::move(start)), rest_(rest), width_(width_of(kind)), big_(is_big(kind)) {
    if (raw_.size() >= width_ && unit(0) == byte_order_mark) raw_.erase(0, width_);
  }

  base::Result<std::size_t> read(char* into, std::size_t size) override {
    while (text_.empty() && !ended_) {
      std::array<char, 16384> more;  // NOLINT(cppcoreguidelines-pro-type-member-init)
      auto got = rest_.read(more.data(), more.size());
      if (!got) return got.error();
      ended_ = *got == 0;
      raw_.append(more.data(), *got);
      convert();
    }
    const std::size_t give = std::min(size, text_.size());
    std::memcpy(into, text_.data(), give);
    text_.erase(0, give);
    return give;
  }

 private:
  std::uint32_t unit(std::size_t at) const {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < width_; ++i)
      value = value << 8U | static_cast<unsigned char>(raw_[at + (big_ ? i : width_ - 1 - i)]);
    return value;
  }

  void convert() {
    std::size_t at = 0;
    while (at + width_ <= raw_.size()) {
      std::uint32_t code = unit(at);
      std::size_t used = width_;
      if (width_ == 2 && code >= 0xd800 && code <= 0xdbff) {
        if (at + 4 > raw_.size() && !ended_) break;
        const std::uint32_t low = at + 4 <= raw_.size() ? unit(at + 2) : 0;
        const bool pair = low >= 0xdc00 && low <= 0xdfff;
        code = pair ? 0x10000 + ((code - 0xd800) << 10U) + (low - 0xdc00) : replacement;
        used = pair ? 4 : 2;
      } else if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) {
        code = replacement;
      }
      base::append_utf8(text_, code);
      at += used;
    }
    raw_.erase(0, at);
  }

  std::string raw_;
  std::string text_;
  Reader& rest_;
  std::size_t width_;
  bool big_;
  bool ended_ = false;
};

bool is_control(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != '\x1b') ||
         c == '\x7f';
}

// UTF-16 of mostly ASCII without a byte order mark: in most pairs the one byte is a character and the other NUL, and
// never the other way round. Arrays of small numbers look alike, but are full of control codes.
bool is_bare_utf16(std::string_view start, bool big) {
  const std::size_t units = start.size() / 2;
  if (units < fewest_units) return false;
  std::size_t characters = 0;
  std::size_t codes = 0;
  for (std::size_t at = 0; at < units * 2; at += 2) {
    const char high = start[big ? at : at + 1];
    const char low = start[big ? at + 1 : at];
    if (high != '\0' && low != '\0') continue;
    if (is_control(low)) {
      ++codes;
    } else {
      ++characters;
    }
  }
  return characters * 10 >= units * 7 && codes * 50 <= units;
}

// Of characters of East Asia (Unicode blocks from CJK Symbols to CJK Unified Ideographs, Hangul, full width forms),
// with line breaks and ASCII between them: hardly any pair of random bytes is one of them for long.
bool is_east_asian_utf16(std::string_view start, bool big) {
  const std::size_t units = start.size() / 2;
  std::size_t wide = 0;
  std::size_t ascii = 0;
  for (std::size_t at = 0; at < units * 2; at += 2) {
    const auto first = static_cast<unsigned char>(start[at]);
    const auto second = static_cast<unsigned char>(start[at + 1]);
    const auto unit = static_cast<std::uint32_t>(big ? first << 8U | second : second << 8U | first);
    if (unit < 0x80 && !is_control(static_cast<char>(unit))) ++ascii;
    if ((unit >= 0x3000 && unit <= 0x9fff) || (unit >= 0xac00 && unit <= 0xd7a3) || (unit >= 0xff00 && unit <= 0xffef))
      ++wide;
  }
  return units >= fewest_units && ascii > 0 && (wide + ascii) * 50 >= units * 49;
}

}  // namespace

bool is_wide(TextKind kind) {
  return kind == TextKind::utf16_little || kind == TextKind::utf16_big || kind == TextKind::utf32_little ||
         kind == TextKind::utf32_big;
}

TextKind sniff(std::string_view start) {
  if (start.substr(0, 3) == "\xef\xbb\xbf") return TextKind::utf8_mark;
  if (start.substr(0, 4) == std::string_view("\xff\xfe\0\0", 4)) return TextKind::utf32_little;
  if (start.substr(0, 4) == std::string_view("\0\0\xfe\xff", 4)) return TextKind::utf32_big;
  if (start.substr(0, 2) == "\xff\xfe") return TextKind::utf16_little;
  if (start.substr(0, 2) == "\xfe\xff") return TextKind::utf16_big;
  if (start.empty() || std::memchr(start.data(), '\0', start.size()) == nullptr) return TextKind::bytes;
  if (is_bare_utf16(start, false)) return TextKind::utf16_little;
  if (is_bare_utf16(start, true)) return TextKind::utf16_big;
  if (is_east_asian_utf16(start, false)) return TextKind::utf16_little;
  if (is_east_asian_utf16(start, true)) return TextKind::utf16_big;
  const auto codes = static_cast<std::size_t>(std::count_if(start.begin(), start.end(), is_control));
  return codes > 3 && codes * 20 > start.size() ? TextKind::binary : TextKind::bytes;
}

std::optional<std::string> utf16_as_utf8(std::string_view text) {
  const TextKind kind = sniff(text.substr(0, sniffed));
  if (!is_wide(kind)) return std::nullopt;
  MemoryReader none("");
  const auto reader = read_wide(std::string(text), none, kind);
  return *read_all(*reader);
}

std::unique_ptr<Reader> read_wide(std::string start, Reader& rest, TextKind kind) {
  return std::make_unique<WideReader>(std::move(start), rest, kind);
}

}  // namespace launchgate::secrets
