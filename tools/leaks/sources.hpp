#pragma once

#include <string>
#include <vector>

#include "leaks/scan.hpp"
#include "leaks/scan_targets.hpp"
#include "lib/base/result.hpp"
#include "lib/io/git.hpp"
#include "lib/suite/workspace.hpp"

// What a request asks to be searched.
namespace launchgate::leaks {

// Files, folders and standard input.
base::Result<void> supply_paths(const ScanRequest& request, suite::Workspace& workspace, Supply& supply);

// The index, a change or the history.
base::Result<std::vector<io::GitFile>> list_git(const ScanRequest& request, const std::string& root);
void supply_git(const ScanRequest& request, suite::Workspace& workspace, std::vector<io::GitFile> files,
                Supply& supply);

}  // namespace launchgate::leaks
