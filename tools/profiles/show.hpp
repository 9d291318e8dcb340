#pragma once

#include <string>

#include "lib/document/json_document.hpp"

namespace launchgate::profiles {

// The document's profiles side by side, a row for each number; `tiers` gives the order of the profiles.
std::string show(const document::JsonValue& targets, const document::JsonValue& tiers, bool color);

}  // namespace launchgate::profiles
