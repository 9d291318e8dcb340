#pragma once

#include <optional>
#include <string>

#include "lib/io/file_system.hpp"

namespace launchgate::load {

// The commit that HEAD of the repository at `root` names; none outside a repository or before its first commit. Reads
// git's files, worktrees and packed references included, and starts no process.
std::optional<std::string> git_head(const io::FileSystem& disk, const std::string& root);

}  // namespace launchgate::load
