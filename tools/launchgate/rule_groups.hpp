#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/finding/finding.hpp"
#include "lib/suite/workspace.hpp"

// What rules have in common: the part of their ids before the slash, and the schema of the files that they are about.
namespace launchgate::suite_tool {

// The rules of schemas whose files no kind of document has: the configuration, what it names, and reports of load runs.
std::vector<finding::RuleInfo> schema_rules();

// What a file of the group holds, where a schema says so, and its rules. None when no rule is of that group.
std::optional<std::string> group_text(suite::Workspace& workspace, const std::vector<finding::RuleInfo>& rules,
                                      std::string_view group);

}  // namespace launchgate::suite_tool
