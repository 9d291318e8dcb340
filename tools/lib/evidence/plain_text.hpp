#pragma once

#include <string>
#include <string_view>

namespace launchgate::evidence {

// `text` as its reader takes it, for comparisons with words: invisible characters are left out, the blanks and hyphens
// of Unicode are their ASCII forms, and letters that look like Latin ones (full-width, Cyrillic, Greek) are those. A
// subset of the skeleton of Unicode TS 39, for words of the Latin alphabet. ASCII text is returned as it is; otherwise
// the result is kept in `buffer`.
std::string_view plain_text(std::string_view text, std::string& buffer);

}  // namespace launchgate::evidence
