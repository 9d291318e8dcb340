#include "lib/document/json_writer.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

using namespace launchgate::document;

namespace {

// What a reader of the JSON gets.
std::string read_back(const std::string& json) {
  const auto document = JsonDocument::parse("t", json);
  REQUIRE(document);
  return std::string(document->root().string());
}

}  // namespace

TEST_CASE("nesting, indented and compact") {
  const auto write = [](JsonStyle style) {
    JsonWriter out(style);
    out.begin_object().member("a", 1).key("b").begin_array().value("x").begin_object().end_object().begin_array();
    out.end_array().begin_object().member("c", true).end_object().end_array();
    out.member("d", std::vector<std::string>{"e", "f"}).key("g").null();
    out.member("h", std::optional<double>()).member("i", std::optional<std::string>("j"));
    out.key("k").raw("[1, 2]").end_object();
    return out.take();
  };
  CHECK(write(JsonStyle::compact) ==
        R"({"a":1,"b":["x",{},[],{"c":true}],"d":["e","f"],"g":null,"h":null,"i":"j","k":[1, 2]})");
  CHECK(write(JsonStyle::indented) == R"({
  "a": 1,
  "b": [
    "x",
    {},
    [],
    {
      "c": true
    }
  ],
  "d": [
    "e",
    "f"
  ],
  "g": null,
  "h": null,
  "i": "j",
  "k": [1, 2]
})");
}

TEST_CASE("a value alone, and an empty container") {
  CHECK(JsonWriter().value("x").take() == "\"x\"");
  CHECK(JsonWriter().begin_array().end_array().take() == "[]");
  CHECK(JsonWriter().begin_object().end_object().take() == "{}");
}

TEST_CASE("every control character is escaped") {
  for (int c = 0; c < 0x20; ++c) {
    const std::string text(1, static_cast<char>(c));
    const std::string json = json_quoted(text);
    CAPTURE(c, json);
    CHECK(json.size() >= 4);
    CHECK(json[1] == '\\');
    CHECK(read_back(json) == text);
  }
  CHECK(json_quoted("\b\f\n\r\t") == R"("\b\f\n\r\t")");
  CHECK(json_quoted("\"\\/") == R"("\"\\/")");
  CHECK(json_quoted("\x1f\x7f") == R"("\u001F\u007F")");
  CHECK(json_quoted(std::string_view("\0", 1)) == R"("\u0000")");
  CHECK(json_quoted("é€😀\xe2\x80\xa8") == R"("é€😀\u2028")");
  CHECK(json_quoted("\xc2\x9b\xe2\x80\xae\xe2\x81\xa6#a ##[b ##vso[c") ==
        R"("\u009B\u202E\u2066#a \u0023#[b \u0023#vso[c")");
}

TEST_CASE("what is no UTF-8 leaves JSON all the same") {
  CHECK(json_quoted("a\xff") == R"("a\\u00ff")");
  CHECK(JsonWriter(JsonStyle::compact).begin_object().member("\xc3", "\xed\xa0\x80").end_object().take() ==
        R"({"\\u00c3":"\\u00ed\\u00a0\\u0080"})");
  std::string out;
  append_json_escaped(out, "a\xff\xc3\n");
  CHECK(out == "a\xef\xbf\xbd\xef\xbf\xbd\\n");
  append_json_string(out, "");
  CHECK(out.ends_with("\"\""));
}

TEST_CASE("numbers") {
  const auto written = [](auto number) { return JsonWriter().value(number).take(); };
  CHECK(written(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
  CHECK(written(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
  CHECK(written(12.0) == "12");
  CHECK(written(-0.0) == "0");
  CHECK(written(0.1) == "0.1");
  CHECK(written(-12.375) == "-12.375");
  CHECK(written(1e300) == "1e300");
  CHECK(written(5e-324) == "5e-324");
  CHECK(written(std::nan("")) == "null");
  CHECK(written(-HUGE_VAL) == "null");
  for (const double number : {0.1, 1.0 / 3, 1e-7, 123456789.125, 9007199254740993.0, 1.7976931348623157e308}) {
    const auto document = JsonDocument::parse("t", written(number));
    REQUIRE(document);
    CHECK(document->root().number() == number);
  }
}

TEST_CASE("JSON is written the same way each time") {
  const auto document = JsonDocument::parse("t", R"({"a": 1.50, "b": "é\n", "c": [], "d": {"e": null}})");
  REQUIRE(document);
  JsonWriter writer;
  writer.value(document->root());
  CHECK(writer.take() == "{\n  \"a\": 1.50,\n  \"b\": \"é\\n\",\n  \"c\": [],\n  \"d\": {\n    \"e\": null\n  }\n}");
  CHECK(compact(document->root()) == R"({"a":1.50,"b":"é\n","c":[],"d":{"e":null}})");
  CHECK(json_quoted("a\"b\xff") == "\"a\\\"b\\\\u00ff\"");
}

TEST_CASE("a copy keeps order, digits and nesting") {
  const std::string json = R"({"b":[1.50,-0,1e3,{"x":null}],"a":"\u00e9\n","t":true})";
  const auto document = JsonDocument::parse("t", json);
  REQUIRE(document);
  CHECK(compact(document->root()) == R"({"b":[1.50,-0,1e3,{"x":null}],"a":"é\n","t":true})");
  const auto again = JsonDocument::parse("t", JsonWriter().value(document->root()).take());
  REQUIRE(again);
  CHECK(compact(again->root()) == compact(document->root()));
}
