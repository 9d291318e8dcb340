#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// Hexadecimal digits, and the identifiers that are written in them.
namespace launchgate::base {

// Two lower-case digits for each byte.
std::string to_hex(std::string_view bytes);

// Whether `text` is exactly that many hexadecimal digits.
bool is_hex(std::string_view text, std::size_t digits);
bool is_lower_hex(std::string_view text, std::size_t digits);

bool is_git_object(std::string_view text);    // 40 or 64 lower-case digits, as git writes them
bool is_commit_sha(std::string_view text);    // 40 digits
bool is_image_digest(std::string_view text);  // sha256:<64 digits>
// An image digest, or artifact:<id> of 8 or more of A-Za-z0-9._:/- that starts with a letter or digit.
bool is_checksum(std::string_view text);
// What follows the scheme of an identifier, "sha256:" or "artifact:"; all of a text without one.
std::string_view without_scheme(std::string_view text);

}  // namespace launchgate::base
