#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/markdown/text_map.hpp"

namespace launchgate::prose {

// For each list of keywords the lines of a text that hold one of them, in order; the whole text for an empty list.
// Keywords are lower case and compared without the case of ASCII letters.
//
// One pass over the text, whatever the number of keywords: a table tells for each pair of bytes which keywords begin
// so.
std::vector<std::vector<markdown::Range>> lines_with(const std::vector<const std::vector<std::string>*>& lists,
                                                     std::string_view text);

}  // namespace launchgate::prose
