// What becomes of a schema when it is compiled, and that its plan can be read where it lies.

#include "lib/schema/plan.hpp"
#include "unit/schema/support.hpp"

using namespace launchgate;
using schema_test::check;
using namespace std::string_literals;

namespace {

const std::string everything = R"({
  "title": "T", "type": "object", "required": ["kind", "a\u0000b"], "minProperties": 1, "additionalProperties": {"$ref": "#"},
  "definitions": {"name": {"type": "string", "pattern": "^[a-z]+$", "minLength": 2.0, "description": "A name."}},
  "properties": {
    "kind": {"$ref": "#/definitions/name", "description": "again"},
    "n": {"minimum": 0.5, "exclusiveMaximum": 9007199254740993, "multipleOf": 0.25},
    "list": {"items": [{"const": {"x": [1]}}, {"enum": ["a", 1, null, true, []]}], "additionalItems": false, "uniqueItems": true,
             "contains": {"type": "object"}},
    "when": {"format": "date", "not": {"const": "2026-01-01"}},
    "form": {"oneOf": [{"required": ["k"], "properties": {"k": {"const": "x"}}}, {"required": ["k"], "properties": {"k": {"enum": ["y", "z"]}}}]}},
  "patternProperties": {"^x-": {"anyOf": [{"type": "integer"}, {"$ref": "#/definitions/name"}]}},
  "propertyNames": {"maxLength": 12}, "dependencies": {"n": ["kind"], "list": {"required": ["n"]}},
  "if": {"required": ["form"]}, "then": {"required": ["when"]}, "else": {"allOf": [{"$ref": "#/definitions/name/description"}]}})";

}  // namespace

TEST_CASE("equal schemas have equal plans, and a plan is read where it lies") {
  std::string text = everything;
  text.replace(text.find("/definitions/name/description"), 29, "/definitions/name");
  const auto once = schema_test::compile(text);
  const auto again = schema_test::compile(text);
  const std::vector<std::uint64_t> words(once->plan().words().begin(), once->plan().words().end());
  CHECK(std::equal(words.begin(), words.end(), again->plan().words().begin(), again->plan().words().end()));
  const schema::Schema in_place{std::span<const std::uint64_t>(words)};
  CHECK(in_place.plan().words().data() == words.data());
  CHECK(in_place.title() == "T");
  for (const char* document : {R"({"kind": "ab", "a\u0000b": 1, "n": 0.75})",
                               R"({"kind": "A", "n": 0.3, "x-1": "?", "averylongname": 5, "when": "2026-01-01"})",
                               R"({"a\u0000b": {}, "list": [{"x": [1.0]}, 2, 3, 3], "form": {"k": "q"}})", "[]"}) {
    const auto parsed = schema_test::parse(document);
    CHECK(schema_test::shown(schema::validate(in_place, parsed, "t")) ==
          schema_test::shown(schema::validate(*once, parsed, "t")));
  }
}

TEST_CASE("beside a reference only title and description count") {
  schema::SchemaSettings settings;
  settings.strict = false;
  const auto compiled = schema_test::compile(
      R"({"$id": "x", "default": 1, "type": "array", "items": {"$ref": "#", "description": "again", "minItems": 5}})",
      settings);
  CHECK(schema::validate(*compiled, schema_test::parse("[[], [[]]]"), "t").empty());
  CHECK(schema_test::shown(schema::validate(*compiled, schema_test::parse("[1]"), "t")) ==
        "1:2 t/wrong-type /0: element [0] must be an array, but is the number 1 | again");
}

TEST_CASE("counts are numbers of any spelling and size") {
  CHECK(check(R"({"minLength": 2.0})", "\"x\"") ==
        "1:1 t/size : the document must have at least 2 characters, but has 1");
  CHECK(check(R"({"maxItems": 1e30, "maxLength": 9223372036854775808})", "[1]").empty());
}

TEST_CASE("names may hold what ends a C string") {
  const std::string schema =
      R"({"required": ["a\u0000b", "c\u0001"], "properties": {"a\u0000b": {"type": "null"}, "a": {"type": "integer"}},
          "patternProperties": {"^p\u0000": {"type": "boolean"}}, "dependencies": {"d\u0000": ["e\u0000"]}})";
  CHECK(check(schema, R"({"a\u0000b": null, "c\u0001": 1, "a": 1, "p": 1, "p\u0000": true, "d": 1})").empty());
  CHECK(check(schema, R"({"a\u0000b": 1, "p\u0000": 1, "d\u0000": 1})") ==
        "1:1 t/missing-key : \"c\\u0001\" is missing\n"
        "1:1 t/missing-key : \"e\\u0000\" is missing, which \"d\\u0000\" needs\n"
        "1:14 t/wrong-type /a\0b: \"a\\u0000b\" must be null, but is the number 1\n"
        "1:28 t/wrong-type /p\0: \"p\\u0000\" must be true or false, but is the number 1"s);
}

TEST_CASE("a name is no other that ends earlier") {
  const std::string schema = R"({"properties": {"a\u0000b": {"type": "null"}}, "additionalProperties": false})";
  CHECK(check(schema, R"({"a\u0000b": null})").empty());
  CHECK(check(schema, R"({"a": null})").find("unknown key") != std::string::npos);
}

TEST_CASE("keywords are names where names stand, and values are not schemas") {
  const std::string schema =
      R"({"properties": {"$ref": {"const": {"$ref": "#/no"}}, "enum": {"enum": [{"minLength": 2.0}]}}})";
  CHECK(check(schema, R"({"$ref": {"$ref": "#/no"}, "enum": {"minLength": 2}})").empty());
  CHECK(check(schema, R"({"$ref": 1})") ==
        R"(1:10 t/wrong-value /$ref: $ref must be {"$ref": "#/no"}, but is the number 1)");
}
