#include "lib/schema/formats.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "lib/base/ascii.hpp"
#include "lib/base/rfc3339.hpp"
#include "lib/schema/regex.hpp"

namespace launchgate::schema {
namespace {

using base::is_alnum;
using base::is_digit;

struct FormatName {
  std::string_view name;
  Format format;
  std::string_view description;
};

constexpr std::array formats = {
    FormatName{"date-time", Format::date_time, "a date and time by RFC 3339 (2026-01-31T12:00:00Z)"},
    FormatName{"date", Format::date, "a date (2026-01-31)"},
    FormatName{"time", Format::time, "a time of day with offset (12:00:00Z)"},
    FormatName{"email", Format::email, "an e-mail address"},
    FormatName{"hostname", Format::hostname, "a host name"},
    FormatName{"ipv4", Format::ipv4, "an IPv4 address"},
    FormatName{"ipv6", Format::ipv6, "an IPv6 address"},
    FormatName{"uri", Format::uri, "a URI with a scheme (https://…)"},
    FormatName{"uri-reference", Format::uri_reference, "a URI reference"},
    FormatName{"iri", Format::iri, "an IRI with a scheme (https://…)"},
    FormatName{"iri-reference", Format::iri_reference, "an IRI reference"},
    FormatName{"uri-template", Format::uri_template, "a URI template by RFC 6570"},
    FormatName{"json-pointer", Format::json_pointer, "a JSON pointer (/a/0/b)"},
    FormatName{"relative-json-pointer", Format::relative_json_pointer, "a relative JSON pointer (1/a)"},
    FormatName{"regex", Format::regex, "a regular expression that RE2 accepts"},
};

bool is_hostname(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  std::size_t at = 0;
  while (at <= text.size()) {
    const std::size_t end = std::min(text.find('.', at), text.size());
    const std::string_view label = text.substr(at, end - at);
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    if (!std::all_of(label.begin(), label.end(), [](char c) { return is_alnum(c) || c == '-'; })) return false;
    at = end + 1;
  }
  return true;
}

bool is_quoted_local_part(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return false;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\') {
      if (++i + 1 >= text.size() || text[i] < ' ' || text[i] > '~') return false;
    } else if (c < ' ' || c > '~' || c == '"') {
      return false;
    }
  }
  return true;
}

bool is_local_part(std::string_view text) {
  if (text.empty() || text.size() > 64) return false;
  if (text.front() == '"') return is_quoted_local_part(text);
  constexpr std::string_view allowed = "!#$%&'*+-/=?^_`{|}~.";
  if (text.front() == '.' || text.back() == '.' || text.find("..") != std::string_view::npos) return false;
  return std::all_of(text.begin(), text.end(),
                     [&](char c) { return is_alnum(c) || allowed.find(c) != std::string_view::npos; });
}

bool is_email(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos || !is_local_part(text.substr(0, at))) return false;
  const std::string_view domain = text.substr(at + 1);
  if (domain.size() > 2 && domain.front() == '[' && domain.back() == ']') {
    const std::string_view literal = domain.substr(1, domain.size() - 2);
    return literal.substr(0, 5) == "IPv6:" ? is_ipv6(literal.substr(5)) : is_ipv4(literal);
  }
  return is_hostname(domain);
}

bool is_json_pointer(std::string_view text) {
  if (!text.empty() && text[0] != '/') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '~' && (i + 1 == text.size() || (text[i + 1] != '0' && text[i + 1] != '1'))) return false;
  }
  return true;
}

bool is_relative_json_pointer(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && is_digit(text[at])) ++at;
  if (at == 0 || (text[0] == '0' && at > 1)) return false;
  const std::string_view rest = text.substr(at);
  return rest == "#" || is_json_pointer(rest);
}

}  // namespace

bool is_ipv4(std::string_view text) {
  std::size_t at = 0;
  for (int part = 0; part < 4; ++part) {
    if (part > 0 && (at >= text.size() || text[at++] != '.')) return false;
    const std::size_t first = at;
    int value = 0;
    while (at < text.size() && is_digit(text[at]) && at - first < 3) value = value * 10 + (text[at++] - '0');
    if (at == first || value > 255 || (at - first > 1 && text[first] == '0')) return false;
  }
  return at == text.size();
}

bool is_ipv6(std::string_view text) {
  int groups = 0;
  bool compressed = false;
  std::size_t at = 0;
  if (text.substr(0, 2) == "::") {
    compressed = true;
    at = 2;
  }
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(':', at), text.size());
    const std::string_view group = text.substr(at, end - at);
    if (group.empty()) return false;
    if (group.find('.') != std::string_view::npos) {
      if (end != text.size() || !is_ipv4(group)) return false;
      groups += 2;
      break;
    }
    const bool hex = std::all_of(group.begin(), group.end(), base::is_hex_digit);
    if (group.size() > 4 || !hex) return false;
    ++groups;
    if (groups > 8 || end == text.size()) break;
    at = end + 1;
    if (at == text.size()) return false;
    if (text[at] == ':') {
      if (compressed) return false;
      compressed = true;
      ++at;
    }
  }
  return compressed ? groups <= 7 : groups == 8;
}

std::optional<Format> format_from(std::string_view name) {
  for (const FormatName& entry : formats) {
    if (entry.name == name) return entry.format;
  }
  return std::nullopt;
}

const std::vector<std::string>& format_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const FormatName& entry : formats) all.emplace_back(entry.name);
    return all;
  }();
  return names;
}

std::string_view describe(Format format) {
  for (const FormatName& entry : formats) {
    if (entry.format == format) return entry.description;
  }
  return "a string";
}

bool matches(Format format, std::string_view text) {
  switch (format) {
    case Format::date_time:
      return base::parse_date_time(text).has_value();
    case Format::date:
      return base::parse_date(text).has_value();
    case Format::time:
      return base::parse_time_of_day(text).has_value();
    case Format::email:
      return is_email(text);
    case Format::hostname:
      return is_hostname(text);
    case Format::ipv4:
      return is_ipv4(text);
    case Format::ipv6:
      return is_ipv6(text);
    case Format::uri:
      return is_uri(text, true, false);
    case Format::uri_reference:
      return is_uri(text, false, false);
    case Format::iri:
      return is_uri(text, true, true);
    case Format::iri_reference:
      return is_uri(text, false, true);
    case Format::uri_template:
      return is_uri_template(text);
    case Format::json_pointer:
      return is_json_pointer(text);
    case Format::relative_json_pointer:
      return is_relative_json_pointer(text);
    case Format::regex:
      return RE2(text, quiet_options()).ok();
  }
  return false;
}

}  // namespace launchgate::schema
