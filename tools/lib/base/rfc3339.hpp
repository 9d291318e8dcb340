#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Points in time as RFC 3339 writes them (section 5.6), in either case of "T" and "Z".
//
// A leap second is where one can be (section 5.7): a date-time has second 60 in the last second, by UTC, of a 30 June
// or a 31 December; a time without a date has it in the last second of a UTC day.
namespace launchgate::base {

// Since 1970-01-01T00:00:00Z, leap seconds not counted.
using Milliseconds = std::int64_t;

inline constexpr Milliseconds milliseconds_per_day = 86'400'000;

// A date-time with an offset, of a day that exists; a fraction is cut at milliseconds, and a leap second is the second
// before it. None for anything else.
std::optional<Milliseconds> parse_date_time(std::string_view text);
// Midnight UTC of YYYY-MM-DD, of a day that exists.
std::optional<Milliseconds> parse_date(std::string_view text);
// A time of day with an offset, as milliseconds since midnight UTC: from -1 day to 2 days.
std::optional<Milliseconds> parse_time_of_day(std::string_view text);

// "2026-02-01T10:00:00Z", with milliseconds where there are any.
std::string format_date_time(Milliseconds time);
// "2026-02-01T10:00:00.000Z".
std::string format_date_time_ms(Milliseconds time);
// "20260201T100000Z", for file names.
std::string compact_date_time(Milliseconds time);

}  // namespace launchgate::base
