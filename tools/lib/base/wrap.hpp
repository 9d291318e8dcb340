#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace launchgate::base {

// Appends `text` and a line break. Lines are broken at blanks where they would be wider than `width` columns, and go on
// after `indent` blanks; the first begins at `column`. A word that is wider than a line stands alone. A width of 0
// breaks nothing.
void append_wrapped(std::string& out, std::string_view text, std::size_t column, std::size_t indent, std::size_t width);

}  // namespace launchgate::base
