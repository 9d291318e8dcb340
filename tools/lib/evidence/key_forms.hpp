#pragma once

#include <vector>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"
#include "lib/evidence/policy.hpp"

namespace launchgate::evidence {

// The private values of the tier ladder that no launch artefact that is data may hold: what looks like a key, example
// or not.
base::Result<std::vector<PrivateValue>> load_key_forms(const document::JsonDocument& tiers);

// Whether a text holds one that is not allowed.
bool holds(const PrivateValue& form, std::string_view text);

}  // namespace launchgate::evidence
