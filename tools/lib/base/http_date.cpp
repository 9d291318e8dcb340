#include "lib/base/http_date.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <vector>

namespace launchgate::base {

namespace {

constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::vector<std::string_view> words(std::string_view text, char separator) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::string padded(int value, std::size_t width) {
  std::string digits = std::to_string(value);
  return std::string(width - std::min(width, digits.size()), '0') + digits;
}

// By way of RFC 3339, which knows how many days a month has and where a leap second can be.
std::optional<Milliseconds> point(std::string_view day, std::string_view month, int year, std::string_view time) {
  const auto day_number = number(day);
  if (!day_number || day.size() > 2) return std::nullopt;
  for (std::size_t i = 0; i < months.size(); ++i) {
    if (months[i] == month) {
      return parse_date_time(padded(year, 4) + '-' + padded(static_cast<int>(i) + 1, 2) + '-' + padded(*day_number, 2) +
                             'T' + std::string(time) + 'Z');
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Milliseconds> parse_http_date(std::string_view text, Milliseconds now) {
  const std::vector<std::string_view> parts = words(text, ' ');
  if (parts.size() == 6 && parts[0].ends_with(',') && parts[5] == "GMT") {
    const auto year = number(parts[3]);
    if (!year || parts[3].size() != 4) return std::nullopt;
    return point(parts[1], parts[2], *year, parts[4]);
  }
  if (parts.size() == 4 && parts[0].ends_with(',') && parts[3] == "GMT") {
    const std::vector<std::string_view> date = words(parts[1], '-');
    if (date.size() != 3 || date[2].size() != 2) return std::nullopt;
    const auto year = number(date[2]);
    if (!year) return std::nullopt;
    const auto of_century = [&](int century) { return point(date[0], date[1], century + *year, parts[2]); };
    const auto late = of_century(2000);
    constexpr Milliseconds fifty_years = 18'263 * milliseconds_per_day;
    return late && *late > now + fifty_years ? of_century(1900) : late;
  }
  if (parts.size() == 5) {
    const auto year = number(parts[4]);
    if (!year || parts[4].size() != 4) return std::nullopt;
    return point(parts[2], parts[1], *year, parts[3]);
  }
  return std::nullopt;
}

}  // namespace launchgate::base
