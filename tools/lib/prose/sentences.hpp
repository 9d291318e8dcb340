#pragma once

#include <string_view>
#include <vector>

#include "lib/markdown/text_map.hpp"

namespace launchgate::prose {

// The sentences of one block, as ranges of it. A sentence ends at `.`, `!`, `?` or `…` before a blank and what can begin one (a capital, a digit, a
// quote, a bracket), except after the usual abbreviations and single capitals; at a line feed; and at the end.
std::vector<markdown::Range> sentences(std::string_view block);

}  // namespace launchgate::prose
