#include "lib/schema/keywords.hpp"

#include <algorithm>
#include <array>

namespace launchgate::schema {
namespace {

// Sorted by name (bytes).
constexpr std::array keywords = {
    Keyword{"$comment", Shape::string, true},
    Keyword{"$id", Shape::identifier, true},
    Keyword{"$ref", Shape::reference, false},
    Keyword{"$schema", Shape::dialect, true},
    Keyword{"additionalItems", Shape::schema, false},
    Keyword{"additionalProperties", Shape::schema, false},
    Keyword{"allOf", Shape::schemas, false},
    Keyword{"anyOf", Shape::schemas, false},
    Keyword{"const", Shape::any, false},
    Keyword{"contains", Shape::schema, false},
    Keyword{"contentEncoding", Shape::string, true},
    Keyword{"contentMediaType", Shape::string, true},
    Keyword{"default", Shape::any, true},
    Keyword{"definitions", Shape::schema_map, true},
    Keyword{"dependencies", Shape::dependencies, false},
    Keyword{"description", Shape::string, true},
    Keyword{"else", Shape::schema, false},
    Keyword{"enum", Shape::values, false},
    Keyword{"examples", Shape::array, true},
    Keyword{"exclusiveMaximum", Shape::number, false},
    Keyword{"exclusiveMinimum", Shape::number, false},
    Keyword{"format", Shape::format, false},
    Keyword{"if", Shape::schema, false},
    Keyword{"items", Shape::schema_or_schemas, false},
    Keyword{"maxItems", Shape::count, false},
    Keyword{"maxLength", Shape::count, false},
    Keyword{"maxProperties", Shape::count, false},
    Keyword{"maximum", Shape::number, false},
    Keyword{"minItems", Shape::count, false},
    Keyword{"minLength", Shape::count, false},
    Keyword{"minProperties", Shape::count, false},
    Keyword{"minimum", Shape::number, false},
    Keyword{"multipleOf", Shape::positive_number, false},
    Keyword{"not", Shape::schema, false},
    Keyword{"oneOf", Shape::schemas, false},
    Keyword{"pattern", Shape::pattern, false},
    Keyword{"patternProperties", Shape::pattern_map, false},
    Keyword{"properties", Shape::schema_map, false},
    Keyword{"propertyNames", Shape::schema, false},
    Keyword{"readOnly", Shape::boolean, true},
    Keyword{"required", Shape::names, false},
    Keyword{"then", Shape::schema, false},
    Keyword{"title", Shape::string, true},
    Keyword{"type", Shape::type, false},
    Keyword{"uniqueItems", Shape::boolean, false},
    Keyword{"writeOnly", Shape::boolean, true},
};
static_assert(std::is_sorted(keywords.begin(), keywords.end(),
                             [](const Keyword& a, const Keyword& b) { return a.name < b.name; }));

}  // namespace

const Keyword* find_keyword(std::string_view name) {
  const auto* const found =
      std::lower_bound(keywords.begin(), keywords.end(), name,
                       [](const Keyword& keyword, std::string_view wanted) { return keyword.name < wanted; });
  return found != keywords.end() && found->name == name ? found : nullptr;
}

const std::vector<std::string>& keyword_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Keyword& keyword : keywords) all.emplace_back(keyword.name);
    return all;
  }();
  return names;
}

}  // namespace launchgate::schema
