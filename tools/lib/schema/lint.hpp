#pragma once

#include <vector>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"
#include "lib/schema/resolver.hpp"
#include "lib/schema/schema.hpp"

namespace launchgate::schema {

// Checks every place of the main document where a schema stands, and of other documents what is referred to. With no
// error, what the compiler reads has the shape that draft-07 gives it.
std::vector<base::Error> lint_schema(const document::JsonDocument& schema, const SchemaSettings& settings,
                                     Resolver& resolver);

}  // namespace launchgate::schema
