#pragma once

#include <string_view>
#include <vector>

#include "lib/base/result.hpp"

namespace launchgate::leaks {

// Which lines of `after` are more often there than in `before`; from 1.
std::vector<bool> added_lines(std::string_view before, std::string_view after);

// Whether one of the lines of `span` is among them.
bool touches(const std::vector<bool>& added, const base::Span& span);

}  // namespace launchgate::leaks
