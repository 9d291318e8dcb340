#pragma once

#include <optional>
#include <string>

#include "lib/io/file_system.hpp"

// What is asked of a repository's own files, without starting git.
namespace launchgate::io {

// The nearest folder from `start` (absolute) upwards that holds .git.
std::optional<std::string> repository_top(const FileSystem& disk, const std::string& start);

// Whether the folder (absolute) is a repository without a work tree: HEAD, objects and refs, and no .git.
bool is_bare_repository(const FileSystem& disk, const std::string& folder);

// Where git keeps what belongs to the work tree with this top: .git, or what it points to.
std::optional<std::string> git_folder(const FileSystem& disk, const std::string& top);

// The commit that HEAD of the repository names in which `start` lies; none outside a repository or before its first
// commit. Worktrees and packed references included.
std::optional<std::string> git_head(const FileSystem& disk, const std::string& start);

}  // namespace launchgate::io
