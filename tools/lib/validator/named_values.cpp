#include "lib/validator/named_values.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"

namespace launchgate::validator {

base::Result<std::map<std::string, std::string>> named_values(std::string_view option,
                                                              const std::vector<std::string>& entries,
                                                              const std::vector<std::string>& names) {
  const auto usage = [&](const std::string& entry, std::string message, std::string help) {
    return base::Error{base::ErrorCategory::usage,
                       "",
                       {},
                       fmt::format("{} \"{}\": {}", option, base::printable(entry), message),
                       std::move(help)};
  };
  std::map<std::string, std::string> values;
  for (const std::string& entry : entries) {
    const std::size_t equals = entry.find('=');
    const std::string name = entry.substr(0, equals);
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      std::string help = base::did_you_mean(name, names);
      if (help.empty()) help = "known: " + base::quoted_list(names, "and");
      return usage(entry, fmt::format("there is no \"{}\"", base::printable(name)), std::move(help));
    }
    if (equals == std::string::npos || equals + 1 == entry.size())
      return usage(entry, "it has no value", "write NAME=VALUE");
    if (!values.emplace(name, entry.substr(equals + 1)).second)
      return usage(entry, fmt::format("{} is given twice", name), "give it once");
  }
  return values;
}

}  // namespace launchgate::validator
