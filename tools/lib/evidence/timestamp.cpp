#include "lib/evidence/timestamp.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <limits>

#include "lib/rules/formats.hpp"

namespace launchgate::evidence {
namespace {

constexpr Milliseconds second = 1000;
constexpr Milliseconds minute = 60 * second;
constexpr Milliseconds hour = 60 * minute;
constexpr Milliseconds day = milliseconds_per_day;
constexpr Milliseconds week = 7 * day;

// `text` is known to hold digits there.
int number(std::string_view text, std::size_t at, std::size_t length) {
  int value = 0;
  for (std::size_t i = at; i < at + length; ++i) value = value * 10 + (text[i] - '0');
  return value;
}

Milliseconds days_to(int year, int month, int day_of_month) {
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day_of_month))};
  return std::chrono::sys_days(date).time_since_epoch().count() * day;
}

struct Civil {
  int year;
  unsigned month;
  unsigned day_of_month;
  Milliseconds rest;  // of the day
};

Civil civil(Milliseconds time) {
  const Milliseconds days = time >= 0 ? time / day : -((-time + day - 1) / day);
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days))};
  return {static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
          time - days * day};
}

}  // namespace

std::optional<Milliseconds> parse_date(std::string_view text) {
  if (!rules::is_date(text)) return std::nullopt;
  return days_to(number(text, 0, 4), number(text, 5, 2), number(text, 8, 2));
}

std::optional<Milliseconds> parse_timestamp(std::string_view text) {
  if (!rules::is_rfc3339(text)) return std::nullopt;
  Milliseconds time = days_to(number(text, 0, 4), number(text, 5, 2), number(text, 8, 2));
  int seconds = number(text, 17, 2);
  const bool leap = seconds == 60;
  if (leap) seconds = 59;
  time += number(text, 11, 2) * hour + number(text, 14, 2) * minute + seconds * second;
  std::size_t at = 19;
  if (text[at] == '.') {
    Milliseconds scale = 100;
    for (++at; text[at] >= '0' && text[at] <= '9'; ++at) {
      time += (text[at] - '0') * scale;
      scale /= 10;
    }
  }
  if (text[at] != 'Z' && text[at] != 'z') {
    const Milliseconds offset = number(text, at + 1, 2) * hour + number(text, at + 4, 2) * minute;
    time += text[at] == '-' ? offset : -offset;
  }
  // A leap second is inserted at the end of a UTC day and nowhere else.
  if (leap && ((time % day) + day) % day / second != day / second - 1) return std::nullopt;
  return time;
}

std::string format_timestamp(Milliseconds time) {
  const Civil parts = civil(time);
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", parts.year, parts.month, parts.day_of_month,
                                 parts.rest / hour, parts.rest / minute % 60, parts.rest / second % 60);
  if (parts.rest % second != 0) text += fmt::format(".{:03}", parts.rest % second);
  return text + "Z";
}

std::string compact_timestamp(Milliseconds time) {
  const Civil parts = civil(time);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", parts.year, parts.month, parts.day_of_month, parts.rest / hour,
                     parts.rest / minute % 60, parts.rest / second % 60);
}

std::string format_date(Milliseconds time) { return format_timestamp(time).substr(0, 10); }

std::optional<Milliseconds> parse_duration(std::string_view text) {
  struct Unit {
    std::string_view name;
    Milliseconds length;
  };
  constexpr std::array<Unit, 7> units = {
      {{"ms", 1}, {"s", second}, {"m", minute}, {"min", minute}, {"h", hour}, {"d", day}, {"w", week}}};
  Milliseconds total = 0;
  while (!text.empty()) {
    Milliseconds count = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), count);
    if (parsed.ec != std::errc() || count < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(parsed.ptr - text.data()));
    if (text.starts_with(' ')) text.remove_prefix(1);
    std::size_t length = 0;
    while (length < text.size() && text[length] >= 'a' && text[length] <= 'z') ++length;
    Milliseconds unit = 0;
    for (const Unit& one : units) {
      if (one.name == text.substr(0, length)) unit = one.length;
    }
    if (unit == 0 || count > (std::numeric_limits<Milliseconds>::max() - total) / unit) return std::nullopt;
    total += count * unit;
    text.remove_prefix(length);
    if (text.starts_with(' ')) text.remove_prefix(1);
  }
  return total > 0 ? std::optional<Milliseconds>(total) : std::nullopt;
}

std::string describe_duration(Milliseconds duration) {
  struct Unit {
    std::string_view name;
    Milliseconds length;
  };
  constexpr std::array<Unit, 5> units = {{{"d", day}, {"h", hour}, {"min", minute}, {"s", second}, {"ms", 1}}};
  std::string text;
  int shown = 0;
  for (const Unit& unit : units) {
    const Milliseconds count = duration / unit.length;
    duration %= unit.length;
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : " ", count, unit.name);
    if (count > 0 || shown > 0) ++shown;
    if (shown == 2) break;
  }
  return text.empty() ? "0 s" : text;
}

}  // namespace launchgate::evidence
