#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/io/child.hpp"

// The one place that starts git. A repository, its configuration included, is somebody else's text: git is run so that
// nothing in it names a command that is executed, reaches over a network, or moves the work tree to another place. Git
// compares no contents here, because that would call the repository's filters; who wants a content asks for the blob.
namespace launchgate::io {

// `folder` lies in the repository: the nearest one above that holds .git. Variables of a hook (GIT_DIR, GIT_INDEX_FILE
// and the like) count when this process runs in the same repository.
base::Result<Child> start_git(const std::string& folder, const std::vector<std::string>& arguments);

// The git of this machine, by PATH: not one that a repository could have put where PATH says "here", or into a folder
// of its own that a package manager's scripts have in front, such as node_modules/.bin.
std::optional<std::string> git_program(const std::string& folder);

// Whether that is a script, which starts further programs.
bool git_is_script(const std::string& folder);

// What it prints. A git that cannot be started or fails is an `input` error with a remedy, never an empty answer.
base::Result<std::string> ask_git(const std::string& folder, const std::vector<std::string>& arguments);

// The same of one that was started already, with these arguments.
base::Result<std::string> answer(Child& git, const std::string& folder, const std::vector<std::string>& arguments);

// The index is read by git without a look at its checksum: half a file would be a shorter list. One that is not whole
// is an error; a missing one is empty.
base::Result<void> check_index(const std::string& folder);

// What git wrote to standard error before it failed, as an error with its remedy.
base::Error git_failure(const std::string& folder, const std::string& what, const std::string& details);

}  // namespace launchgate::io
