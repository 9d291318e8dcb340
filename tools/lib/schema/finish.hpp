#pragma once

#include <vector>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"
#include "lib/schema/plan_builder.hpp"

namespace launchgate::schema {

// Shortens chains of references, finds discriminators and refuses schemas that apply to one value without end: `$ref`
// to itself, also through allOf, anyOf, oneOf, not, if, then, else or a dependency. `places` holds the subschema of
// each node.
base::Result<void> finish(PlanBuilder& plan, const std::vector<document::JsonValue>& places);

}  // namespace launchgate::schema
