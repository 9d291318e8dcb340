#include "lib/rules/formats.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "lib/base/hex.hpp"
#include "lib/base/rfc3339.hpp"
#include "lib/base/text.hpp"

namespace launchgate::rules {
namespace {

bool all_same(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [&](char c) { return c == text.front(); });
}

}  // namespace

bool is_date(std::string_view text) { return base::parse_date(text).has_value(); }

bool is_date_time(std::string_view text) { return base::parse_date_time(text).has_value(); }

bool is_varied_commit_sha(std::string_view text) { return base::is_commit_sha(text) && !all_same(text); }

bool is_varied_image_digest(std::string_view text) {
  return base::is_image_digest(text) && !all_same(base::without_scheme(text));
}

bool is_varied_checksum(std::string_view text) {
  return base::is_checksum(text) && !all_same(base::without_scheme(text));
}

bool is_placeholder(std::string_view text) {
  text = base::trim(text);
  if (text.empty()) return true;
  const auto enclosed = [&](char open, char close) {
    return text.size() >= 2 && text.front() == open && text.back() == close;
  };
  if ((enclosed('{', '}') || enclosed('<', '>')) && text.substr(1).find(text.front()) == std::string_view::npos)
    return true;
  const std::string folded = base::lower_case(text);
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
