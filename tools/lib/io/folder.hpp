#pragma once

#include <string>

#include "lib/base/result.hpp"

namespace launchgate::io {

// Makes a folder and those above it; one that is there already is no error.
base::Result<void> make_folder(const std::string& path);
// The same; a folder that nothing can be written into is an error.
base::Result<void> make_writable_folder(const std::string& path);

}  // namespace launchgate::io
