#include "unit/schema/support.hpp"

#include <fstream>

using namespace launchgate;

namespace {

std::string lint(std::string text, const schema::SchemaSettings& settings = {}) {
  const auto document = schema_test::parse(std::move(text), "s.json");
  std::string shown;
  for (const base::Error& error : schema::lint(document, settings)) {
    CHECK(error.category == base::ErrorCategory::configuration);
    if (!shown.empty()) shown += '\n';
    shown += to_string(error);
  }
  return shown;
}

std::string lenient(std::string text) {
  schema::SchemaSettings settings;
  settings.strict = false;
  return lint(std::move(text), settings);
}

}  // namespace

TEST_CASE("a schema without mistakes is accepted") {
  CHECK(lint("{}").empty());
  CHECK(lint("true").empty());
  CHECK(
      lint(
          R"({"$schema": "http://json-schema.org/draft-07/schema#", "$id": "https://example.com/a", "$comment": "c", "title": "t",
    "description": "d", "default": {"minimun": 1}, "examples": [{"minimun": 1}], "readOnly": true, "writeOnly": false,
    "contentMediaType": "text/plain", "contentEncoding": "base64", "properties": {"minimun": {"enum": [{"$ref": "nowhere"}]}},
    "const": {"$ref": 1, "pattern": "("}})")
          .empty());
}

TEST_CASE("misspelt and foreign keywords are refused at their place") {
  CHECK(lint("{\n  \"minimun\": 1\n}") == "s.json:2:3: unknown keyword \"minimun\"; did you mean \"minimum\"?");
  CHECK(lint(R"({"properties": {"a": {"requierd": ["x"]}}})") ==
        "s.json:1:23: unknown keyword \"requierd\"; did you mean \"required\"?");
  CHECK(lint(R"({"$defs": {}})") == "s.json:1:2: unknown keyword \"$defs\"; draft-07 has \"definitions\"");
  CHECK(lint(R"({"dependentRequired": {}})") ==
        "s.json:1:2: unknown keyword \"dependentRequired\"; draft-07 has \"dependencies\"");
  CHECK(lint(R"({"x-note": 1})") ==
        "s.json:1:2: unknown keyword \"x-note\"; draft-07 has no such keyword; notes go into \"$comment\"");
  CHECK(lint(R"({"definitions": {"unused": {"typ": "string"}}})") ==
        "s.json:1:29: unknown keyword \"typ\"; did you mean \"type\"?");
  CHECK(lenient(R"({"minimun": 1, "format": "postcode", "$schema": "https://json-schema.org/draft/2020-12/schema"})")
            .empty());
}

TEST_CASE("formats, dialects and patterns that are not enforced are refused") {
  CHECK(lint(R"({"format": "date-tim"})") ==
        "s.json:1:12: format \"date-tim\" is not enforced; did you mean \"date-time\"?");
  CHECK(lint(R"({"format": "idn-hostname"})").find("s.json:1:12: format \"idn-hostname\" is not enforced; ") == 0);
  CHECK(lint(R"({"format": "date-time"})").empty());
  CHECK(lint(R"({"$schema": "https://json-schema.org/draft/2020-12/schema"})") ==
        "s.json:1:13: the dialect \"https://json-schema.org/draft/2020-12/schema\" is not enforced; write "
        "\"http://json-schema.org/draft-07/schema#\"");
  CHECK(lint(R"j({"pattern": "^(?!x)"})j").find("s.json:1:13: pattern \"^(?!x)\" is refused: ") == 0);
  CHECK(lint(R"({"patternProperties": {"[": {}}})").find("s.json:1:24: pattern \"[\" is refused: ") == 0);
  CHECK(lint(R"({"pattern": "a{1,1001}"})").find("refused") != std::string::npos);
}

TEST_CASE("keywords must have values of their kind") {
  CHECK(lint("[]") == "s.json:1:1: a schema must be an object or a boolean, but this is of kind array");
  CHECK(lint(R"({"minimum": "1"})") == "s.json:1:13: \"minimum\" must be a number");
  CHECK(lint(R"({"multipleOf": 0})") == "s.json:1:16: \"multipleOf\" must be a number above 0");
  CHECK(lint(R"({"minLength": -1})") == "s.json:1:15: \"minLength\" must be a non-negative integer");
  CHECK(lint(R"({"minLength": 1.5})") == "s.json:1:15: \"minLength\" must be a non-negative integer");
  CHECK(lint(R"({"minLength": 2.0})").empty());
  CHECK(lint(R"({"uniqueItems": 1})") == "s.json:1:17: \"uniqueItems\" must be true or false");
  CHECK(lint(R"({"title": 1})") == "s.json:1:11: \"title\" must be a string");
  CHECK(lint(R"({"type": "strin"})") == "s.json:1:10: \"strin\" is no type; did you mean \"string\"?");
  CHECK(lint(R"({"type": []})") == "s.json:1:10: \"type\" must be the name of a type or an array of such names");
  CHECK(lint(R"({"type": ["string", 1]})") ==
        "s.json:1:21: a type must be a string; the types are \"array\", \"boolean\", \"integer\", \"null\", "
        "\"number\", \"object\" and \"string\"");
  CHECK(lint(R"({"required": "a"})") == "s.json:1:14: \"required\" must be an array of names");
  CHECK(lint(R"({"required": ["a", "a"]})") == "s.json:1:20: \"required\" names \"a\" twice");
  CHECK(lint(R"({"required": [1]})") ==
        "s.json:1:15: \"required\" must be an array of names, and this is of kind number");
  CHECK(lint(R"({"allOf": []})") == "s.json:1:11: \"allOf\" must be an array of at least one schema");
  CHECK(lint(R"({"allOf": [1]})") ==
        "s.json:1:12: a schema must be an object or a boolean, but this is of kind number");
  CHECK(lint(R"({"enum": []})") == "s.json:1:10: \"enum\" must be an array of at least one value");
  CHECK(lint(R"({"items": 1})") == "s.json:1:11: \"items\" must be a schema or an array of schemas");
  CHECK(lint(R"({"properties": []})") == "s.json:1:16: \"properties\" must be an object of schemas");
  CHECK(lint(R"({"dependencies": {"a": 1}})") ==
        "s.json:1:24: a schema must be an object or a boolean, but this is of kind number");
  CHECK(lint(R"({"additionalProperties": "false"})") ==
        "s.json:1:26: a schema must be an object or a boolean, but this is of kind string");
  CHECK(lint(R"({"$ref": 1})") == "s.json:1:10: \"$ref\" must be a string");
  CHECK(lenient(R"({"minimum": "1"})") == "s.json:1:13: \"minimum\" must be a number");
}

TEST_CASE("limits and keys that contradict each other are refused") {
  CHECK(lint(R"({"minimum": 5, "maximum": 4})") == "s.json:1:13: \"minimum\" leaves nothing below \"maximum\" (4)");
  CHECK(lint(R"({"minimum": 5, "maximum": 5})").empty());
  CHECK(lint(R"({"exclusiveMinimum": 5, "maximum": 5})") ==
        "s.json:1:22: \"exclusiveMinimum\" leaves nothing below \"maximum\" (5)");
  CHECK(lint(R"({"minItems": 2, "maxItems": 1})") == "s.json:1:14: \"minItems\" leaves nothing below \"maxItems\" (1)");
  CHECK(lint(R"({"required": ["durationMS"], "additionalProperties": false, "properties": {"durationMs": {}}})") ==
        "s.json:1:15: requires \"durationMS\", which \"additionalProperties\": false forbids; did you mean "
        "\"durationMs\"?");
  CHECK(lint(R"({"required": ["x-a"], "additionalProperties": false, "patternProperties": {"^x-": {}}})").empty());
}

TEST_CASE("references must resolve, alone, and lead somewhere") {
  CHECK(lint(R"({"definitions": {"count": {}}, "$comment": "", "items": {"$ref": "#/definitions/cuont"}})") ==
        "s.json:1:66: $ref \"#/definitions/cuont\" does not resolve: there is no \"cuont\" at /definitions; did you "
        "mean \"count\"?");
  CHECK(lint(R"({"items": {"$ref": "#name"}})")
            .find("s.json:1:20: $ref \"#name\" does not resolve: nothing there has the \"$id\" \"#name\"") == 0);
  CHECK(lint(R"({"items": {"$ref": "other.json"}})")
            .find("s.json:1:20: $ref \"other.json\" does not resolve: no schema is known as \"other.json\"") == 0);
  CHECK(lint(R"({"items": {"$ref": "#/title"}, "title": "x"})") ==
        "s.json:1:20: $ref \"#/title\" names no schema but a value of kind string");
  CHECK(lint(R"({"items": {"$ref": "#", "minItems": 1, "description": "fine"}})") ==
        "s.json:1:25: \"minItems\" has no effect beside \"$ref\"; draft-07 ignores what stands beside \"$ref\"; write "
        "\"allOf\": [{\"$ref\": …}, "
        "{\"minItems\": …}]");
  const std::string endless = "the schema refers to itself for the same value, so that checking it would never end";
  CHECK(lint(R"({"$ref": "#"})").find(endless) != std::string::npos);
  CHECK(
      lint(
          R"({"definitions": {"a": {"$ref": "#/definitions/b"}, "b": {"$ref": "#/definitions/a"}}, "items": {"$ref": "#/definitions/a"}})")
          .find(endless) != std::string::npos);
  CHECK(lint(R"({"allOf": [{"$ref": "#"}]})").find(endless) != std::string::npos);
  CHECK(lint(R"({"if": {"not": {"$ref": "#"}}, "then": {}})").find(endless) != std::string::npos);
  CHECK(lint(R"({"dependencies": {"a": {"anyOf": [{"$ref": "#"}]}}})").find(endless) != std::string::npos);
  CHECK(lint(R"({"items": {"$ref": "#"}, "properties": {"a": {"$ref": "#"}}, "additionalProperties": {"$ref": "#"}})")
            .empty());
}

TEST_CASE("errors in other documents carry their file") {
  const auto other = schema_test::parse("{\"definitions\": {\"a\": {\n\"minimun\": 1}, \"b\": {}}}", "other.json");
  schema::SchemaSettings settings;
  settings.base_uri = "https://example.com/schemas/s.json";
  settings.resources.push_back({"https://example.com/schemas/other.json", &other});
  CHECK(lint(R"({"items": {"$ref": "other.json#/definitions/a"}})", settings) ==
        "other.json:2:1: unknown keyword \"minimun\"; did you mean \"minimum\"?");
  CHECK(lint(R"({"items": {"$ref": "other.json#/definitions/b"}})", settings).empty());
  CHECK(lint(R"({"items": {"$ref": "othr.json"}})", settings)
            .find("did you mean \"https://example.com/schemas/other.json\"?") != std::string::npos);
}

TEST_CASE("all errors of a schema are listed, and compile gives the first") {
  const std::string text = R"({"minimun": 1, "maxLength": "x", "items": {"type": "nul"}})";
  CHECK(lint(text) ==
        "s.json:1:2: unknown keyword \"minimun\"; did you mean \"minimum\"?\n"
        "s.json:1:29: \"maxLength\" must be a non-negative integer\n"
        "s.json:1:52: \"nul\" is no type; did you mean \"null\"?");
  const auto document = schema_test::parse(text, "s.json");
  const auto compiled = schema::compile(document);
  REQUIRE_FALSE(compiled.ok());
  CHECK(to_string(compiled.error()) ==
        "s.json:1:2: unknown keyword \"minimun\"; did you mean \"minimum\"?; 2 more in this schema");
}
