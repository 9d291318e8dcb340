// pack_file IN OUT: compresses a text for embedding (LZ4 block format), at build time. In front stand the size of the
// text as eight bytes, least significant first, and the text's SHA-256, so that no run need compute it.

#include <lz4hc.h>
#include <sha2.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <string>

#include "build_input.hpp"

namespace {

std::string header(const std::string& text) {
  std::string bytes;
  for (unsigned shift = 0; shift < 64; shift += 8) bytes += static_cast<char>((text.size() >> shift) & 0xFFU);
  SHA2_CTX context;
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
  SHA256Init(&context);
  SHA256Update(&context, reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  SHA256Final(digest.data(), &context);
  bytes.append(reinterpret_cast<const char*>(digest.data()), digest.size());
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::string text;
  if (!read_build_input(argv[1], text)) return 1;
  const int size = static_cast<int>(text.size());
  std::string packed(static_cast<std::size_t>(LZ4_compressBound(size)), '\0');
  const int written =
      LZ4_compress_HC(text.data(), packed.data(), size, static_cast<int>(packed.size()), LZ4HC_CLEVEL_MAX);
  if (written <= 0) return 1;
  packed.resize(static_cast<std::size_t>(written));
  std::ofstream file(argv[2], std::ios::binary | std::ios::trunc);
  file << header(text) << packed;
  file.close();
  return file ? 0 : 1;
}
