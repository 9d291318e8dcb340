#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "load/net/event_loop.hpp"

namespace launchgate::load {

// A moment as people and scripts give it: RFC 3339, or seconds since 1970 ("1796054835", "1796054835.5"). In
// milliseconds.
std::optional<std::int64_t> parse_start(std::string_view text);

// Returns `lead` before that moment of the wall clock, however it is set meanwhile; at once where it is past, and when
// the loop is interrupted.
void wait_until(EventLoop& loop, std::int64_t wall_ms, Nanoseconds lead);

}  // namespace launchgate::load
