#include "load/net/url.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "lib/base/ascii.hpp"
#include "load/core/redact.hpp"

namespace launchgate::load {

namespace {

base::Error bad(std::string_view text, std::string what) {
  return {base::ErrorCategory::usage,
          {},
          {},
          "\"" + scrubbed_url(text) + "\" " + what,
          "give a URL such as https://host.example:8443"};
}

bool has_scheme(std::string_view text, std::string_view scheme) {
  return text.size() >= scheme.size() && std::equal(scheme.begin(), scheme.end(), text.begin(),
                                                    [](char wanted, char c) { return wanted == base::lower(c); });
}

bool is_address(const std::string& host) {
  unsigned char bytes[16];
  return inet_pton(AF_INET, host.c_str(), bytes) == 1 || inet_pton(AF_INET6, host.c_str(), bytes) == 1;
}

}  // namespace

base::Result<Url> parse_url(std::string_view text) {
  Url url;
  std::string_view rest = text;
  const bool clean =
      std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7F; });
  if (!clean) return bad({}, "holds a blank or a control character");
  if (has_scheme(rest, "https://")) {
    url.tls = true;
    rest.remove_prefix(8);
  } else if (has_scheme(rest, "http://")) {
    rest.remove_prefix(7);
  } else {
    return bad(text, "is no http or https URL");
  }
  if (rest.find_first_of("?#") != std::string_view::npos)
    return bad(text, "has a query or a fragment, which a target's URL cannot have");
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  std::string_view authority = rest.substr(0, slash);
  url.path = rest.substr(slash);
  while (!url.path.empty() && url.path.back() == '/') url.path.pop_back();
  if (authority.find('@') != std::string_view::npos)
    return bad(text, "holds credentials; give a token by file instead");
  url.host_header = authority;
  std::string_view port;
  if (authority.starts_with('[')) {
    const std::size_t close = authority.find(']');
    if (close == std::string_view::npos) return bad(text, "has no \"]\"");
    url.host = authority.substr(1, close - 1);
    port = authority.substr(close + 1);
    if (!is_address(url.host)) return bad(text, "holds no IPv6 address between its brackets");
  } else {
    const std::size_t colon = std::min(authority.find(':'), authority.size());
    url.host = authority.substr(0, colon);
    port = authority.substr(colon);
  }
  if (url.host.empty() || url.host.size() > 253) return bad(text, "names no host");
  url.port = url.tls ? 443 : 80;
  if (!port.empty()) {
    unsigned number = 0;
    const char* begin = port.data() + 1;
    const char* end = port.data() + port.size();
    const auto [stop, error] = std::from_chars(begin, end, number);
    if (port.front() != ':' || error != std::errc{} || stop != end || number == 0 || number > 65'535) {
      return bad(text, "has a port that is no number from 1 to 65535");
    }
    url.port = static_cast<std::uint16_t>(number);
  }
  url.host_is_address = is_address(url.host);
  return url;
}

}  // namespace launchgate::load
