#include "lib/secrets/reader.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace launchgate::secrets {

base::Result<std::size_t> MemoryReader::read(char* into, std::size_t size) {
  const std::size_t got = std::min(size, rest_.size());
  if (got > 0) std::memcpy(into, rest_.data(), got);
  rest_.remove_prefix(got);
  return got;
}

base::Result<std::string> read_all(Reader& reader) {
  std::string text;
  std::array<char, 65536> some;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  while (true) {
    auto got = reader.read(some.data(), some.size());
    if (!got) return got.error();
    if (*got == 0) return text;
    text.append(some.data(), *got);
  }
}

}  // namespace launchgate::secrets
