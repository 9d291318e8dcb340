#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lib/prose/subject.hpp"

namespace launchgate::wording {

struct Fixed {
  std::string text;
  std::size_t applied = 0;
};

// The text with the replacements made. Where two of them touch one byte and differ, neither is made: which was meant is for a person to say.
Fixed apply(std::string_view text, std::vector<prose::Edit> edits);

}  // namespace launchgate::wording
