#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "lib/base/result.hpp"

namespace launchgate::secrets {

// Where bytes come from.
class Reader {
 public:
  virtual ~Reader() = default;
  // Fills from the front; 0 at the end.
  virtual base::Result<std::size_t> read(char* into, std::size_t size) = 0;
};

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
