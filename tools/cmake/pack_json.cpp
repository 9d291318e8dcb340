// pack_json IN OUT: packs a JSON document for embedding. Runs at build time, on files that a unit test parses. The white space between tokens is left out,
// what remains is compressed (LZ4 block format), and the result starts with what suite::EmbeddedFile reads: the size of the text as eight
// bytes, least significant first, and the text's SHA-256. Strings keep their escapes as written; a line break stays after the members and elements near
// the top, so that messages about a built-in document can name a line.

#include <lz4hc.h>
#include <sha2.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

namespace {

std::string stripped(const std::string& text) {
  constexpr int deepest_break = 3;
  std::string out;
  out.reserve(text.size());
  bool in_string = false;
  bool escaped = false;
  int depth = 0;
  for (const char c : text) {
    if (in_string) {
      out += c;
      in_string = escaped || c != '"';
      escaped = !escaped && c == '\\';
      continue;
    }
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t') continue;
    in_string = c == '"';
    out += c;
    depth += (c == '{' || c == '[' ? 1 : 0) - (c == '}' || c == ']' ? 1 : 0);
    if (c == ',' && depth <= deepest_break) out += '\n';
  }
  return out;
}

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
  std::ifstream in(argv[1], std::ios::binary);
  const std::string source((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (!in || source.empty()) {
    std::fprintf(stderr, "%s: cannot read\n", argv[1]);
    return 1;
  }
  const std::string text = stripped(source);
  const int size = static_cast<int>(text.size());
  std::string packed(static_cast<std::size_t>(LZ4_compressBound(size)), '\0');
  const int written = LZ4_compress_HC(text.data(), packed.data(), size, static_cast<int>(packed.size()), LZ4HC_CLEVEL_MAX);
  if (written <= 0) return 1;
  packed.resize(static_cast<std::size_t>(written));
  std::ofstream file(argv[2], std::ios::binary | std::ios::trunc);
  file << header(text) << packed;
  file.close();
  return file ? 0 : 1;
}
