#include "lib/document/overlay.hpp"

#include <catch2/catch.hpp>

#include "lib/document/json_writer.hpp"

using namespace launchgate;
using document::JsonDocument;
using document::Origin;

namespace {

JsonDocument parsed(const std::string& path, const std::string& text) {
  auto document = JsonDocument::parse(path, text);
  REQUIRE(document);
  return *std::move(document);
}

base::Result<JsonDocument> laid(const std::string& own, const std::string& base) {
  return document::overlay(parsed("own.json", own), parsed("base.json", base));
}

std::string text(const std::string& own, const std::string& base) {
  const auto whole = laid(own, base);
  INFO(to_string(whole ? base::Error{} : whole.error()));
  REQUIRE(whole);
  return document::compact(whole->root());
}

}  // namespace

TEST_CASE("an overlay states what differs") {
  CHECK(text(R"({"extends": "b", "a": 1})", R"({"a": 0, "c": 2})") == R"({"a":1,"c":2})");
  CHECK(text(R"({"o": {"x": 1}})", R"({"o": {"x": 0, "y": {"z": 1}}, "p": {}})") ==
        R"({"o":{"x":1,"y":{"z":1}},"p":{}})");
  CHECK(text(R"({"l": [1]})", R"({"l": [2, 3]})") == R"({"l":[1]})");
  CHECK(text(R"({"l": 1})", R"({"l": {"x": 1}})") == R"({"l":1})");
  CHECK(text(R"({"o": {}})", R"({"o": {"x": 0}})") == R"({"o":{"x":0}})");
  CHECK(text(R"({"extends": "b"})", R"({"a": 1, "b": [true]})") == R"({"a":1,"b":[true]})");
  CHECK(text(R"({"a": 1, "extends": "b", "without": []})", R"({"c": 1})") == R"({"a":1,"c":1})");
  CHECK(text(R"({"extends": "b", "without": [], "a": 1})", R"({})") == R"({"a":1})");
}

TEST_CASE("lists whose elements have names are laid over by them") {
  const std::string base = R"({"rules": [{"id": "a", "n": 1}, {"id": "b"}], "other": [{"id": "a"}]})";
  CHECK(text(R"({"rules": [{"id": "a", "n": 2}, {"id": "c"}], "other": [{"id": "b"}]})", base) ==
        R"({"rules":[{"id":"a","n":2},{"id":"c"},{"id":"b"}],"other":[{"id":"b"}]})");
  CHECK(text(R"({"without": ["/rules/a", "/other"]})", base) == R"({"rules":[{"id":"b"}]})");
}

TEST_CASE("what goes with a member of the base goes with it") {
  const std::string base =
      R"({"ladder": [1], "items": {"a": 1}, "d": {"r": [{"id": 1}], "k": 1}, "ownWith": {"ladder": {"/items": {}, "/d/r": null}}})";
  const auto own = laid(R"({"ladder": [2]})", base);
  REQUIRE(own);
  CHECK(document::compact(*own->at("/items")) == "{}");
  CHECK(document::compact(*own->at("/d")) == R"({"k":1})");
  const auto stated = laid(R"({"ladder": [2], "items": {"b": 1}, "d": {"r": [7]}})", base);
  REQUIRE(stated);
  CHECK(document::compact(*stated->at("/items")) == R"({"b":1})");
  CHECK(document::compact(*stated->at("/d")) == R"({"r":[7],"k":1})");
  const auto same = laid(R"({"d": {"k": 2}})", base);
  REQUIRE(same);
  CHECK(document::compact(*same->at("/items")) == R"({"a":1})");
}

TEST_CASE("what is stated keeps its place") {
  const auto whole = laid("{\n  \"extends\": \"b\",\n  \"o\": {\n    \"x\": 1\n  },\n  \"z\": 2\n}\n",
                          "{\"o\": {\"y\": 1},\n\n\"q\": 1}");
  REQUIRE(whole);
  CHECK(whole->path() == "own.json");
  CHECK(whole->at("/o/x")->span().begin == base::Position{4, 10});
  CHECK(whole->at("/z")->span().begin == base::Position{6, 8});
  CHECK(whole->at("/o/y"));
  CHECK(whole->at("/q"));
}

TEST_CASE("what is left out must be there") {
  const auto whole = laid("{\"without\": [\n  \"/rulse\"]}", R"({"rules": []})");
  REQUIRE_FALSE(whole);
  CHECK(to_string(whole.error()) ==
        "own.json:2:3: what is extended has nothing at \"/rulse\" that could be left out; did you mean \"/rules\"?");
}

TEST_CASE("where members come from") {
  const auto own = parsed("own.json", R"({"extends": "b", "a": {"x": 1}, "n": 1, "ladder": []})");
  const auto base =
      parsed("base.json", R"({"a": {"y": 1}, "c": 1, "i": 1, "ladder": [1], "ownWith": {"ladder": {"/i": {}}}})");
  std::string told;
  for (const Origin& origin : document::origins(own, base))
    told += origin.pointer + "obsl"[static_cast<int>(origin.from)] + std::string(" ");
  CHECK(told == "/as /a/xo /a/yb /no /laddero /cb /il ");
}
