#pragma once

#include <memory>

#include "lib/base/result.hpp"
#include "lib/schema/normalize.hpp"
#include "lib/schema/plan.hpp"

namespace launchgate::schema {

// Has valijson parse the pieces and turns its trees of constraints into a plan. An exception of valijson becomes an
// Error here.
base::Result<std::unique_ptr<Plan>> translate(Normalized normalized, RegexCache regexes);

}  // namespace launchgate::schema
