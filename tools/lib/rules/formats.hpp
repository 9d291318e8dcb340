#pragma once

#include <string_view>

// Kinds of strings that rules can ask for.
namespace launchgate::rules {

bool is_date_time(std::string_view text);  // by RFC 3339
bool is_date(std::string_view text);       // YYYY-MM-DD, of a day that exists
// As the functions of base say, and not one character repeated.
bool is_varied_commit_sha(std::string_view text);
bool is_varied_image_digest(std::string_view text);
bool is_varied_checksum(std::string_view text);
// Empty, `{…}`, `<…>`, a word that stands for a value to come (TBD, N/A, REPLACE_WITH_…, …), or only dots, dashes,
// question marks, or x.
bool is_placeholder(std::string_view text);

}  // namespace launchgate::rules
