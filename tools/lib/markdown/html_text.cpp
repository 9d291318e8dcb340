#include "lib/markdown/html_text.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "lib/base/ascii.hpp"

namespace launchgate::markdown {
namespace {

using base::is_letter;
using base::lower;

bool starts_with(std::string_view text, std::size_t at, std::string_view word) {
  if (text.size() - at < word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (lower(text[at + i]) != word[i]) return false;
  }
  return true;
}

std::size_t find_word(std::string_view text, std::size_t from, std::string_view word) {
  for (std::size_t at = text.find(word[0], from); at != std::string_view::npos; at = text.find(word[0], at + 1)) {
    if (starts_with(text, at, word)) return at;
  }
  return std::string_view::npos;
}

// The end of what begins with `<` at `at`: just after its `>`; quoted attribute values may hold one.
std::size_t end_of_tag(std::string_view html, std::size_t at) {
  char quote = 0;
  for (std::size_t i = at + 1; i < html.size(); ++i) {
    const char c = html[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      return i + 1;
    }
  }
  return html.size();
}

}  // namespace

void visible_html(std::string_view html, const std::function<void(std::string_view run)>& visible) {
  constexpr std::array<std::string_view, 4> hidden = {"script", "style", "template", "title"};
  std::size_t at = 0;
  while (at < html.size()) {
    const std::size_t open = std::min(html.find('<', at), html.size());
    if (open > at) visible(html.substr(at, open - at));
    if (open >= html.size()) return;
    const char next = open + 1 < html.size() ? html[open + 1] : ' ';
    if (html.substr(open, 4) == "<!--") {
      const std::size_t end = html.find("-->", open + 4);
      at = end == std::string_view::npos ? html.size() : end + 3;
    } else if (is_letter(next) || next == '/' || next == '!' || next == '?') {
      at = end_of_tag(html, open);
      for (const std::string_view name : hidden) {
        if (!starts_with(html, open + 1, name) || html[at - 1] != '>') continue;
        const std::size_t end = find_word(html, at, "</" + std::string(name));
        at = end == std::string_view::npos ? html.size() : end_of_tag(html, end);
        break;
      }
    } else {
      visible(html.substr(open, 1));
      at = open + 1;
      continue;
    }
    visible(html.substr(at, 0));
  }
}

}  // namespace launchgate::markdown
