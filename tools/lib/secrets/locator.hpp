#pragma once

#include <cstddef>
#include <string_view>

#include "lib/base/result.hpp"

namespace launchgate::secrets {

// Turns offsets that only grow into positions, counting every byte once. A text may come in pieces: rebase() makes
// where it stands the start of the next one.
class Locator {
 public:
  // `offset` is at or after that of the last call.
  base::Position advance(std::string_view text, std::size_t offset);
  void rebase() { offset_ = 0; }

 private:
  std::size_t offset_ = 0;
  base::Position position_{1, 1};
};

}  // namespace launchgate::secrets
