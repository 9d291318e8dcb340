#pragma once

#include <cstdint>
#include <string>

namespace launchgate::standin {

// Microseconds since the stand-in started, on the steady clock. Everything but the transport gets the time as an
// argument.
using Micros = std::int64_t;

constexpr Micros micros_per_ms = 1000;
constexpr Micros micros_per_second = 1000000;

}  // namespace launchgate::standin
