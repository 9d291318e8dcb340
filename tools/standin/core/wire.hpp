#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "standin/core/clock.hpp"
#include "standin/core/fault.hpp"
#include "standin/core/message.hpp"

namespace launchgate::standin {

enum class Ending : std::uint8_t { keep, close, reset, hang };

// Bytes of an answer and how they are sent: the first `burst` at once, then `piece` bytes after each `pause`, then the
// ending.
struct Transmission {
  std::string bytes;
  std::size_t burst = 0;
  std::size_t piece = 0;
  Micros pause = 0;
  Ending ending = Ending::keep;
};

// HTTP/1.1 (RFC 9112). Reuses the memory of `out`.
void render(Transmission& out, const Reply& reply, bool keep_alive, const WireFault& fault);

// The head of an answer whose body is a stream of events, ended by the connection's end; chunked framing is not used.
std::string stream_head(const Reply& reply);

// As it is named in statistics.
const char* mode_name(WireMode mode);

}  // namespace launchgate::standin
