#include "lib/base/wrap.hpp"

#include "lib/base/utf8.hpp"

namespace launchgate::base {

void append_wrapped(std::string& out, std::string_view text, std::size_t column, std::size_t indent,
                    std::size_t width) {
  if (width == 0) {
    out += text;
    out += '\n';
    return;
  }
  bool first = column <= indent;  // of its line
  bool begins = true;
  while (!text.empty()) {
    const std::size_t space = text.find(' ');
    const std::string_view word = text.substr(0, space);
    const std::size_t length = count_code_points(word);
    const std::size_t blank = begins || first ? 0 : 1;
    if (!first && column + blank + length > width) {
      out += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (blank == 1) {
      out += ' ';
      ++column;
    }
    out += word;
    column += length;
    first = false;
    begins = false;
    if (space == std::string_view::npos) break;
    text.remove_prefix(space + 1);
  }
  out += '\n';
}

}  // namespace launchgate::base
