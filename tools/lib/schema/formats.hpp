#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace launchgate::schema {

// The formats that are enforced, on strings alone. Left out: idn-hostname and idn-email, which need the tables of IDNA.
enum class Format : std::uint8_t {
  date_time,      // RFC 3339, section 5.6, leap seconds at 23:59:60 UTC included
  date,           // the same, full-date
  time,           // the same, full-time
  email,          // RFC 5321, section 4.1.2, Mailbox
  hostname,       // RFC 1123, section 2.1
  ipv4,           // RFC 2673, section 3.2: dotted quad, no leading zeros
  ipv6,           // RFC 4291, section 2.2, no zone
  uri,            // RFC 3986, with a scheme
  uri_reference,  // RFC 3986
  iri,            // RFC 3987: as uri, with characters beyond ASCII
  iri_reference,
  uri_template,           // RFC 6570
  json_pointer,           // RFC 6901
  relative_json_pointer,  // draft-handrews-relative-json-pointer-01
  regex,                  // a pattern RE2 accepts
};

std::optional<Format> format_from(std::string_view name);
const std::vector<std::string>& format_names();

bool matches(Format format, std::string_view text);

// With article, for messages: "a date (2026-01-31)".
std::string_view describe(Format format);

bool is_uri(std::string_view text, bool needs_scheme, bool beyond_ascii);
bool is_uri_template(std::string_view text);
bool is_ipv4(std::string_view text);
bool is_ipv6(std::string_view text);

}  // namespace launchgate::schema
