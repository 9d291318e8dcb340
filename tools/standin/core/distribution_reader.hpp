#pragma once

#include <optional>

#include "lib/document/object_reader.hpp"
#include "standin/core/distribution.hpp"

namespace launchgate::standin {

// From the members that describe one: `ms`; `minMs` and `maxMs`; `meanMs`; `medianMs` and `sigma`. `distribution` may
// name it
// ("fixed", "uniform", "exponential", "lognormal") and is then checked against them. None without any of these members.
std::optional<Distribution> read_distribution(document::ObjectReader& reader);

}  // namespace launchgate::standin
