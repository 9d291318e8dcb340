#include "lib/schema/lint.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_set>

#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/document/decimal.hpp"
#include "lib/schema/formats.hpp"
#include "lib/schema/keywords.hpp"
#include "lib/schema/regex.hpp"

namespace launchgate::schema {
namespace {

using document::Decimal;
using document::JsonDocument;
using document::JsonKind;
using document::JsonValue;

constexpr std::array type_names = {"array", "boolean", "integer", "null", "number", "object", "string"};

// Keywords of other dialects, and what says the same in draft-07.
struct Foreign {
  std::string_view name;
  std::string_view remedy;
};
constexpr std::array foreign_keywords = {
    Foreign{"$defs", "draft-07 has \"definitions\""},
    Foreign{"$anchor", "draft-07 has {\"$id\": \"#name\"}"},
    Foreign{"$dynamicRef", "draft-07 has \"$ref\" alone"},
    Foreign{"$recursiveRef", "draft-07 has \"$ref\" alone"},
    Foreign{"dependentRequired", "draft-07 has \"dependencies\""},
    Foreign{"dependentSchemas", "draft-07 has \"dependencies\""},
    Foreign{"deprecated", "say so in \"description\" or \"$comment\""},
    Foreign{"divisibleBy", "draft-07 has \"multipleOf\""},
    Foreign{"id", "draft-07 has \"$id\""},
    Foreign{"maxContains", "draft-07 has \"contains\" alone"},
    Foreign{"minContains", "draft-07 has \"contains\" alone"},
    Foreign{"nullable", "write \"type\": [\"null\", …]"},
    Foreign{"prefixItems", "draft-07 has an array in \"items\""},
    Foreign{"unevaluatedItems", "draft-07 has \"additionalItems\""},
    Foreign{"unevaluatedProperties", "draft-07 has \"additionalProperties\""},
};

class Linter {
 public:
  Linter(const SchemaSettings& settings, Resolver& resolver) : settings_(settings), resolver_(resolver) {}

  std::vector<base::Error> run(const JsonValue& root);

 private:
  void error(const JsonValue& at, std::string message, std::string help = {}) {
    errors_.push_back(schema_error(at, std::move(message), std::move(help)));
  }
  void check(const JsonValue& schema);
  void check_reference(const JsonValue& schema, const JsonValue::Member& reference);
  void check_unknown(const JsonValue::Member& member);
  void check_keyword(const Keyword& keyword, const JsonValue::Member& member);
  void check_string_keyword(const Keyword& keyword, const JsonValue::Member& member);
  void check_list_keyword(const Keyword& keyword, const JsonValue::Member& member);
  void check_type(const JsonValue::Member& member);
  void check_names(const JsonValue& names, std::string_view keyword);
  void check_pattern(const JsonValue& pattern);
  void check_dialect(const JsonValue& value);
  void check_contradictions(const JsonValue& schema);
  void check_order(const JsonValue& schema, std::string_view low, std::string_view high, bool strictly);
  void must_be(const JsonValue::Member& member, std::string_view what);

  const SchemaSettings& settings_;
  Resolver& resolver_;
  std::vector<base::Error> errors_;
  std::vector<JsonValue> queue_;
  std::unordered_set<JsonValue, LocationHash> seen_;
  std::unordered_set<std::string_view> patterns_;  // that RE2 accepts
};

std::string quoted(std::string_view text) { return '"' + base::printable(base::utf8_prefix(text, 80)) + '"'; }

bool is_schema(const JsonValue& value) { return value.is(JsonKind::object) || value.is(JsonKind::boolean); }

std::vector<base::Error> Linter::run(const JsonValue& root) {
  queue_.push_back(root);
  while (!queue_.empty()) {
    const JsonValue next = queue_.back();
    queue_.pop_back();
    check(next);
  }
  std::stable_sort(errors_.begin(), errors_.end(), [&](const base::Error& a, const base::Error& b) {
    const bool a_other = a.path != root.document().path();
    const bool b_other = b.path != root.document().path();
    return std::tie(a_other, a.path, a.position) < std::tie(b_other, b.path, b.position);
  });
  return std::move(errors_);
}

void Linter::must_be(const JsonValue::Member& member, std::string_view what) {
  error(member.value, quoted(member.name()) + " must be " + std::string(what));
}

void Linter::check(const JsonValue& schema) {
  if (!seen_.insert(schema).second) return;
  if (!is_schema(schema)) {
    error(schema,
          "a schema must be an object or a boolean, but this is of kind " + std::string(kind_name(schema.kind())));
    return;
  }
  if (schema.is(JsonKind::boolean)) return;
  for (const auto member : schema.members()) {
    if (member.name() == "$ref") {
      check_reference(schema, member);
      return;
    }
  }
  for (const auto member : schema.members()) {
    const Keyword* keyword = find_keyword(member.name());
    if (keyword != nullptr) {
      check_keyword(*keyword, member);
    } else if (settings_.strict) {
      check_unknown(member);
    }
  }
  if (settings_.strict) check_contradictions(schema);
}

void Linter::check_reference(const JsonValue& schema, const JsonValue::Member& reference) {
  for (const auto member : schema.members()) {
    if (member.name() == "$ref") continue;
    const Keyword* keyword = find_keyword(member.name());
    if (settings_.strict && keyword == nullptr) check_unknown(member);
    if (settings_.strict && keyword != nullptr && (!keyword->annotation || keyword->shape == Shape::identifier)) {
      error(member.key, quoted(member.name()) + " has no effect beside \"$ref\"",
            "draft-07 ignores what stands beside \"$ref\"; write \"allOf\": [{\"$ref\": …}, {" + quoted(member.name()) +
                ": …}]");
    }
    if (keyword != nullptr && keyword->shape == Shape::schema_map && keyword->annotation)
      check_keyword(*keyword, member);
  }
  if (!reference.value.is(JsonKind::string)) {
    must_be(reference, "a string");
    return;
  }
  const auto target = resolver_.resolve(schema);
  if (!target) {
    errors_.push_back(target.error());
  } else {
    queue_.push_back(*target);
  }
}

void Linter::check_unknown(const JsonValue::Member& member) {
  const auto* const foreign = std::find_if(foreign_keywords.begin(), foreign_keywords.end(),
                                           [&](const Foreign& entry) { return entry.name == member.name(); });
  std::string help(foreign != foreign_keywords.end() ? foreign->remedy : "");
  if (help.empty()) help = base::did_you_mean(member.name(), keyword_names());
  if (help.empty()) help = "draft-07 has no such keyword; notes go into \"$comment\"";
  error(member.key, "unknown keyword " + quoted(member.name()), std::move(help));
}

void Linter::check_keyword(const Keyword& keyword, const JsonValue::Member& member) {
  const JsonValue& value = member.value;
  switch (keyword.shape) {
    case Shape::schema:
      queue_.push_back(value);
      break;
    case Shape::number:
      if (!value.is(JsonKind::number)) must_be(member, "a number");
      break;
    case Shape::positive_number:
      if (!value.is(JsonKind::number) || Decimal::parse(value.number_text()) <= Decimal())
        must_be(member, "a number above 0");
      break;
    case Shape::count:
      if (!value.is(JsonKind::number) || Decimal::parse(value.number_text()).is_negative() ||
          !Decimal::parse(value.number_text()).is_integer()) {
        must_be(member, "a non-negative integer");
      }
      break;
    case Shape::boolean:
      if (!value.is(JsonKind::boolean)) must_be(member, "true or false");
      break;
    case Shape::string:
    case Shape::pattern:
    case Shape::format:
    case Shape::reference:
    case Shape::identifier:
    case Shape::dialect:
      check_string_keyword(keyword, member);
      break;
    case Shape::any:
      break;
    default:
      check_list_keyword(keyword, member);
      break;
  }
}

void Linter::check_string_keyword(const Keyword& keyword, const JsonValue::Member& member) {
  if (!member.value.is(JsonKind::string)) {
    must_be(member, "a string");
    return;
  }
  const std::string_view text = member.value.string();
  if (keyword.shape == Shape::pattern) check_pattern(member.value);
  if (keyword.shape == Shape::dialect) check_dialect(member.value);
  if (keyword.shape == Shape::format && settings_.strict && settings_.formats && !format_from(text)) {
    std::string help = base::did_you_mean(text, format_names());
    if (help.empty())
      help = "enforced are " + base::quoted_list(format_names(), "and", 20) + "; for others write a \"pattern\"";
    error(member.value, "format " + quoted(text) + " is not enforced", std::move(help));
  }
}

void Linter::check_list_keyword(const Keyword& keyword, const JsonValue::Member& member) {
  const JsonValue& value = member.value;
  switch (keyword.shape) {
    case Shape::schema_or_schemas:
      if (is_schema(value)) {
        queue_.push_back(value);
      } else if (!value.is(JsonKind::array)) {
        must_be(member, "a schema or an array of schemas");
      }
      for (const JsonValue element : value.elements()) queue_.push_back(element);
      break;
    case Shape::schemas:
      if (!value.is(JsonKind::array) || value.size() == 0) must_be(member, "an array of at least one schema");
      for (const JsonValue element : value.elements()) queue_.push_back(element);
      break;
    case Shape::schema_map:
    case Shape::pattern_map:
      if (!value.is(JsonKind::object)) must_be(member, "an object of schemas");
      for (const auto entry : value.members()) {
        if (keyword.shape == Shape::pattern_map) check_pattern(entry.key);
        queue_.push_back(entry.value);
      }
      break;
    case Shape::dependencies:
      if (!value.is(JsonKind::object)) must_be(member, "an object of schemas or lists of names");
      for (const auto entry : value.members()) {
        if (entry.value.is(JsonKind::array)) {
          check_names(entry.value, entry.name());
        } else {
          queue_.push_back(entry.value);
        }
      }
      break;
    case Shape::names:
      check_names(value, member.name());
      break;
    case Shape::type:
      check_type(member);
      break;
    case Shape::values:
      if (!value.is(JsonKind::array) || (settings_.strict && value.size() == 0))
        must_be(member, "an array of at least one value");
      break;
    case Shape::array:
      if (!value.is(JsonKind::array)) must_be(member, "an array");
      break;
    default:
      break;
  }
}

void Linter::check_type(const JsonValue::Member& member) {
  const auto check_one = [&](const JsonValue& value) {
    if (std::find(type_names.begin(), type_names.end(), value.string()) != type_names.end()) return;
    const std::vector<std::string> names(type_names.begin(), type_names.end());
    const std::string guess = base::did_you_mean(value.string(), names);
    error(value,
          value.is(JsonKind::string) ? quoted(value.string()) + " is no type" : std::string("a type must be a string"),
          guess.empty() ? "the types are " + base::quoted_list(names, "and") : guess);
  };
  if (member.value.is(JsonKind::string)) {
    check_one(member.value);
  } else if (member.value.is(JsonKind::array) && member.value.size() > 0) {
    for (const JsonValue element : member.value.elements()) check_one(element);
  } else {
    must_be(member, "the name of a type or an array of such names");
  }
}

void Linter::check_names(const JsonValue& names, std::string_view keyword) {
  if (!names.is(JsonKind::array)) {
    error(names, quoted(keyword) + " must be an array of names");
    return;
  }
  std::unordered_set<std::string_view> seen;
  for (const JsonValue name : names.elements()) {
    if (!name.is(JsonKind::string)) {
      error(name,
            quoted(keyword) + " must be an array of names, and this is of kind " + std::string(kind_name(name.kind())));
    } else if (!seen.insert(name.string()).second) {
      error(name, quoted(keyword) + " names " + quoted(name.string()) + " twice");
    }
  }
}

void Linter::check_pattern(const JsonValue& pattern) {
  if (patterns_.contains(pattern.string())) return;
  const RE2 regex(re2::StringPiece(pattern.string().data(), pattern.string().size()), quiet_options());
  if (regex.ok()) {
    patterns_.insert(pattern.string());
  } else {
    error(pattern, "pattern " + quoted(pattern.string()) + " is refused: " + base::printable(regex.error()),
          "patterns are RE2: no look-around, no back references, no \\u escapes (write \\x{…})");
  }
}

void Linter::check_dialect(const JsonValue& value) {
  std::string_view uri = value.string();
  if (!uri.empty() && uri.back() == '#') uri.remove_suffix(1);
  if (!settings_.strict || uri == "http://json-schema.org/draft-07/schema" ||
      uri == "https://json-schema.org/draft-07/schema")
    return;
  error(value, "the dialect " + quoted(value.string()) + " is not enforced",
        "write \"http://json-schema.org/draft-07/schema#\"");
}

void Linter::check_order(const JsonValue& schema, std::string_view low, std::string_view high, bool strictly) {
  const auto least = schema.find(low);
  const auto most = schema.find(high);
  if (!least || !most || !least->is(JsonKind::number) || !most->is(JsonKind::number)) return;
  const auto order = Decimal::parse(least->number_text()) <=> Decimal::parse(most->number_text());
  if (order > 0 || (strictly && order == 0)) {
    error(*least, quoted(low) + " leaves nothing below " + quoted(high) + " (" +
                      base::printable(most->number_text().substr(0, 40)) + ")");
  }
}

void Linter::check_contradictions(const JsonValue& schema) {
  check_order(schema, "minimum", "maximum", false);
  check_order(schema, "minimum", "exclusiveMaximum", true);
  check_order(schema, "exclusiveMinimum", "maximum", true);
  check_order(schema, "exclusiveMinimum", "exclusiveMaximum", true);
  check_order(schema, "minLength", "maxLength", false);
  check_order(schema, "minItems", "maxItems", false);
  check_order(schema, "minProperties", "maxProperties", false);

  // A key that is required and cannot be there, mostly a key renamed at one place only.
  const auto required = schema.find("required");
  const auto additional = schema.find("additionalProperties");
  if (!required || !additional || !additional->is(JsonKind::boolean) || additional->boolean() ||
      schema.find("patternProperties"))
    return;
  const auto properties = schema.find("properties");
  std::vector<std::string> declared;
  if (properties) {
    for (const auto member : properties->members()) declared.emplace_back(member.name());
  }
  for (const JsonValue name : required->elements()) {
    if (std::find(declared.begin(), declared.end(), name.string()) != declared.end()) continue;
    error(name, "requires " + quoted(name.string()) + ", which \"additionalProperties\": false forbids",
          base::did_you_mean(name.string(), declared));
  }
}

}  // namespace

std::vector<base::Error> lint_schema(const JsonDocument& schema, const SchemaSettings& settings, Resolver& resolver) {
  if (nesting(schema) > schema_depth) {
    return {schema_error(schema.root(), "the schema is nested deeper than " + std::to_string(schema_depth) + " levels",
                         "move parts into \"definitions\" and refer to them")};
  }
  return Linter(settings, resolver).run(schema.root());
}

}  // namespace launchgate::schema
