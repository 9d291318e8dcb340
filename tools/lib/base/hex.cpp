#include "lib/base/hex.hpp"

#include <algorithm>

#include "lib/base/ascii.hpp"

namespace launchgate::base {
namespace {

constexpr std::string_view digest_scheme = "sha256:";
constexpr std::string_view artifact_scheme = "artifact:";
constexpr std::size_t shortest_artifact = 8;

}  // namespace

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4U];
    text += digits[byte & 0xFU];
  }
  return text;
}

bool is_hex(std::string_view text, std::size_t digits) {
  return text.size() == digits && std::all_of(text.begin(), text.end(), is_hex_digit);
}

bool is_lower_hex(std::string_view text, std::size_t digits) {
  return is_hex(text, digits) && std::none_of(text.begin(), text.end(), is_upper);
}

bool is_git_object(std::string_view text) { return is_lower_hex(text, 40) || is_lower_hex(text, 64); }

bool is_commit_sha(std::string_view text) { return is_hex(text, 40); }

bool is_image_digest(std::string_view text) {
  return text.starts_with(digest_scheme) && is_hex(text.substr(digest_scheme.size()), 64);
}

bool is_checksum(std::string_view text) {
  if (is_image_digest(text)) return true;
  if (!text.starts_with(artifact_scheme)) return false;
  const std::string_view id = text.substr(artifact_scheme.size());
  const auto fits = [](char c) { return is_alnum(c) || std::string_view("._:/-").find(c) != std::string_view::npos; };
  return id.size() >= shortest_artifact && is_alnum(id.front()) && std::all_of(id.begin(), id.end(), fits);
}

std::string_view without_scheme(std::string_view text) {
  for (const std::string_view scheme : {digest_scheme, artifact_scheme}) {
    if (text.starts_with(scheme)) return text.substr(scheme.size());
  }
  return text;
}

}  // namespace launchgate::base
