#pragma once

#include <string>
#include <vector>

namespace launchgate::suite {

// The images of the tier ladder that applies in the current folder, for options that are named after them. Options are described before any is read, so
// --root and --config do not count; what cannot be loaded yields the built-in ladder's images, and the tool says what is wrong later.
std::vector<std::string> image_names();

}  // namespace launchgate::suite
