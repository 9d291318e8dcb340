#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/document/json_document.hpp"

namespace launchgate::schema {

// What the value of a keyword must be (the draft-07 meta-schema, as a table).
enum class Shape : std::uint8_t {
  schema,
  schemas,            // non-empty array of schemas
  schema_map,         // object of schemas
  schema_or_schemas,  // `items`
  dependencies,       // object of schemas or lists of names
  number,
  positive_number,
  count,  // non-negative integer, also written 2.0
  boolean,
  string,
  pattern,
  pattern_map,  // object of schemas, its keys patterns
  format,
  type,
  names,   // array of distinct strings
  values,  // non-empty array
  array,
  any,
  reference,
  identifier,
  dialect,
};

struct Keyword {
  std::string_view name;
  Shape shape;
  bool annotation;  // says something to readers only
};

// The keyword of draft-07 called `name`, or null.
const Keyword* find_keyword(std::string_view name);
const std::vector<std::string>& keyword_names();

// Calls `visit(schema)` for every direct subschema of `object`, `definitions` included and values of unknown keywords
// not; members of the wrong kind are passed over.
template <typename Visit>
void for_each_subschema(const document::JsonValue& object, const Visit& visit) {
  using document::JsonKind;
  const auto may_be_schema = [](const document::JsonValue& value) {
    return value.is(JsonKind::object) || value.is(JsonKind::boolean);
  };
  for (const auto member : object.members()) {
    const Keyword* keyword = find_keyword(member.name());
    if (keyword == nullptr) continue;
    switch (keyword->shape) {
      case Shape::schema:
        if (may_be_schema(member.value)) visit(member.value);
        break;
      case Shape::schemas:
      case Shape::schema_or_schemas:
        if (may_be_schema(member.value)) visit(member.value);
        for (const auto element : member.value.elements()) {
          if (may_be_schema(element)) visit(element);
        }
        break;
      case Shape::schema_map:
      case Shape::pattern_map:
      case Shape::dependencies:
        for (const auto entry : member.value.members()) {
          if (may_be_schema(entry.value)) visit(entry.value);
        }
        break;
      default:
        break;
    }
  }
}

}  // namespace launchgate::schema
