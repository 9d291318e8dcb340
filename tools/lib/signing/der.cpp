#include "lib/signing/der.hpp"

namespace launchgate::signing {

std::optional<std::pair<std::uint8_t, std::string_view>> DerReader::any() {
  if (rest_.size() < 2) return std::nullopt;
  const auto tag = static_cast<std::uint8_t>(rest_[0]);
  std::size_t length = static_cast<unsigned char>(rest_[1]);
  std::size_t header = 2;
  if (length >= 0x80) {
    const std::size_t digits = length & 0x7fU;
    if (digits == 0 || digits > 2 || rest_.size() < 2 + digits) return std::nullopt;
    length = 0;
    for (std::size_t i = 0; i < digits; ++i) length = length << 8U | static_cast<unsigned char>(rest_[2 + i]);
    if (length < 0x80 || (digits == 2 && length < 0x100)) return std::nullopt;
    header += digits;
  }
  if (rest_.size() - header < length) return std::nullopt;
  const std::string_view content = rest_.substr(header, length);
  rest_.remove_prefix(header + length);
  return std::pair(tag, content);
}

std::optional<std::string_view> DerReader::next(std::uint8_t tag) {
  const std::string_view before = rest_;
  const auto element = any();
  if (!element || element->first != tag) {
    rest_ = before;
    return std::nullopt;
  }
  return element->second;
}

bool DerReader::skip() { return any().has_value(); }

std::string der(std::uint8_t tag, std::string_view content) {
  std::string element(1, static_cast<char>(tag));
  const std::size_t length = content.size();
  if (length >= 0x100) {
    element += '\x82';
    element += static_cast<char>(length >> 8U);
  } else if (length >= 0x80) {
    element += '\x81';
  }
  element += static_cast<char>(length & 255U);
  return element.append(content);
}

std::string der_unsigned(std::string_view big_endian) {
  while (big_endian.size() > 1 && big_endian[0] == 0) big_endian.remove_prefix(1);
  std::string content(big_endian);
  if ((static_cast<unsigned char>(content[0]) & 0x80U) != 0) content.insert(content.begin(), '\0');
  return der(der_integer, content);
}

std::optional<std::string> unsigned_of(std::string_view integer, std::size_t size) {
  if (integer.empty() || (static_cast<unsigned char>(integer[0]) & 0x80U) != 0) return std::nullopt;
  if (integer.size() > 1 && integer[0] == 0) {
    if ((static_cast<unsigned char>(integer[1]) & 0x80U) == 0) return std::nullopt;
    integer.remove_prefix(1);
  }
  if (integer.size() > size) return std::nullopt;
  return std::string(size - integer.size(), '\0').append(integer);
}

}  // namespace launchgate::signing
