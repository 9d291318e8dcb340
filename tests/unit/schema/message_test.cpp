#include "unit/schema/support.hpp"

using schema_test::check;

TEST_CASE("types and ranges are told together") {
  const std::string schema = R"({"type": "object", "properties": {"capacityTargets": {"type": "object", "properties": {
    "streams": {"type": "number", "exclusiveMinimum": 0, "description": "Streams held open."},
    "users": {"type": "integer", "minimum": 1},
    "share": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
    "port": {"type": "integer", "minimum": 1, "maximum": 65535},
    "step": {"type": "integer", "multipleOf": 5},
    "least": {"minimum": 3},
    "name": {"type": ["string", "null"], "minLength": 1}
  }}}})";
  CHECK(
      check(schema, R"({"capacityTargets": {"streams": "10"}})") ==
      R"(1:33 t/wrong-type /capacityTargets/streams: capacityTargets.streams must be a number above 0, but is the string "10" | Streams held open.)");
  CHECK(check(schema, R"({"capacityTargets": {"streams": 0}})") ==
        "1:33 t/out-of-range /capacityTargets/streams: capacityTargets.streams must be a number above 0, but is 0 | "
        "Streams held open.");
  CHECK(check(schema, R"({"capacityTargets": {"users": 1.5}})") ==
        "1:31 t/wrong-type /capacityTargets/users: capacityTargets.users must be an integer of at least 1, but is 1.5");
  CHECK(check(schema, R"({"capacityTargets": {"users": 0}})") ==
        "1:31 t/out-of-range /capacityTargets/users: capacityTargets.users must be an integer of at least 1, but is 0");
  CHECK(check(schema, R"({"capacityTargets": {"share": 1.01}})") ==
        "1:31 t/out-of-range /capacityTargets/share: capacityTargets.share must be a number above 0 and at most 1, but "
        "is 1.01");
  CHECK(check(schema, R"({"capacityTargets": {"port": 65536}})") ==
        "1:30 t/out-of-range /capacityTargets/port: capacityTargets.port must be an integer from 1 to 65535, but is "
        "65536");
  CHECK(check(schema, R"({"capacityTargets": {"step": 7}})") ==
        "1:30 t/out-of-range /capacityTargets/step: capacityTargets.step must be an integer that is a multiple of 5, "
        "but is 7");
  CHECK(check(schema, R"({"capacityTargets": {"least": 2}})") ==
        "1:31 t/out-of-range /capacityTargets/least: capacityTargets.least must be a number of at least 3, but is 2");
  CHECK(
      check(schema, R"({"capacityTargets": {"name": true}})") ==
      "1:30 t/wrong-type /capacityTargets/name: capacityTargets.name must be a non-empty string or null, but is true");
  CHECK(check(schema, R"({"capacityTargets": []})") ==
        "1:21 t/wrong-type /capacityTargets: capacityTargets must be an object, but is an empty array");
  CHECK(check(schema, "7") == "1:1 t/wrong-type : the document must be an object, but is the number 7");
  CHECK(
      check(
          schema,
          R"({"capacityTargets": {"users": 1.0, "streams": 1e-9, "share": 1, "port": 65535, "step": 1e1, "least": 3.0, "name": null}})")
          .empty());
}

TEST_CASE("unknown keys name what was meant or what there is") {
  const std::string schema = R"({"properties": {"profiles": {"additionalProperties": {
    "properties": {"thresholds": {"additionalProperties": false, "required": ["p95ReadLatencyMs"],
      "properties": {"p95ReadLatencyMs": {"type": "number"}, "maxLag": {"type": "integer"}}}}}}}})";
  CHECK(
      check(schema, "{\"profiles\": {\"beta\": {\"thresholds\": {\n  \"p95ReadLatencyMS\": 750}}}}") ==
      R"(2:3 t/unknown-key /profiles/beta/thresholds: unknown threshold "p95ReadLatencyMS" | did you mean "p95ReadLatencyMs"?)");
  CHECK(
      check(schema, R"({"profiles": {"beta": {"thresholds": {"p95ReadLatencyMs": 1, "zzz": 750}}}})") ==
      R"(1:62 t/unknown-key /profiles/beta/thresholds: unknown threshold "zzz" | allowed are "maxLag" and "p95ReadLatencyMs")");
  // A key that is there already is not what was meant.
  CHECK(check(R"({"additionalProperties": false, "properties": {"name": {}, "mode": {"type": "string"}}})",
              R"({"name": 1, "nane": 2})") ==
        R"(1:13 t/unknown-key : unknown key "nane" | allowed are "mode" and "name")");
  CHECK(check(R"({"additionalProperties": false})", R"({"a": 1})") ==
        R"(1:2 t/unknown-key : unknown key "a" | no key is allowed)");
  CHECK(check(R"({"patternProperties": {"^x-": {}}, "additionalProperties": false})", R"({"y": 1, "x-a": 2})") ==
        R"(1:2 t/unknown-key : unknown key "y" | allowed are keys that match ^x-)");
  CHECK(check(R"({"propertyNames": {"enum": ["alpha", "beta"]}})", R"({"alpa": 1})") ==
        R"(1:2 t/unknown-key /alpa: the key "alpa" must be "alpha" or "beta", but is "alpa" | did you mean "alpha"?)");
  CHECK(check(R"({"properties": {"tiers": {"propertyNames": {"pattern": "^[a-z]+$"}}}})", R"({"tiers": {"B": 1}})") ==
        R"(1:12 t/pattern /tiers/B: the key "B" of tiers must match ^[a-z]+$, but is the string "B")");
}

TEST_CASE("nouns for unknown keys come from plural containers of scalars alone") {
  const auto noun = [](const std::string& container, const std::string& properties) {
    const std::string text = check(R"({"properties": {")" + container +
                                       R"(": {"additionalProperties": false, "properties": )" + properties + "}}}",
                                   "{\"" + container + R"(": {"zzz": 1}})");
    const auto begin = text.find("unknown ") + 8;
    return text.substr(begin, text.find(" \"", begin) - begin);
  };
  const std::string numbers = R"({"first": {"type": "number"}, "second": {"type": "integer"}})";
  CHECK(noun("thresholds", numbers) == "threshold");
  CHECK(noun("capacityTargets", numbers) == "capacity target");
  CHECK(noun("policies", numbers) == "policy");
  CHECK(noun("statuses", numbers) == "status");
  CHECK(noun("status", numbers) == "key");
  CHECK(noun("address", numbers) == "key");
  CHECK(noun("beta", numbers) == "key");
  CHECK(noun("leaks", R"({"packs": {"type": "array"}, "limit": {"type": "integer"}})") == "key");
}

TEST_CASE("missing keys are named at the object that misses them") {
  const std::string schema = R"({"properties": {"profile": {"required": ["soakDurationMs", "name"],
    "properties": {"soakDurationMs": {"type": "integer", "minimum": 1, "description": "Length of the soak."}, "name": {"type": "string"}}}}})";
  CHECK(
      check(schema, R"({"profile": {"name": "x"}})") ==
      R"(1:2 t/missing-key /profile: "soakDurationMs" is missing | it must be an integer of at least 1; Length of the soak.)");
  CHECK(check(schema, R"({"profile": {}})") ==
        "1:2 t/missing-key /profile: \"name\" is missing | it must be a string\n"
        "1:2 t/missing-key /profile: \"soakDurationMs\" is missing | it must be an integer of at least 1; "
        "Length of the soak.");
  CHECK(
      check(schema, R"({"profile": {"soakDuratonMs": 5, "name": "x"}})") ==
      R"(1:2 t/missing-key /profile: "soakDurationMs" is missing | "soakDuratonMs" is there: is it misspelt?)");
  CHECK(check(R"({"items": {"required": ["id"]}})", "[{}, {\"id\": 1},\n {}]") ==
        "1:2 t/missing-key /0: \"id\" is missing\n2:2 t/missing-key /2: \"id\" is missing");
  CHECK(check(R"({"dependencies": {"a": ["b"]}})", R"({"a": 1})") ==
        R"(1:1 t/missing-key : "b" is missing, which "a" needs)");
  CHECK(check(R"({"dependencies": {"a": ["b"]}})", R"({"b": 1})").empty());
  CHECK(check(R"({"dependencies": {"a": {"minProperties": 2}}})", R"({"a": 1})") ==
        "1:1 t/size : the document must have at least 2 keys, but has 1");
}

TEST_CASE("one finding tells of a misspelt key and of the missing one") {
  const std::string schema = R"({"additionalProperties": false, "required": ["durationMs", "owner"],
    "properties": {"durationMs": {}, "owner": {}, "note": {}}})";
  CHECK(check(schema, R"({"durationMS": 1, "owner": 2})") ==
        R"(1:2 t/unknown-key : unknown key "durationMS" | did you mean "durationMs"?)");
  CHECK(check(schema, R"({"durationMS": 1})") ==
        "1:1 t/missing-key : \"owner\" is missing\n"
        "1:2 t/unknown-key : unknown key \"durationMS\" | did you mean \"durationMs\"?");
  CHECK(check(schema, R"({"zzzz": 1, "owner": 2})") ==
        "1:1 t/missing-key : \"durationMs\" is missing\n"
        "1:2 t/unknown-key : unknown key \"zzzz\" | allowed are \"durationMs\", \"note\" and "
        "\"owner\"");
}

TEST_CASE("values outside of a list are told with the list") {
  const std::string schema =
      R"({"properties": {"tier": {"enum": ["alpha", "beta", 3, null], "description": "The tier."}, "version": {"const": 1}}})";
  CHECK(check(schema, R"({"tier": "betta"})") ==
        R"(1:10 t/wrong-value /tier: tier must be "alpha", "beta", 3 or null, but is "betta" | did you mean "beta"?)");
  CHECK(check(schema, R"({"tier": true})") ==
        R"(1:10 t/wrong-value /tier: tier must be "alpha", "beta", 3 or null, but is true | The tier.)");
  CHECK(check(schema, R"({"version": 2})") == "1:13 t/wrong-value /version: version must be 1, but is 2");
  CHECK(check(schema, R"({"version": "1"})") ==
        R"(1:13 t/wrong-value /version: version must be 1, but is the string "1")");
  CHECK(check(schema, R"({"version": 1.0, "tier": 3e0})").empty());
  CHECK(check(R"({"type": "string", "enum": ["a"]})", "1") ==
        R"(1:1 t/wrong-type : the document must be "a", but is the number 1)");
  CHECK(check(R"({"enum": [{"a": [1, 2]}]})", R"({"a": [1.0, 2]})").empty());
  CHECK(check(R"({"enum": [{"a": [1, 2]}]})", R"({"a": [2, 1]})") ==
        R"(1:1 t/wrong-value : the document must be {"a": [1, 2]}, but is an object)");
}

TEST_CASE("strings") {
  const std::string schema =
      R"({"items": [{"pattern": "^sha256:[0-9a-f]{4}$", "description": "A digest."}, {"format": "date"}, {"minLength": 1},
    {"maxLength": 2}, {"minLength": 2, "maxLength": 3}, {"type": "string", "pattern": "\\S"}]})";
  CHECK(check(schema, R"(["sha256:XYZ"])") ==
        R"(1:2 t/pattern /0: element [0] must match ^sha256:[0-9a-f]{4}$, but is the string "sha256:XYZ" | A digest.)");
  CHECK(check(schema, R"([1, "2025-02-29"])") ==
        R"(1:5 t/format /1: element [1] must be a date (2026-01-31), but is "2025-02-29")");
  CHECK(check(schema, R"([1, 1, ""])") ==
        "1:8 t/size /2: element [2] must not be empty | at least 1 character is needed");
  CHECK(check(schema, R"([1, 1, 1, "äöü"])") ==
        "1:11 t/size /3: element [3] must have at most 2 characters, but has 3");
  CHECK(check(schema, R"([1, 1, 1, "ä😀", "x"])") ==
        "1:17 t/size /4: element [4] must have 2 to 3 characters, but has 1");
  CHECK(check(schema, R"([1, 1, 1, 1, 1, " "])") == "1:17 t/pattern /5: element [5] must not be blank");
  CHECK(check(schema, R"([1, 1, 1, 1, 1, 1])") ==
        "1:17 t/wrong-type /5: element [5] must be a string that is not blank, but is the number 1");
}

TEST_CASE("arrays") {
  const std::string schema =
      R"({"properties": {"files": {"type": "array", "minItems": 1, "maxItems": 3, "uniqueItems": true,
    "items": {"type": "string"}, "contains": {"const": "a"}}}})";
  CHECK(check(schema, R"({"files": ["a", "b", 1]})") ==
        "1:22 t/wrong-type /files/2: files[2] must be a string, but is the number 1");
  CHECK(check(schema, R"({"files": ["a", "b", "a"]})") ==
        R"(1:22 t/duplicate-item /files/2: files[2] repeats files[0], "a" | take one of them out)");
  CHECK(check(schema, R"({"files": ["b"]})") ==
        R"(1:11 t/not-allowed /files: files must contain "a", but none of its elements is that)");
  CHECK(check(schema, R"({"files": ["a", "b", "c", "d"]})") ==
        "1:11 t/size /files: files must have 1 to 3 elements, but has 4");
  CHECK(check(R"({"properties": {"files": {"minItems": 1}}})", R"({"files": []})") ==
        "1:11 t/size /files: files must not be empty | at least 1 element is needed");
  CHECK(check(R"({"items": [{}], "additionalItems": false})", "[1, 2]") ==
        "1:5 t/not-allowed /1: element [1] is not allowed here");
  CHECK(check(R"({"items": {"items": {"properties": {"owner": {"type": "string"}}}}})", R"([[{"owner": 1}]])") ==
        "1:13 t/wrong-type /0/0/owner: [0][0].owner must be a string, but is the number 1");
  CHECK(check(R"({"properties": {"a": {"items": {"items": {"type": "null"}}}}})", R"({"a": [[null, 1]]})") ==
        "1:15 t/wrong-type /a/0/1: a[0][1] must be null, but is the number 1");
}

TEST_CASE("what is forbidden") {
  CHECK(check(R"({"properties": {"old": false}})", R"({"old": 1})") ==
        "1:9 t/not-allowed /old: old is not allowed here");
  CHECK(check(R"({"not": {"required": ["a", "b"]}})", R"({"a": 1, "b": 2})") ==
        R"(1:1 t/not-allowed : the document must not have "a" and "b" together)");
  CHECK(check(R"({"properties": {"x": {"not": {"const": "no", "description": "Never."}}}})", R"({"x": "no"})") ==
        R"(1:7 t/not-allowed /x: x must not be "no" | Never.)");
  CHECK(check(R"({"properties": {"x": {"not": {"type": "null"}}}})", R"({"x": null})") ==
        "1:7 t/not-allowed /x: x must not be null");
  CHECK(check("false", "1") == "1:1 t/not-allowed : the document is not allowed here");
}

TEST_CASE("odd names and long values are made safe to print") {
  CHECK(check(R"({"properties": {"a b": {"properties": {"x\u001b": {"type": "null"}}}}})",
              R"({"a b": {"x\u001b": 1}})") ==
        "1:21 t/wrong-type /a b/x\x1b: \"a b\".\"x\\u001b\" must be null, but is the number 1");
  const std::string text = check(R"({"type": "null"})", "\"" + std::string(500, 'x') + "\"");
  CHECK(text == "1:1 t/wrong-type : the document must be null, but is the string \"" + std::string(60, 'x') + "…\"");
}

TEST_CASE("the branch that a key names is checked alone") {
  const std::string schema = R"({"definitions": {
      "load": {"title": "Load report", "type": "object", "required": ["kind", "rate"], "additionalProperties": false,
               "properties": {"kind": {"const": "load"}, "rate": {"type": "integer"}}},
      "soak": {"title": "Soak report", "type": "object", "required": ["kind", "hours"], "additionalProperties": false,
               "properties": {"kind": {"enum": ["soak", "long-soak"]}, "hours": {"type": "integer"}}}},
    "items": {"oneOf": [{"$ref": "#/definitions/load"}, {"$ref": "#/definitions/soak"}]}})";
  CHECK(check(schema, R"([{"kind": "load", "rate": 1}, {"kind": "long-soak", "hours": 4}])").empty());
  CHECK(check(schema, R"([{"kind": "soak", "rate": "x"}])") ==
        "1:2 t/missing-key /0: \"hours\" is missing | it must be an integer\n"
        "1:19 t/unknown-key /0: unknown key \"rate\" | allowed are \"hours\" and \"kind\"");
  CHECK(
      check(schema, R"([{"kind": "soack", "hours": 1}])") ==
      R"(1:11 t/wrong-value /0/kind: [0].kind must be "load", "soak" or "long-soak", but is "soack" | did you mean "soak"?)");
  CHECK(check(schema, R"([{"kind": 5}])") ==
        R"(1:11 t/wrong-type /0/kind: [0].kind must be "load", "soak" or "long-soak", but is the number 5)");
  CHECK(check(schema, R"([{"hours": 4}])") ==
        R"(1:2 t/missing-key /0: "kind" is missing | it must be "load", "soak" or "long-soak")");
  CHECK(check(schema, "[7]") == R"(1:2 t/no-variant /0: element [0] must be an object, but is the number 7)");
}

TEST_CASE("alternatives without such a key tell the nearest") {
  const std::string schema =
      R"({"properties": {"limit": {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}, {"enum": ["none", "auto"]}]},
    "window": {"oneOf": [
      {"title": "fixed window", "type": "object", "required": ["from", "to"], "properties": {"from": {"type": "integer"}, "to": {"type": "integer"}}},
      {"title": "name of a window", "type": "string", "minLength": 1}]}}})";
  CHECK(
      check(schema, R"({"limit": 0})") ==
      R"(1:11 t/no-variant /limit: limit must be an integer of at least 1, null or "none" or "auto", but is the number 0)");
  CHECK(
      check(schema, R"({"limit": "autto"})") ==
      R"(1:11 t/no-variant /limit: limit must be an integer of at least 1, null or "none" or "auto", but is the string "autto" | did you mean "auto"?)");
  CHECK(
      check(schema, R"({"window": {"from": 1, "to": "2"}})") ==
      R"(1:30 t/wrong-type /window/to: window.to must be an integer, but is the string "2" | to fit "fixed window", the nearest of the forms allowed here)");
  CHECK(
      check(schema, R"({"window": ""})") ==
      R"(1:12 t/size /window: window must not be empty | at least 1 character is needed; to fit "name of a window", the nearest of the forms allowed here)");
  CHECK(check(schema, R"({"window": 5, "limit": null})") ==
        R"(1:12 t/no-variant /window: window must be an object or a non-empty string, but is the number 5)");
  CHECK(check(R"({"anyOf": [{"required": ["a"]}, {"required": ["b"]}]})", "{}") ==
        R"(1:1 t/no-variant : the document must have "a" or "b" | one of them is enough)");
  CHECK(check(R"({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]})", R"({"a": 1, "b": 2})") ==
        "1:1 t/no-variant : the document fits more than one of the 2 forms, and exactly one is allowed: form 1 of 2 "
        "and form 2 of 2");
  CHECK(
      check(
          R"({"anyOf": [{"title": "A", "properties": {"x": {"minimum": 5}, "y": {"minimum": 5}}}, {"properties": {"x": {"maximum": 0}, "y": {"maximum": 0}}}]})",
          R"({"x": 1, "y": 2})") ==
      "1:1 t/no-variant : the document fits none of the 2 forms allowed here | "
      "\"A\": x must be a number of at least 5, but is 1; form 2 of 2: x must be a number of at most 0, but is 1");
}

TEST_CASE("conditions tell what then or else asks") {
  const std::string schema =
      R"({"if": {"properties": {"mode": {"const": "real"}}}, "then": {"required": ["proof"]}, "else": {"properties": {"proof": false}}})";
  CHECK(check(schema, R"({"mode": "real"})") == R"(1:1 t/missing-key : "proof" is missing)");
  CHECK(check(schema, R"({"mode": "dry", "proof": 1})") == "1:26 t/not-allowed /proof: proof is not allowed here");
  CHECK(check(schema, R"({"mode": "dry"})").empty());
}

TEST_CASE("everything is told at once, in order, and once") {
  const std::string schema =
      R"({"allOf": [{"$ref": "#/definitions/base"}, {"$ref": "#/definitions/base"}], "required": ["z"],
    "definitions": {"base": {"properties": {"a": {"type": "string"}, "b": {"type": "array", "items": {"minimum": 0}}}}}})";
  CHECK(check(schema, "{\"a\": 1,\n\"b\": [0, -1,\n-2]}") ==
        "1:1 t/missing-key : \"z\" is missing\n"
        "1:7 t/wrong-type /a: a must be a string, but is the number 1\n"
        "2:10 t/out-of-range /b/1: b[1] must be a number of at least 0, but is -1\n"
        "3:1 t/out-of-range /b/2: b[2] must be a number of at least 0, but is -2");
}

TEST_CASE("one value of a document can be validated by itself") {
  const auto schema = schema_test::compile(R"({"required": ["x"], "properties": {"y": {"type": "null"}}})");
  const auto document = schema_test::parse("{\"list\": [1,\n {\"y\": 2}]}");
  CHECK(schema_test::shown(launchgate::schema::validate(*schema, *document.at("/list/1"), "t")) ==
        "2:2 t/missing-key /list/1: \"x\" is missing\n2:8 t/wrong-type /list/1/y: list[1].y must be null, "
        "but is the number 2");
}

TEST_CASE("a part of a schema can be the entry") {
  launchgate::schema::SchemaSettings settings;
  settings.entry = "/definitions/number";
  const auto schema = schema_test::compile(
      R"({"definitions": {"number": {"title": "A number", "type": "number"}}, "type": "string"})", settings);
  CHECK(schema->title() == "A number");
  CHECK(launchgate::schema::validate(*schema, schema_test::parse("1"), "t").empty());
  CHECK(launchgate::schema::validate(*schema, schema_test::parse("\"1\""), "t").size() == 1);
}

TEST_CASE("findings carry spans, excerpts and the file") {
  const auto schema = schema_test::compile(R"({"properties": {"a": {"type": "string"}}})");
  const auto findings = launchgate::schema::validate(*schema, schema_test::parse("{\n  \"a\": 12\n}"), "profiles");
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].file == "doc.json");
  CHECK(findings[0].rule_id == "profiles/wrong-type");
  CHECK(findings[0].span == launchgate::base::Span{{2, 8}, {2, 10}});
  CHECK(findings[0].excerpt.line == "  \"a\": 12");
  CHECK(findings[0].severity == launchgate::finding::Severity::error);
}

TEST_CASE("each class of findings is described as a rule") {
  const auto infos = launchgate::schema::rule_infos("profiles");
  CHECK(infos.size() == 12);
  for (const auto& info : infos) {
    CHECK(info.id.rfind("profiles/", 0) == 0);
    for (const std::string& text : {info.summary, info.help, info.why, info.wrong, info.right})
      CHECK_FALSE(text.empty());
  }
}
