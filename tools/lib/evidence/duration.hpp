#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/base/rfc3339.hpp"

// Lengths of time as policies and messages write them.
namespace launchgate::evidence {

// "90d", "4h30m", "15 min": numbers with the units ms, s, m or min, h, d, w. None for anything else, zero and overflow
// included.
std::optional<base::Milliseconds> parse_duration(std::string_view text);
// "4 h", "5 min 30 s", "3 d 2 h": the two largest units.
std::string describe_duration(base::Milliseconds duration);

}  // namespace launchgate::evidence
