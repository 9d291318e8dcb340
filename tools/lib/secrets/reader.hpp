#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "lib/base/reader.hpp"
#include "lib/base/result.hpp"

namespace launchgate::secrets {

using base::Reader;

// Bytes in memory.
class MemoryReader final : public Reader {
 public:
  explicit MemoryReader(std::string_view text) : rest_(text) {}
  base::Result<std::size_t> read(char* into, std::size_t size) override;

 private:
  std::string_view rest_;
};

base::Result<std::string> read_all(Reader& reader);

}  // namespace launchgate::secrets
