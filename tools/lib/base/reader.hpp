#pragma once

#include <cstddef>

#include "lib/base/result.hpp"

namespace launchgate::base {

// Where bytes come from, in order.
class Reader {
 public:
  virtual ~Reader() = default;
  // Fills from the front; 0 at the end.
  virtual Result<std::size_t> read(char* into, std::size_t size) = 0;
};

}  // namespace launchgate::base
