#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/markdown/markdown_document.hpp"

namespace launchgate::decide {

// What the sections of this title (in any case) still lack: list fields without a value, table rows with empty cells,
// boxes that are not ticked, placeholders, or everything. What a reader does not see as a statement (comments, HTML,
// code blocks, struck-out words) counts for nothing. Where several sections have the title, each must be complete. None
// when there is no such section.
std::optional<std::vector<std::string>> open_places(const markdown::MarkdownDocument& report, std::string_view title);

}  // namespace launchgate::decide
