#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace launchgate::load {

// Takes text that a server or a person wrote and returns what may be shown.
using Redactor = std::function<std::string(std::string_view)>;

// Scheme, host, port and path of a URL; without user, password, query and fragment.
std::string scrubbed_url(std::string_view url);

// Removes the given secrets, credentials and queries in URLs, and `Bearer …` tokens; then applies `packs`, if any;
// control characters are escaped and the result is cut at 240 characters. Not for several threads at once.
Redactor make_redactor(std::vector<std::string> secrets, Redactor packs = {});

inline constexpr std::size_t redacted_length = 240;

}  // namespace launchgate::load
