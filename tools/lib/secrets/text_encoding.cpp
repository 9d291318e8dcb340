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

class Utf16Reader final : public Reader {
 public:
  Utf16Reader(std::string start, Reader& rest, bool big) : raw_(std::move(start)), rest_(rest), big_(big) {
    if (raw_.size() >= 2 && unit(0) == byte_order_mark) raw_.erase(0, 2);
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
    const auto first = static_cast<unsigned char>(raw_[at]);
    const auto second = static_cast<unsigned char>(raw_[at + 1]);
    return big_ ? std::uint32_t{first} << 8U | second : std::uint32_t{second} << 8U | first;
  }

  void convert() {
    std::size_t at = 0;
    while (at + 2 <= raw_.size()) {
      std::uint32_t code = unit(at);
      std::size_t used = 2;
      if (code >= 0xd800 && code <= 0xdbff) {
        if (at + 4 > raw_.size() && !ended_) break;
        const std::uint32_t low = at + 4 <= raw_.size() ? unit(at + 2) : 0;
        const bool pair = low >= 0xdc00 && low <= 0xdfff;
        code = pair ? 0x10000 + ((code - 0xd800) << 10U) + (low - 0xdc00) : replacement;
        used = pair ? 4 : 2;
      } else if (code >= 0xdc00 && code <= 0xdfff) {
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

}  // namespace

TextKind sniff(std::string_view start) {
  if (start.substr(0, 3) == "\xef\xbb\xbf") return TextKind::utf8_mark;
  const bool wide =
      start.size() >= 4 && start[2] == '\0' && start[3] == '\0';  // UTF-32, or a text that starts with a NUL
  if (start.substr(0, 2) == "\xff\xfe" && !wide) return TextKind::utf16_little;
  if (start.substr(0, 2) == "\xfe\xff") return TextKind::utf16_big;
  if (start.empty() || std::memchr(start.data(), '\0', start.size()) == nullptr) return TextKind::bytes;
  if (is_bare_utf16(start, false)) return TextKind::utf16_little;
  if (is_bare_utf16(start, true)) return TextKind::utf16_big;
  const auto codes = static_cast<std::size_t>(std::count_if(start.begin(), start.end(), is_control));
  return codes > 3 && codes * 20 > start.size() ? TextKind::binary : TextKind::bytes;
}

std::optional<std::string> utf16_as_utf8(std::string_view text) {
  const TextKind kind = sniff(text.substr(0, sniffed));
  if (kind != TextKind::utf16_big && kind != TextKind::utf16_little) return std::nullopt;
  MemoryReader none("");
  const auto reader = read_utf16(std::string(text), none, kind == TextKind::utf16_big);
  return *read_all(*reader);
}

std::unique_ptr<Reader> read_utf16(std::string start, Reader& rest, bool big_endian) {
  return std::make_unique<Utf16Reader>(std::move(start), rest, big_endian);
}

}  // namespace launchgate::secrets
