#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/finding/finding.hpp"
#include "lib/secrets/decode.hpp"

namespace launchgate::secrets {

// A private value as it is reported. The finding shows at most four of its characters.
struct Leak {
  finding::Finding finding;
  // SHA-256 over the salt, rule, path and value, 32 hexadecimal digits; empty without a salt.
  std::string digest;
};

// The file that leaks are found in.
struct LeakPlace {
  const std::string& path;   // as it is
  const std::string& shown;  // as findings show it
  const std::string& salt;
};

// A leak without a position.
Leak make_leak(const finding::RuleInfo& rule, Encoding encoding, std::string_view value, const LeakPlace& place);

bool ends_with_json(std::string_view path);

// The rule's id without its pack.
std::string_view short_name(std::string_view rule);

}  // namespace launchgate::secrets
