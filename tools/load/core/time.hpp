#pragma once

#include <cstdint>
#include <string>

namespace launchgate::load {

// Monotonic time in nanoseconds; its zero is arbitrary.
using Nanoseconds = std::int64_t;

inline constexpr Nanoseconds microsecond = 1'000;
inline constexpr Nanoseconds millisecond = 1'000'000;
inline constexpr Nanoseconds second = 1'000'000'000;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Nanoseconds now() const = 0;
  // Milliseconds since 1970-01-01T00:00:00Z.
  virtual std::int64_t wall_ms() const = 0;
};

}  // namespace launchgate::load
