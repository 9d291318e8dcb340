#include "standin/core/json_text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "lib/base/utf8.hpp"

namespace launchgate::standin {

void append_json_escaped(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const std::size_t bad = base::find_invalid_utf8(text);
    const std::string_view good = text.substr(0, bad);
    for (const char c : good) {
      switch (c) {
        case '"':
          out += "\\\"";
          break;
        case '\\':
          out += "\\\\";
          break;
        case '\n':
          out += "\\n";
          break;
        case '\r':
          out += "\\r";
          break;
        case '\t':
          out += "\\t";
          break;
        default:
          if (static_cast<unsigned char>(c) < 0x20) {
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
          } else {
            out += c;
          }
      }
    }
    if (bad == std::string_view::npos) return;
    out += "\xef\xbf\xbd";
    text.remove_prefix(bad + 1);
  }
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  append_json_escaped(out, text);
  out += '"';
}

void append_json_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
  } else if (value == std::floor(value) && std::fabs(value) < 1e15) {
    fmt::format_to(std::back_inserter(out), "{}", static_cast<long long>(value));
  } else {
    fmt::format_to(std::back_inserter(out), "{}", value);
  }
}

}  // namespace launchgate::standin
