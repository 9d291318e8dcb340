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

// What people wrote into the commits of the history: messages, authors, tags, and the names of references. A history
// that is cut off is told, and is no pass unless the request allows it.
base::Result<void> supply_texts(const ScanRequest& request, suite::Workspace& workspace, Supply& supply);

// The message of the next commit, and its author.
base::Result<void> supply_message(const ScanRequest& request, suite::Workspace& workspace, Supply& supply);

}  // namespace launchgate::leaks
