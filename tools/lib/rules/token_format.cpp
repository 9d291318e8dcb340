#include "lib/rules/token_format.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace launchgate::rules {
namespace {

constexpr std::uint32_t longest = 1000;
constexpr std::string_view base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

struct Named {
  std::string_view name;
  std::string_view characters;
};

// Checks are numbers in the characters that stand here.
constexpr std::array<Named, 3> checks = {{{"crc32-base62", base62},
                                          {"crc32-base36", "0123456789abcdefghijklmnopqrstuvwxyz"},
                                          {"crc32-hex", "0123456789abcdef"}}};

constexpr std::array<Named, 13> alphabets = {{
    {"digit", "0123456789"},
    {"hex", "0123456789abcdef"},
    {"HEX", "0123456789ABCDEF"},
    {"lower", "abcdefghijklmnopqrstuvwxyz"},
    {"upper", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
    {"alpha", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"},
    {"alnum", base62},
    {"lownum", "0123456789abcdefghijklmnopqrstuvwxyz"},
    {"upnum", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
    {"base32", "abcdefghijklmnopqrstuvwxyz234567"},
    {"BASE32", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"},
    {"b64", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"},
    {"url", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"},
}};

template <std::size_t count>
const Named* named(const std::array<Named, count>& list, std::string_view name) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const Named& one) { return one.name == name; });
  return found == list.end() ? nullptr : &*found;
}

std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t sum = 0xffffffffU;
  for (const char c : bytes) {
    sum ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) sum = (sum & 1U) != 0 ? sum >> 1U ^ 0xedb88320U : sum >> 1U;
  }
  return ~sum;
}

std::string number_in(std::string_view digits, std::uint32_t value, std::size_t width) {
  std::string text;
  for (; value != 0; value /= static_cast<std::uint32_t>(digits.size())) text += digits[value % digits.size()];
  while (text.size() < width) text += digits[0];
  std::reverse(text.begin(), text.end());
  return text;
}

std::optional<std::uint32_t> count_in(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value == 0 || value > longest) return std::nullopt;
  return value;
}

base::Error refused(const std::string& message) {
  return {base::ErrorCategory::configuration, "", {}, message, "the page on rule packs lists what may stand in braces"};
}

}  // namespace

base::Result<TokenFormat::Field> TokenFormat::field(std::string_view text) {
  Field field;
  const std::size_t colon = text.find(':');
  field.name = text.substr(0, colon);
  if (text == "uuid") {
    field.name = "uuid";
    return field;
  }
  const Named* check = named(checks, field.name);
  const Named* alphabet = check == nullptr ? named(alphabets, field.name) : check;
  if (alphabet == nullptr || colon == std::string_view::npos)
    return refused("\"{" + std::string(text) + "}\" is no field of a token");
  field.name = alphabet->name;
  field.alphabet = alphabet->characters;
  const std::string_view lengths = text.substr(colon + 1);
  const std::size_t dash = check == nullptr ? lengths.find('-') : std::string_view::npos;
  const auto least = count_in(lengths.substr(0, dash));
  const auto most = dash == std::string_view::npos ? least : count_in(lengths.substr(dash + 1));
  if (!least || !most || *least > *most)
    return refused("\"{" + std::string(text) + "}\" has no length from 1 to " + std::to_string(longest));
  field.least = *least;
  field.most = *most;
  return field;
}

base::Result<TokenFormat> TokenFormat::parse(std::string_view text) {
  TokenFormat format;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    if (open != 0) {
      Field fixed;
      fixed.fixed = text.substr(0, open);
      format.fields_.push_back(std::move(fixed));
      text.remove_prefix(std::min(open, text.size()));
      continue;
    }
    const std::size_t close = text.find('}');
    if (close == std::string_view::npos) return refused("a brace is open in \"" + std::string(text) + '"');
    auto next = field(text.substr(1, close - 1));
    if (!next) return next.error();
    format.fields_.push_back(std::move(*next));
    text.remove_prefix(close + 1);
  }
  return format;
}

std::string TokenFormat::make(const std::function<std::uint32_t(std::uint32_t n)>& below) const {
  std::string token;
  std::size_t before = 0;  // where the last field begins
  const auto some = [&](std::string_view alphabet, std::uint32_t length) {
    for (std::uint32_t i = 0; i < length; ++i) token += alphabet[below(static_cast<std::uint32_t>(alphabet.size()))];
  };
  for (const Field& field : fields_) {
    const std::size_t begin = token.size();
    if (!field.fixed.empty()) {
      token += field.fixed;
    } else if (field.name == "uuid") {
      constexpr std::string_view hex = "0123456789abcdef";
      for (const char c : std::string_view("xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx"))
        token += c == 'x' ? hex[below(16)] : c == 'y' ? hex[8 + below(4)] : c;
    } else if (named(checks, field.name) != nullptr) {
      const bool all = field.name == "crc32-base36";
      const std::string_view checked = std::string_view(token).substr(all ? 0 : before);
      token += number_in(field.alphabet, crc32(checked), field.least);
    } else {
      some(field.alphabet, field.least + below(field.most - field.least + 1));
    }
    before = begin;
  }
  return token;
}

}  // namespace launchgate::rules
