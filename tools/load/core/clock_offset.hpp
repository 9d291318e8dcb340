#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

namespace launchgate::load {

// How far the clock of a target is ahead of this machine's, in milliseconds, as the Date of its answers tells (RFC
// 9110, section 6.6.1). A Date is cut at seconds and was taken between the send and the receipt, so that each answer
// bounds the offset from both sides, and several of them more closely than a second.
struct ClockOffset {
  std::int64_t least_ms = 0;
  std::int64_t most_ms = 0;
  bool known = false;

  void add(std::int64_t date_ms, std::int64_t sent_wall_ms, std::int64_t received_wall_ms) {
    bound(date_ms - received_wall_ms, date_ms + 999 - sent_wall_ms);
  }
  void bound(std::int64_t least, std::int64_t most) {
    const bool agrees = known && least <= most_ms && most >= least_ms;
    // A clock that was set meanwhile: what it says now counts.
    least_ms = agrees ? std::max(least_ms, least) : least;
    most_ms = agrees ? std::min(most_ms, most) : most;
    known = true;
  }
};

}  // namespace launchgate::load
