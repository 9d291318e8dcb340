#include "lib/evidence/duration.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>

#include "lib/base/ascii.hpp"

namespace launchgate::evidence {
namespace {

using base::Milliseconds;

constexpr Milliseconds second = 1000;
constexpr Milliseconds minute = 60 * second;
constexpr Milliseconds hour = 60 * minute;
constexpr Milliseconds day = base::milliseconds_per_day;
constexpr Milliseconds week = 7 * day;

}  // namespace

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
    while (length < text.size() && base::is_lower(text[length])) ++length;
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
