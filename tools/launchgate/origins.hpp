#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/base/result.hpp"
#include "lib/suite/workspace.hpp"

namespace launchgate::suite_tool {

// What of the ladder ("ladder") or of the operation catalogue ("operations") is stated by the repository, and what is
// inherited from where, a line each. None: another word.
std::optional<base::Result<std::string>> origins_text(suite::Workspace& workspace, std::string_view word);

}  // namespace launchgate::suite_tool
