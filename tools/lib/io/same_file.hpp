#pragma once

#include <string>

#include "lib/io/file_system.hpp"

namespace launchgate::io {

// Whether two paths lead to one file: by name, through links, or as two names of one inode. What does not exist yet is
// compared by its folder and its name.
bool same_file(const FileSystem& disk, const std::string& a, const std::string& b);

// Where writing to the path ends: behind links, absolute where it exists.
std::string destination(const FileSystem& disk, const std::string& path);

}  // namespace launchgate::io
