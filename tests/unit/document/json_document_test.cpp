#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "lib/document/decimal.hpp"
#include "lib/document/json_document.hpp"
#include "unit/public_data.hpp"

using namespace launchgate;
using document::Decimal;
using document::JsonDocument;
using document::JsonKind;

namespace {

JsonDocument parse(std::string text) {
  auto document = JsonDocument::parse("doc.json", std::move(text));
  INFO(to_string(document.ok() ? base::Error{} : document.error()));
  REQUIRE(document.ok());
  return std::move(*document);
}

std::string refusal(std::string text) {
  const auto document = JsonDocument::parse("doc.json", std::move(text));
  REQUIRE_FALSE(document.ok());
  CHECK(document.error().category == base::ErrorCategory::content);
  return to_string(document.error());
}

}  // namespace

TEST_CASE("values know where they stand") {
  const auto document = parse("{\n  \"é\" : [1, \"two\", {\"x\": null}],\n  \"b\":true}");
  const auto root = document.root();
  CHECK(root.size() == 2);
  const auto list = *root.find("é");
  CHECK(list.size() == 3);
  CHECK(list.span() == base::Span{{2, 9}, {2, 32}});
  const auto two = *document.at("/é/1");
  CHECK(two.string() == "two");
  CHECK(two.span() == base::Span{{2, 13}, {2, 18}});
  CHECK(document.at("/é/2/x")->is(JsonKind::null));
  CHECK(document.at("/é/2/x")->pointer() == "/é/2/x");
  CHECK(document.at("/b")->boolean());
  CHECK(document.at("/b")->span() == base::Span{{3, 7}, {3, 11}});
  CHECK(document.at("/é/3") == std::nullopt);
  CHECK(document.at("/é/01") == std::nullopt);
  CHECK(document.at("nonsense") == std::nullopt);
  for (const auto member : root.members()) {
    if (member.name() == "b") CHECK(member.key.span() == base::Span{{3, 3}, {3, 6}});
  }
}

TEST_CASE("escaped strings and pointers are decoded") {
  const auto document = parse(R"({"a/b~c": "x\u00e9\n\ud83d\ude00", "plain": "p"})");
  CHECK(document.at("/a~1b~0c")->string() == "xé\n😀");
  CHECK(document.at("/a~1b~0c")->pointer() == "/a~1b~0c");
  CHECK(document.at("/plain")->string() == "p");
}

TEST_CASE("numbers stay exact") {
  const auto document = parse("[9007199254740993, 1.0, 1e2, 0.1, -0, 12345678901234567890]");
  const auto element = [&](int i) { return *document.at("/" + std::to_string(i)); };
  CHECK(element(0).integer() == 9007199254740993);
  CHECK(element(1).integer() == 1);
  CHECK(element(2).integer() == 100);
  CHECK(element(3).integer() == std::nullopt);
  CHECK(element(4).integer() == 0);
  CHECK(element(5).integer() == std::nullopt);
  CHECK(element(5).number_text() == "12345678901234567890");
  CHECK(element(3).number() == Approx(0.1));
}

TEST_CASE("decimals compare by value") {
  const auto d = [](const char* text) { return Decimal::parse(text); };
  CHECK(d("1") == d("1.000"));
  CHECK(d("100") == d("1e2"));
  CHECK(d("0.0") == d("-0"));
  CHECK(d("-2") < d("-1.5"));
  CHECK(d("9007199254740993") > d("9007199254740992"));
  CHECK(d("1e1000000000") > d("1e999"));
  CHECK(d("0.001") < d("0.01"));
  CHECK(d("7.5").is_multiple_of(d("2.5")) == true);
  CHECK(d("0.3").is_multiple_of(d("0.1")) == true);
  CHECK(d("0.35").is_multiple_of(d("0.1")) == false);
  CHECK(d("1e308").is_multiple_of(d("0.123456789")) == false);
  CHECK(d("-9223372036854775808").to_int64() == INT64_MIN);
  CHECK(d("9223372036854775808").to_int64() == std::nullopt);
}

TEST_CASE("what is no JSON is refused with place and remedy") {
  CHECK(refusal("{\"a\": 1,\n \"a\": 2}") ==
        "doc.json:2:2: key \"a\" stands twice in one object; remove one; the other is on line 1");
  CHECK(refusal("{\"a\": NaN}") == "doc.json:1:7: NaN and Infinity are no JSON numbers; use a finite number or null");
  CHECK(refusal("{\"a\": 1, // why\n\"b\": 2}") == "doc.json:1:10: JSON has no comments; remove the comment");
  CHECK(refusal("[1, 2,\n]") == "doc.json:1:6: comma before the closing bracket; remove the comma");
  CHECK(refusal("{\"a\": 1,}") == "doc.json:1:8: comma before the closing bracket; remove the comma");
  CHECK(refusal("\xEF\xBB\xBF{}") ==
        "doc.json:1:1: the document starts with a byte order mark; save it as UTF-8 without BOM");
  CHECK(refusal("{\"a\": \"\xFF\"}") == "doc.json:1:8: byte 0xff is not valid UTF-8; save the document as UTF-8");
  CHECK(refusal("{\"a\": 1,,\n \"b\": 2}") ==
        "doc.json:1:9: expected a key in double quotes, found \",\"; remove the comma, or complete what it ends");
  CHECK(refusal("[1, , 2]") ==
        "doc.json:1:5: expected a JSON value, found \",\"; remove the comma, or complete what it ends");
  CHECK(refusal("{\"a\":: true}") == "doc.json:1:6: expected a JSON value, found \":\"; remove the colon");
  CHECK(refusal("{'a': 1}") == "doc.json:1:2: strings stand in double quotes; write \" in place of '");
  CHECK(refusal("{\"a\": 1} x") ==
        "doc.json:1:10: text follows the document's end; remove all that stands after the closing bracket");
  CHECK(refusal(std::string("{\"a\":1}\0 garbage", 16)) ==
        "doc.json:1:8: NUL byte in the document; remove it; nothing may follow the value");
  CHECK(refusal("{\"a\" 1}") == "doc.json:1:6: expected \":\" after the key, found \"1\"; write \"key\": value");
  CHECK(refusal("{\"a\": 1 \"b\": 2}") ==
        "doc.json:1:9: expected \",\" or \"}\", found \"\"\"; separate members with a comma");
  CHECK(refusal("") == "doc.json:1:1: the document is empty; a JSON document holds one value");
  CHECK(refusal("{\"a\": [1, {\"b\": ") ==
        "doc.json:1:17: the document ends before its value does; close what is open, or restore the file if it was cut "
        "short");
  CHECK(refusal("{\"a\": \"x") == "doc.json:1:7: the string has no closing quote; add \" at its end");
  CHECK(refusal("{\"a\": \"x\ny\"}") ==
        "doc.json:1:9: control character in a string; write it as an escape, for example \\n or \\u0000");
  CHECK(refusal("[\"\\ud800\"]").find("surrogate stands alone") != std::string::npos);
  CHECK(refusal("[1E400]") == "doc.json:1:2: the number is too large; use a number below 1e308");
  CHECK(refusal("[True]") == "doc.json:1:2: unknown word True; JSON has true, false and null");
}

TEST_CASE("duplicate keys can be collected instead") {
  const auto document = JsonDocument::parse_keeping_duplicates("d", "{\"k\":1,\"k\":2,\"o\":{\"z\":1,\"\\u007a\":1}}");
  REQUIRE(document.ok());
  REQUIRE(document->duplicates().size() == 2);
  CHECK(document->duplicates()[0].key == "z");
  CHECK(document->duplicates()[1].key == "k");
  std::string many = "{";
  for (int i = 0; i < 1000; ++i) many += "\"k" + std::to_string(i) + "\":1,";
  many += "\"k500\":2}";
  CHECK(JsonDocument::parse_keeping_duplicates("d", many)->duplicates().size() == 1);
}

TEST_CASE("depth and size are bounded") {
  CHECK(refusal(std::string(100000, '[')) ==
        "doc.json:1:1001: values are nested more than 1000 deep; flatten the document");
  parse(std::string(1000, '[') + std::string(1000, ']'));
  document::JsonLimits limits;
  limits.bytes = 4;
  CHECK_FALSE(JsonDocument::parse("d", "[1,2]", limits).ok());
}

TEST_CASE("the public JSON parsing suite") {
  std::size_t judged = 0;
  const auto suite = public_data("json-parsing");
  if (!suite) return;
  for (const auto& entry : std::filesystem::directory_iterator(*suite)) {
    const std::string name = entry.path().filename();
    std::ostringstream text;
    text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    const auto document = JsonDocument::parse(name, text.str());
    INFO(name);
    if (name.starts_with("y_") || name.starts_with("n_")) ++judged;
    if (name.starts_with("y_") && name.find("dup") == std::string::npos) CHECK(document.ok());
    if (name.starts_with("n_")) {
      CHECK_FALSE(document.ok());
      if (!document.ok()) CHECK(document.error().position.line > 0);
    }
  }
  CHECK(judged == 283);
}
