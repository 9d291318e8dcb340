#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/rules/pattern.hpp"

namespace launchgate::rules {

class Fields;

// What a pack declares to be no secret, whatever the rule.
struct Harmless {
  std::vector<Pattern> placeholders;  // bytes; a value in which one matches
  std::vector<std::string>
      published;  // SHA-256 of values that their makers print as examples, sorted; 64 hexadecimal digits each

  // The error is one of a placeholder's pattern.
  base::Result<bool> covers(std::string_view value) const;
};

// The members "placeholders" and "published" of a pack.
std::shared_ptr<const Harmless> load_harmless(Fields& fields);

}  // namespace launchgate::rules
