#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Points in time and lengths of time as evidence writes them.
namespace launchgate::evidence {

// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
using Milliseconds = std::int64_t;

// A full date-time of RFC 3339 with an offset; a fraction is cut at milliseconds. A leap second is the second before
// it. None for anything else.
std::optional<Milliseconds> parse_timestamp(std::string_view text);

// "2026-02-01T10:00:00Z", with milliseconds where there are any.
std::string format_timestamp(Milliseconds time);
// "20260201T100000Z", for file names.
std::string compact_timestamp(Milliseconds time);

// Midnight UTC of YYYY-MM-DD, of a day that exists.
std::optional<Milliseconds> parse_date(std::string_view text);
std::string format_date(Milliseconds time);

// "90d", "4h30m", "15 min": numbers with the units ms, s, m or min, h, d, w. None for anything else, zero and overflow
// included.
std::optional<Milliseconds> parse_duration(std::string_view text);
// "4 h", "5 min 30 s", "3 d 2 h": the two largest units.
std::string describe_duration(Milliseconds duration);

inline constexpr Milliseconds milliseconds_per_day = 86'400'000;

}  // namespace launchgate::evidence
