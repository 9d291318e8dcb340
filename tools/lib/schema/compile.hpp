#pragma once

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"
#include "lib/schema/plan.hpp"
#include "lib/schema/resolver.hpp"
#include "lib/schema/schema.hpp"

namespace launchgate::schema {

// The schema must have passed lint_schema(). valijson parses its subschemas one by one, and its constraints become
// nodes of a plan; references and numbers, which its version takes differently than draft-07, are compiled beside it
// from the same places. An exception of valijson becomes an Error here.
base::Result<PlanWords> compile_plan(const document::JsonDocument& schema, const SchemaSettings& settings,
                                     Resolver& resolver);

}  // namespace launchgate::schema
