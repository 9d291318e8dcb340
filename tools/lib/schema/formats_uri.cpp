// URIs (RFC 3986, appendix A) and URI templates (RFC 6570, section 2), checked in one pass over each component.

#include <algorithm>

#include "lib/base/ascii.hpp"
#include "lib/base/text.hpp"
#include "lib/schema/formats.hpp"
#include "lib/schema/uri.hpp"

namespace launchgate::schema {
namespace {

using base::is_digit;
using base::is_hex_digit;
using base::is_letter;

bool is_beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }

// Unreserved characters, sub-delims, percent triplets and those of `more`.
bool consists_of(std::string_view text, std::string_view more, bool beyond_ascii) {
  constexpr std::string_view always = "-._~!$&'()*+,;=";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%') {
      if (!base::is_percent_triplet(text, i)) return false;
      i += 2;
    } else if (!is_letter(c) && !is_digit(c) && always.find(c) == std::string_view::npos &&
               more.find(c) == std::string_view::npos && !(beyond_ascii && is_beyond_ascii(c))) {
      return false;
    }
  }
  return true;
}

bool is_ip_literal(std::string_view text) {
  if (!text.empty() && (text[0] == 'v' || text[0] == 'V')) {
    const std::size_t dot = text.find('.');
    return dot != std::string_view::npos && dot > 1 && dot + 1 < text.size() &&
           std::all_of(text.begin() + 1, text.begin() + static_cast<std::ptrdiff_t>(dot), is_hex_digit) &&
           consists_of(text.substr(dot + 1), ":", false) && text.find('%') == std::string_view::npos;
  }
  return is_ipv6(text);
}

bool is_authority(std::string_view text, bool beyond_ascii) {
  const std::size_t at = text.rfind('@');
  if (at != std::string_view::npos) {
    if (!consists_of(text.substr(0, at), ":", beyond_ascii)) return false;
    text = text.substr(at + 1);
  }
  std::string_view host = text;
  std::string_view port;
  if (!text.empty() && text[0] == '[') {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos || !is_ip_literal(text.substr(1, close - 1))) return false;
    host = {};
    port = text.substr(close + 1);
    if (!port.empty() && port[0] != ':') return false;
  } else if (const std::size_t colon = text.rfind(':'); colon != std::string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon);
  }
  if (!port.empty()) port.remove_prefix(1);
  return consists_of(host, "", beyond_ascii) && std::all_of(port.begin(), port.end(), is_digit);
}

bool is_variable_name(std::string_view name) {
  if (name.empty() || name.front() == '.' || name.back() == '.' || name.find("..") != std::string_view::npos)
    return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '%') {
      if (!base::is_percent_triplet(name, i)) return false;
      i += 2;
    } else if (!is_letter(name[i]) && !is_digit(name[i]) && name[i] != '_' && name[i] != '.') {
      return false;
    }
  }
  return true;
}

// One `{…}`, braces taken off.
bool is_expression(std::string_view text) {
  constexpr std::string_view operators = "+#./;?&=,!@|";
  if (!text.empty() && operators.find(text[0]) != std::string_view::npos) text.remove_prefix(1);
  std::size_t at = 0;
  while (at <= text.size()) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    std::string_view name = text.substr(at, end - at);
    if (!name.empty() && name.back() == '*') {
      name.remove_suffix(1);
    } else if (const std::size_t colon = name.find(':'); colon != std::string_view::npos) {
      const std::string_view length = name.substr(colon + 1);
      if (length.empty() || length.size() > 4 || length[0] == '0' ||
          !std::all_of(length.begin(), length.end(), is_digit))
        return false;
      name = name.substr(0, colon);
    }
    if (!is_variable_name(name)) return false;
    at = end + 1;
  }
  return true;
}

}  // namespace

bool is_uri(std::string_view text, bool needs_scheme, bool beyond_ascii) {
  const Uri uri = split_uri(text);
  if (needs_scheme && uri.scheme.empty()) return false;
  if (uri.has_authority && !is_authority(uri.authority, beyond_ascii)) return false;
  if (uri.scheme.empty() && !uri.has_authority) {
    // A first segment with a colon would read as a scheme.
    const std::string_view first = std::string_view(uri.path).substr(0, uri.path.find('/'));
    if (first.find(':') != std::string_view::npos) return false;
  }
  return consists_of(uri.path, ":@/", beyond_ascii) && consists_of(uri.query, ":@/?", beyond_ascii) &&
         consists_of(uri.fragment, ":@/?", beyond_ascii);
}

bool is_uri_template(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '{') {
      const std::size_t close = text.find('}', at);
      if (close == std::string_view::npos || !is_expression(text.substr(at + 1, close - at - 1))) return false;
      at = close + 1;
      continue;
    }
    constexpr std::string_view never = " \"'<>\\^`|}";
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F || never.find(c) != std::string_view::npos) return false;
    if (c == '%' && !base::is_percent_triplet(text, at)) return false;
    ++at;
  }
  return true;
}

}  // namespace launchgate::schema
