#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/result.hpp"

namespace launchgate::load {

// An http or https URL as far as a load target needs it.
struct Url {
  bool tls = false;
  std::string host;  // without brackets
  std::uint16_t port = 0;
  std::string path;  // prefix of every request, without a trailing slash
  std::string host_header;
  bool host_is_address = false;
};

// Refuses other schemes, credentials, queries and fragments, control characters and ports out of range; a `usage`
// error.
base::Result<Url> parse_url(std::string_view text);

}  // namespace launchgate::load
