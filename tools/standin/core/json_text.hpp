#pragma once

#include <string>
#include <string_view>

namespace launchgate::standin {

// Appends the characters of a JSON string, without its quotes (RFC 8259, section 7). Ill-formed UTF-8 becomes U+FFFD.
void append_json_escaped(std::string& out, std::string_view text);
void append_json_string(std::string& out, std::string_view text);
// Shortest text that reads back as the same number; NaN and infinities become null.
void append_json_number(std::string& out, double value);

}  // namespace launchgate::standin
