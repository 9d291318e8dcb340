#pragma once

#include <string>
#include <string_view>

namespace launchgate::schema {

// A URI reference in its five components (RFC 3986, section 3); absent and empty differ only for authority and query.
struct Uri {
  std::string scheme;
  std::string authority;
  std::string path;
  std::string query;
  std::string fragment;
  bool has_authority = false;
  bool has_query = false;
};

Uri split_uri(std::string_view text);
std::string to_string(const Uri& uri);  // with "#fragment" only where it is not empty

// RFC 3986, section 5.2 (strict), dot segments removed. A `base` without a scheme is taken as it is.
Uri resolve_uri(const Uri& base, const Uri& reference);

}  // namespace launchgate::schema
