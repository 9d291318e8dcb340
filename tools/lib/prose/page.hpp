#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "lib/prose/check.hpp"
#include "lib/rules/text_subject.hpp"

namespace launchgate::prose {

// What packs find in a Markdown file. A file that cannot be parsed gives one finding, of the rule `<prefix>/syntax`.
base::Result<std::vector<finding::Finding>> check_page(std::span<const rules::Pack* const> packs, const rules::TextSubject& subject,
                                                       std::string_view prefix);

}  // namespace launchgate::prose
