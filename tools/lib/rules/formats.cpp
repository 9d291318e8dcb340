#include "lib/rules/formats.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "lib/base/ascii.hpp"

namespace launchgate::rules {
namespace {

using base::is_alnum;
using base::is_digit;
using base::is_hex_digit;
using base::lower;

bool all_same(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [&](char c) { return c == text.front(); });
}

bool is_hex_of(std::string_view text, std::size_t length) {
  return text.size() == length && std::all_of(text.begin(), text.end(), is_hex_digit) && !all_same(text);
}

// The number of `length` digits at `at`, or -1.
int digits(std::string_view text, std::size_t at, std::size_t length) {
  if (text.size() < at + length) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + length; ++i) {
    if (!is_digit(text[i])) return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

int days_in(int year, int month) {
  constexpr std::array<int, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : days[static_cast<std::size_t>(month - 1)];
}

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const int year = digits(text, 0, 4);
  const int month = digits(text, 5, 2);
  const int day = digits(text, 8, 2);
  return year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= days_in(year, month);
}

bool is_rfc3339(std::string_view text) {
  if (text.size() < 20 || !is_date(text.substr(0, 10)) || lower(text[10]) != 't') return false;
  const int hour = digits(text, 11, 2);
  const int minute = digits(text, 14, 2);
  const int second = digits(text, 17, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return false;
  if (text[13] != ':' || text[16] != ':') return false;
  std::size_t at = 19;
  if (text[at] == '.') {
    const std::size_t first = ++at;
    while (at < text.size() && is_digit(text[at])) ++at;
    if (at == first) return false;
  }
  const std::string_view offset = text.substr(at);
  if (offset == "Z" || offset == "z") return true;
  if (offset.size() != 6 || (offset[0] != '+' && offset[0] != '-') || offset[3] != ':') return false;
  const int hours = digits(offset, 1, 2);
  const int minutes = digits(offset, 4, 2);
  return hours >= 0 && hours <= 23 && minutes >= 0 && minutes <= 59;
}

bool is_commit_sha(std::string_view text) { return is_hex_of(text, 40); }

bool is_image_digest(std::string_view text) { return text.substr(0, 7) == "sha256:" && is_hex_of(text.substr(7), 64); }

bool is_checksum(std::string_view text) {
  if (is_image_digest(text)) return true;
  constexpr std::string_view prefix = "artifact:";
  if (text.substr(0, prefix.size()) != prefix) return false;
  const std::string_view id = text.substr(prefix.size());
  const auto fits = [](char c) { return is_alnum(c) || c == '.' || c == '_' || c == ':' || c == '/' || c == '-'; };
  return id.size() >= 8 && is_alnum(id[0]) && std::all_of(id.begin(), id.end(), fits) && !all_same(id);
}

bool is_blank(std::string_view text) { return trim(text).empty(); }

bool is_placeholder(std::string_view text) {
  text = trim(text);
  if (text.empty()) return true;
  const auto enclosed = [&](char open, char close) {
    return text.size() >= 2 && text.front() == open && text.back() == close;
  };
  if ((enclosed('{', '}') || enclosed('<', '>')) && text.substr(1).find(text.front()) == std::string_view::npos)
    return true;
  std::string folded(text);
  std::transform(folded.begin(), folded.end(), folded.begin(), lower);
  constexpr std::array<std::string_view, 13> words = {"tbd",       "tba",       "tbc",       "todo",     "fixme",
                                                      "n/a",       "na",        "n.a.",      "none yet", "placeholder",
                                                      "change me", "change-me", "fill me in"};
  if (std::find(words.begin(), words.end(), folded) != words.end()) return true;
  for (const std::string_view begin :
       {"replace_with", "replace with", "replace-with", "todo:", "tbd:", "tbd ", "todo "}) {
    if (folded.compare(0, begin.size(), begin) == 0) return true;
  }
  const std::size_t colon = folded.find(':');
  const std::string_view value =
      colon == std::string::npos ? std::string_view(folded) : std::string_view(folded).substr(colon + 1);
  if (value.substr(0, 12) == "replace_with") return true;
  if (value.size() >= 8 && all_same(value)) return true;
  if (folded == "…" || folded == "—" || folded == "–") return true;
  return folded.find_first_not_of(".-_?*x") == std::string::npos && all_same(folded);
}

}  // namespace launchgate::rules
