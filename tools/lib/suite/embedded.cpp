#include "lib/suite/embedded.hpp"

#include <lz4.h>

#include <stdexcept>

#include "lib/base/hex.hpp"
#include "lib/finding/digest.hpp"

namespace launchgate::suite {
namespace {

constexpr std::size_t size_bytes = 8;
constexpr std::size_t digest_bytes = 32;

}  // namespace

std::string EmbeddedFile::text() const {
  std::size_t size = 0;
  for (std::size_t i = size_bytes; i > 0; --i) size = (size << 8U) | static_cast<unsigned char>(packed_[i - 1]);
  const std::string_view data = packed_.substr(size_bytes + digest_bytes);
  std::string text(size, '\0');
  if (LZ4_decompress_safe(data.data(), text.data(), static_cast<int>(data.size()), static_cast<int>(size)) !=
      static_cast<int>(size)) {
    throw std::logic_error("the embedded " + std::string(path) + " is damaged");
  }
  return text;
}

std::string EmbeddedFile::digest() const { return base::to_hex(packed_.substr(size_bytes, digest_bytes)); }

}  // namespace launchgate::suite
