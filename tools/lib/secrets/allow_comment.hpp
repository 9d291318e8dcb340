#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/secrets/leak.hpp"

namespace launchgate::secrets {

// A comment `launchgate:allow RULE reason`; it allows what that rule finds on its line and on the next.
struct Allow {
  base::Span span;
  std::string rule;
  std::string problem;  // why it allows nothing; empty when it is well-formed
  bool used = false;
};

// What stands behind the marker that begins at `marker`, without a span; none where no allowance is meant.
std::optional<Allow> read_allow(std::string_view text, std::size_t marker, const std::vector<std::string>& rules);

// Takes out what the comments allow; how many leaks that were.
std::size_t apply_allows(std::vector<Allow>& allows, std::vector<Leak>& leaks);

}  // namespace launchgate::secrets
