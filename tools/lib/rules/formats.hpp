#pragma once

#include <string_view>

// Kinds of strings that rules can ask for.
namespace launchgate::rules {

bool is_rfc3339(std::string_view text);     // a date-time of RFC 3339 section 5.6: with an offset, of a day that exists
bool is_date(std::string_view text);        // YYYY-MM-DD, of a day that exists
bool is_commit_sha(std::string_view text);  // 40 lower-case or upper-case hexadecimal digits, not all the same
bool is_image_digest(std::string_view text);  // sha256:<64 hexadecimal digits>, not all the same
// An image digest, or artifact:<id> of 8 or more of A-Za-z0-9._:/- that starts with a letter or digit and is not one
// character repeated.
bool is_checksum(std::string_view text);
bool is_blank(std::string_view text);
// Empty, `{…}`, `<…>`, a word that stands for a value to come (TBD, N/A, REPLACE_WITH_…, …), or only dots, dashes,
// question marks, or x.
bool is_placeholder(std::string_view text);

}  // namespace launchgate::rules
