#include <catch2/catch.hpp>

#include "record/json_edit.hpp"

using namespace launchgate;
using namespace launchgate::record;

namespace {

std::string set(const std::string& text, const std::string& pointer, const std::string& name, const std::string& json) {
  const auto document = document::JsonDocument::parse("t", text);
  REQUIRE(document);
  const std::string changed = apply_edits(text, {set_member(*document->at(pointer), name, json)});
  REQUIRE(document::JsonDocument::parse("t", changed));
  return changed;
}

}  // namespace

TEST_CASE("a member is replaced where it stands") {
  CHECK(set("{\"a\": 1, \"b\": [1, 2]}", "", "a", "\"x\"") == "{\"a\": \"x\", \"b\": [1, 2]}");
  CHECK(set("{\n  \"a\" :  1 ,\n  \"b\": 2\n}\n", "", "a", "{\n  \"c\": 1\n}") ==
        "{\n  \"a\" :  {\n    \"c\": 1\n  } ,\n  \"b\": 2\n}\n");
}

TEST_CASE("a new member goes to the end with its neighbours' indentation") {
  CHECK(set("{\n  \"a\": 1\n}", "", "b", "2") == "{\n  \"a\": 1,\n  \"b\": 2\n}");
  CHECK(set("{\n\t\"a\": {\n\t\t\"b\": 1\n\t}\n}", "/a", "c", "{\n  \"d\": [\n    1\n  ]\n}") ==
        "{\n\t\"a\": {\n\t\t\"b\": 1,\n\t\t\"c\": {\n\t\t\t\"d\": [\n\t\t\t\t1\n\t\t\t]\n\t\t}\n\t}\n}");
  CHECK(set("[\n    {\n        \"a\": 1\n    }\n]", "/0", "b", "[\n  1\n]") ==
        "[\n    {\n        \"a\": 1,\n        \"b\": [\n            1\n        ]\n    }\n]");
}

TEST_CASE("one line stays one line, and empty objects open") {
  CHECK(set("{\"a\":1}", "", "b", "{\n  \"c\": 2\n}") == "{\"a\":1,\"b\":{\"c\":2}}");
  CHECK(set("{}", "", "a", "1") == "{\n  \"a\": 1\n}");
  CHECK(set("{\n  \"a\": {}\n}", "/a", "b", "1") == "{\n  \"a\": {\n    \"b\": 1\n  }\n}");
}

TEST_CASE("keys and values are escaped, line endings are kept") {
  CHECK(set("{\"a\":1}", "", "q\"uote", "true") == "{\"a\":1,\"q\\\"uote\":true}");
  CHECK(set("{\r\n  \"a\": 1\r\n}\r\n", "", "a", "2") == "{\r\n  \"a\": 2\r\n}\r\n");
}

TEST_CASE("several edits of one text") {
  const std::string text = "{\n  \"a\": 1,\n  \"b\": 2\n}";
  const auto document = document::JsonDocument::parse("t", text);
  const auto root = document->root();
  CHECK(apply_edits(text, {set_member(root, "c", "3"), set_member(root, "b", "4"), set_member(root, "d", "5")}) ==
        "{\n  \"a\": 1,\n  \"b\": 4,\n  \"c\": 3,\n  \"d\": 5\n}");
}
