#include "lib/base/rfc3339.hpp"

#include <algorithm>
#include <chrono>

#include "lib/base/ascii.hpp"

namespace launchgate::base {
namespace {

constexpr Milliseconds second = 1000;
constexpr Milliseconds minute = 60 * second;
constexpr Milliseconds hour = 60 * minute;
constexpr Milliseconds day = milliseconds_per_day;
constexpr std::size_t date_length = 10;

// Takes a text apart from its beginning; what does not fit fails all that follows.
class Scanner {
 public:
  explicit Scanner(std::string_view rest) : rest_(rest) {}

  bool take(char c) {
    const bool fits = !rest_.empty() && lower(rest_.front()) == c;
    if (fits) rest_.remove_prefix(1);
    return fits;
  }
  void expect(char c) { failed_ |= !take(c); }

  // As many digits, of a number from `least` to `most`.
  int number(std::size_t digits, int least, int most) {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (rest_.empty() || !is_digit(rest_.front())) {
        failed_ = true;
        return least;
      }
      value = value * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    failed_ |= value < least || value > most;
    return value;
  }

  // ".123456", of which three digits count.
  Milliseconds fraction() {
    if (!take('.')) return 0;
    Milliseconds value = 0;
    Milliseconds scale = 100;
    failed_ |= rest_.empty() || !is_digit(rest_.front());
    for (; !rest_.empty() && is_digit(rest_.front()); rest_.remove_prefix(1)) {
      value += (rest_.front() - '0') * scale;
      scale /= 10;
    }
    return value;
  }

  Milliseconds offset() {
    if (take('z')) return 0;
    const bool west = take('-');
    if (!west) expect('+');
    const Milliseconds hours = number(2, 0, 23) * hour;
    expect(':');
    const Milliseconds all = hours + number(2, 0, 59) * minute;
    return west ? -all : all;
  }

  // Whether all of the text fits.
  bool done() const { return !failed_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

struct TimeOfDay {
  Milliseconds since_midnight;  // UTC
  bool leap;
};

std::optional<TimeOfDay> time_of_day(std::string_view text) {
  Scanner scan(text);
  Milliseconds time = scan.number(2, 0, 23) * hour;
  scan.expect(':');
  time += scan.number(2, 0, 59) * minute;
  scan.expect(':');
  const int seconds = scan.number(2, 0, 60);
  const bool leap = seconds == 60;
  time += (leap ? 59 : seconds) * second;
  time += scan.fraction();
  time -= scan.offset();
  if (!scan.done()) return std::nullopt;
  if (leap && (time + day) % day / second != day / second - 1) return std::nullopt;
  return TimeOfDay{time, leap};
}

std::chrono::year_month_day civil(Milliseconds time) {
  return std::chrono::floor<std::chrono::days>(
      std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(time)));
}

void append_number(std::string& text, Milliseconds value, std::size_t digits) {
  const std::string written = std::to_string(value);
  text.append(digits - std::min(digits, written.size()), '0');
  text += written;
}

}  // namespace

std::optional<Milliseconds> parse_date(std::string_view text) {
  Scanner scan(text);
  const std::chrono::year year(scan.number(4, 0, 9999));
  scan.expect('-');
  const std::chrono::month month(static_cast<unsigned>(scan.number(2, 1, 12)));
  scan.expect('-');
  const std::chrono::year_month_day date(year, month, std::chrono::day(static_cast<unsigned>(scan.number(2, 1, 31))));
  if (!scan.done() || !date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count() * day;
}

std::optional<Milliseconds> parse_time_of_day(std::string_view text) {
  const auto time = time_of_day(text);
  return time ? std::optional(time->since_midnight) : std::nullopt;
}

std::optional<Milliseconds> parse_date_time(std::string_view text) {
  if (text.size() <= date_length || lower(text[date_length]) != 't') return std::nullopt;
  const auto date = parse_date(text.substr(0, date_length));
  const auto time = time_of_day(text.substr(date_length + 1));
  if (!date || !time) return std::nullopt;
  const Milliseconds all = *date + time->since_midnight;
  if (time->leap) {
    const auto utc = civil(all);
    const auto last_of = utc.month() / utc.day();
    if (last_of != std::chrono::June / 30 && last_of != std::chrono::December / 31) return std::nullopt;
  }
  return all;
}

std::string format_date_time(Milliseconds time) {
  std::string text = format_date_time_ms(time);
  if (time % second == 0) text.erase(text.size() - 5, 4);
  return text;
}

std::string format_date_time_ms(Milliseconds time) {
  const auto date = civil(time);
  const Milliseconds rest = ((time % day) + day) % day;
  std::string text;
  append_number(text, static_cast<int>(date.year()), 4);
  const auto append = [&](char before, Milliseconds value, std::size_t digits = 2) {
    text += before;
    append_number(text, value, digits);
  };
  append('-', static_cast<unsigned>(date.month()));
  append('-', static_cast<unsigned>(date.day()));
  append('T', rest / hour);
  append(':', rest / minute % 60);
  append(':', rest / second % 60);
  append('.', rest % second, 3);
  return text + 'Z';
}

std::string compact_date_time(Milliseconds time) {
  std::string text = format_date_time_ms(time);
  text.erase(text.size() - 5, 4);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

}  // namespace launchgate::base
