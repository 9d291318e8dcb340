#pragma once

#include <cstdint>
#include <string>

#include "lib/io/file_system.hpp"

namespace launchgate::io {

enum class Access : std::uint8_t {
  file,
  folder,
  missing,
  outside,  // of the root, directly or through a link
  git,      // git's own: its configuration, its hooks, its objects
  special,  // a pipe, a socket, a device
};

struct Opening {
  Access access = Access::missing;
  std::string path;  // what to open: absolute and without links; empty unless it is a file or a folder
};

// The one place that decides what of a repository may be opened for it: every path that the repository names itself, in
// its configuration, its documents or its links, comes through here. `root` is absolute and without links, `path`
// relative to it. What a person names on the command line needs no leave.
Opening look_up(const FileSystem& disk, const std::string& root, const std::string& path);

// Why it may not be opened, for a message: "lies outside the root, directly or through a link".
std::string describe(Access access);

// Whether what lies at `path` belongs to who runs this process, or to who owns `start`, the folder that it was started
// in: what somebody else has put there is not to be trusted.
bool is_trusted(const FileSystem& disk, const std::string& path, const std::string& start);

}  // namespace launchgate::io
