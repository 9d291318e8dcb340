#pragma once

namespace schema_test {

// What a draft-07 schema may look like, written from the tables of the validation specification.
inline constexpr const char* meta_schema = R"json({
  "$id": "http://json-schema.org/draft-07/schema#",
  "definitions": {
    "count": {"type": "integer", "minimum": 0},
    "schemas": {"type": "array", "minItems": 1, "items": {"$ref": "#"}},
    "map": {"type": "object", "additionalProperties": {"$ref": "#"}},
    "names": {"type": "array", "uniqueItems": true, "items": {"type": "string"}},
    "kind": {"enum": ["null", "boolean", "integer", "number", "string", "array", "object"]}
  },
  "type": ["boolean", "object"],
  "properties": {
    "$id": {"type": "string", "format": "uri-reference"},
    "$ref": {"type": "string", "format": "uri-reference"},
    "$schema": {"type": "string", "format": "uri"},
    "$comment": {"type": "string"}, "title": {"type": "string"}, "description": {"type": "string"},
    "readOnly": {"type": "boolean"}, "writeOnly": {"type": "boolean"}, "examples": {"type": "array"},
    "multipleOf": {"type": "number", "exclusiveMinimum": 0},
    "maximum": {"type": "number"}, "exclusiveMaximum": {"type": "number"},
    "minimum": {"type": "number"}, "exclusiveMinimum": {"type": "number"},
    "maxLength": {"$ref": "#/definitions/count"}, "minLength": {"$ref": "#/definitions/count"},
    "maxItems": {"$ref": "#/definitions/count"}, "minItems": {"$ref": "#/definitions/count"},
    "maxProperties": {"$ref": "#/definitions/count"}, "minProperties": {"$ref": "#/definitions/count"},
    "pattern": {"type": "string", "format": "regex"},
    "items": {"anyOf": [{"$ref": "#"}, {"$ref": "#/definitions/schemas"}]},
    "additionalItems": {"$ref": "#"}, "contains": {"$ref": "#"}, "propertyNames": {"$ref": "#"},
    "additionalProperties": {"$ref": "#"},
    "uniqueItems": {"type": "boolean"},
    "required": {"$ref": "#/definitions/names"},
    "definitions": {"$ref": "#/definitions/map"}, "properties": {"$ref": "#/definitions/map"},
    "patternProperties": {"allOf": [{"$ref": "#/definitions/map"}], "propertyNames": {"format": "regex"}},
    "dependencies": {"type": "object", "additionalProperties": {"anyOf": [{"$ref": "#"}, {"$ref": "#/definitions/names"}]}},
    "enum": {"type": "array"},
    "type": {"anyOf": [{"$ref": "#/definitions/kind"},
                       {"type": "array", "minItems": 1, "uniqueItems": true, "items": {"$ref": "#/definitions/kind"}}]},
    "format": {"type": "string"}, "contentMediaType": {"type": "string"}, "contentEncoding": {"type": "string"},
    "if": {"$ref": "#"}, "then": {"$ref": "#"}, "else": {"$ref": "#"}, "not": {"$ref": "#"},
    "allOf": {"$ref": "#/definitions/schemas"}, "anyOf": {"$ref": "#/definitions/schemas"}, "oneOf": {"$ref": "#/definitions/schemas"}
  }
})json";

}  // namespace schema_test
