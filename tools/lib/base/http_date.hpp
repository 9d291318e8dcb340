#pragma once

#include <optional>
#include <string_view>

#include "lib/base/rfc3339.hpp"

namespace launchgate::base {

// A date as HTTP writes it (RFC 9110, section 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT", and the two obsolete forms that
// a recipient takes, "Sunday, 06-Nov-94 08:49:37 GMT" and "Sun Nov  6 08:49:37 1994". A year of two digits that would
// be more than 50 years after `now` is one of the past. None for anything else; the day's name is not compared.
std::optional<Milliseconds> parse_http_date(std::string_view text, Milliseconds now);

}  // namespace launchgate::base
