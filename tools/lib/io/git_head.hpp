#pragma once

#include <optional>
#include <string>

#include "lib/io/file_system.hpp"

// What is asked of a repository's own files, without starting git.
namespace launchgate::io {

// The nearest folder from `start` (absolute) upwards that holds .git.
std::optional<std::string> repository_top(const FileSystem& disk, const std::string& start);

// The commit that HEAD of the repository names in which `start` lies; none outside a repository or before its first
// commit. Worktrees and packed references included.
std::optional<std::string> git_head(const FileSystem& disk, const std::string& start);

}  // namespace launchgate::io
