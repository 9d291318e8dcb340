#include "lib/document/object_reader.hpp"

#include <catch2/catch.hpp>

using namespace launchgate;
using document::JsonDocument;
using document::JsonValue;
using document::ObjectReader;

namespace {

template <typename Read>
std::string refusal(const std::string& text, const Read& read, document::ReadOptions options = {}) {
  const auto document = JsonDocument::parse("file.json", text);
  REQUIRE(document);
  std::optional<base::Error> error;
  ObjectReader reader(document->root(), "thing", error, options);
  read(reader);
  reader.finish();
  if (error) CHECK(error->category == base::ErrorCategory::configuration);
  return error ? to_string(*error) : "";
}

}  // namespace

TEST_CASE("every getter says what it wants, and where") {
  const auto in = [](const char* text, auto read) { return refusal(text, read); };
  CHECK(in(R"({"a": "x"})", [](ObjectReader& r) { CHECK(r.text("a") == "x"); }) == "");
  CHECK(in(R"({"a": " "})", [](ObjectReader& r) { (void)r.text("a"); }) == "file.json:1:7: \"a\" must not be blank");
  CHECK(in("{}", [](ObjectReader& r) { (void)r.text("a"); }) == "file.json:1:1: thing lacks the field \"a\"");
  CHECK(in("{\n \"a\": [1]}", [](ObjectReader& r) { (void)r.text("a"); }) ==
        "file.json:2:7: \"a\" must be a string, not an array");
  CHECK(in(R"({"a": null})", [](ObjectReader& r) { (void)r.optional_text("a"); }) ==
        "file.json:1:7: \"a\" must be a string, not null");
  CHECK(in("{}", [](ObjectReader& r) {
          CHECK(r.optional_text("a").empty());
          CHECK(r.text("b", "c") == "c");
          CHECK_FALSE(r.flag("d"));
          CHECK_FALSE(r.count("e"));
          CHECK(r.number("f", 2.5, 0, 3) == 2.5);
          CHECK(r.strings("g", false).empty());
          CHECK(r.one_of("h", {"x", "y"}, 1) == 1);
        }) == "");
  CHECK(in(R"({"a": 1})", [](ObjectReader& r) { (void)r.flag("a"); }) ==
        "file.json:1:7: \"a\" must be a boolean, not a number");
  CHECK(in("{}", [](ObjectReader& r) { (void)r.required_flag("a"); }) == "file.json:1:1: thing lacks the field \"a\"");
  CHECK(in(R"({"a": 1.5})", [](ObjectReader& r) { (void)r.integer("a", -1, 9); }) ==
        "file.json:1:7: \"a\" must be a whole number from -1 to 9");
  CHECK(in(R"({"a": 1e1})", [](ObjectReader& r) { (void)r.integer("a", -1, 9); }) ==
        "file.json:1:7: \"a\" must be a whole number from -1 to 9");
  CHECK(in(R"({"a": 9.0})", [](ObjectReader& r) { CHECK(r.integer("a", -1, 9) == 9); }) == "");
  CHECK(in(R"({"a": -1})", [](ObjectReader& r) { CHECK_FALSE(r.count("a")); }) ==
        "file.json:1:7: \"a\" must be a whole number from 0 to 1000000000");
  CHECK(in(R"({"a": 0.75})", [](ObjectReader& r) { (void)r.number("a", 0, 0, 0.5); }) ==
        "file.json:1:7: \"a\" must be a number from 0 to 0.5");
}

TEST_CASE("words and lists") {
  CHECK(refusal(R"({"a": ["x", 1]})", [](ObjectReader& r) { (void)r.strings("a", true); }) ==
        "file.json:1:13: \"a\" must hold strings");
  CHECK(refusal(R"({"a": ["x", ""]})", [](ObjectReader& r) { (void)r.texts("a", true); }) ==
        "file.json:1:13: \"a\" must hold strings that are not blank");
  CHECK(refusal(R"({"a": ["x", "x"]})", [](ObjectReader& r) { (void)r.texts("a", true); }) ==
        "file.json:1:13: \"a\" holds this string twice");
  CHECK(refusal(R"({"a": []})", [](ObjectReader& r) { (void)r.texts("a", false); }) ==
        "file.json:1:7: \"a\" must not be empty");
  CHECK(refusal(R"({"a": "lsit"})", [](ObjectReader& r) {
          (void)r.one_of("a", {"list", "read"}, 0);
        }) == "file.json:1:7: \"a\" must be one of \"list\" or \"read\", not \"lsit\"; did you mean \"list\"?");
  CHECK(refusal("{}", [](ObjectReader& r) { (void)r.one_of("a", {"list"}, std::nullopt); }) ==
        "file.json:1:1: thing lacks the field \"a\"");
}

TEST_CASE("nested objects are finished, and share the first error") {
  const auto read = [](ObjectReader& r) {
    r.objects("list", "entry", true, [](ObjectReader& entry) {
      (void)entry.text("name");
      entry.object("more", "part", false, [](ObjectReader& part) { (void)part.flag("on"); });
    });
    r.members("map", false, [&](const JsonValue::Member& member) { (void)r.at(member.value, "value").text("x"); });
  };
  CHECK(refusal(R"({"list": [{"name": "a", "more": {"on": true}}], "map": {"k": {"x": "y"}}})", read) == "");
  CHECK(refusal("{\"list\": [{\"name\": \"a\"},\n {\"nmae\": \"b\"}]}", read) ==
        "file.json:2:2: entry lacks the field \"name\"");
  CHECK(refusal(R"({"list": [{"name": "a", "more": {"zz": 1, "on": true}}]})", read) ==
        "file.json:1:34: part has no field \"zz\"; it may have \"on\"");
  CHECK(refusal(R"({"list": [1], "map": {"k": 2}})", read) == "file.json:1:11: entry must be an object");
  CHECK(refusal(R"({"list": [], "map": {"k": 2}})", read) == "file.json:1:27: value must be an object");
  CHECK(refusal(R"({"list": {}})", read) == "file.json:1:10: \"list\" must be an array, not an object");
}

TEST_CASE("what nobody asked for is refused, with what was meant") {
  const auto read = [](ObjectReader& r) {
    (void)r.optional_text("pattern");
    (void)r.optional_text("scope");
  };
  CHECK(refusal(R"({"scope": "", "patern": ""})", read) ==
        "file.json:1:15: thing has no field \"patern\"; did you mean \"pattern\"?");
  CHECK(refusal(R"({"zzz\u001b": 1})", read) ==
        "file.json:1:2: thing has no field \"zzz\\u001b\"; it may have \"pattern\" and \"scope\"");
  CHECK(refusal(R"({"zzz": 1})", read, {.leave_unknown = true}) == "");
  // A misspelt field is named rather than the one that is missing for it.
  CHECK(refusal(R"({"patern": ""})", [](ObjectReader& r) { (void)r.text("pattern"); }) ==
        "file.json:1:2: thing has no field \"patern\"; did you mean \"pattern\"?");
}

TEST_CASE("the guide stands where nothing better is known, and the first error stays") {
  const document::ReadOptions options{.guide = "see the guide"};
  CHECK(refusal(
            "[]", [](ObjectReader& r) { (void)r.text("a"); }, options) ==
        "file.json:1:1: thing must be an object; see the guide");
  CHECK(refusal(
            "{}", [](ObjectReader& r) { (void)r.text("a"); }, options) ==
        "file.json:1:1: thing lacks the field \"a\"; see the guide");
  CHECK(refusal("{}", [](ObjectReader& r) {
          r.refuse("first", "help");
          r.refuse("second");
          CHECK(r.failed());
        }) == "file.json:1:1: first; help");
}
