#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.hpp"
#include "load/core/catalogue.hpp"

namespace launchgate::load {

// Whether the profile of that name has every threshold and capacity target that the catalogue reads: a gate without its
// threshold would judge nothing. `text` is that of the document of target profiles. An error is a `configuration` error
// at the name that was meant, else at the object that lacks it.
base::Result<void> resolve_names(const Catalogue& catalogue, std::string path, std::string text,
                                 std::string_view profile);

}  // namespace launchgate::load
