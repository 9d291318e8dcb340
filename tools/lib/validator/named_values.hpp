#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"

namespace launchgate::validator {

// The values of an option NAME=VALUE, by name. A `usage` error names what is none of `names`, what has no value, and
// what is given twice.
base::Result<std::map<std::string, std::string>> named_values(std::string_view option,
                                                              const std::vector<std::string>& entries,
                                                              const std::vector<std::string>& names);

}  // namespace launchgate::validator
