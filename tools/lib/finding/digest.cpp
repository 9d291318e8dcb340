#include "lib/finding/digest.hpp"

#include <array>

#include "lib/base/hex.hpp"

namespace launchgate::finding {

Sha256::Sha256() : context_() { SHA256Init(&context_); }

void Sha256::add(std::string_view bytes) {
  SHA256Update(&context_, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

std::string Sha256::hex() {
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
  SHA256Final(digest.data(), &context_);
  return base::to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string sha256_hex(std::string_view bytes) {
  Sha256 digest;
  digest.add(bytes);
  return digest.hex();
}

}  // namespace launchgate::finding
