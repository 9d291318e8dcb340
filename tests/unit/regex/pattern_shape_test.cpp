#include <catch2/catch.hpp>

#include <re2/re2.h>

#include <functional>
#include <random>

#include "lib/regex/pattern_filter.hpp"
#include "lib/regex/pattern_shape.hpp"

using namespace launchgate;
using namespace launchgate::regex;

namespace {

Extent whole(const char* pattern) {
  const auto shape = PatternShape::analyse(pattern);
  REQUIRE(shape);
  return shape->whole();
}

std::vector<std::string> required(const char* pattern) {
  const auto shape = PatternShape::analyse(pattern);
  REQUIRE(shape);
  return shape->required();
}

std::pair<std::uint32_t, std::uint32_t> around(const char* pattern, std::vector<std::string> literals) {
  const auto shape = PatternShape::analyse(pattern);
  REQUIRE(shape);
  const auto found = shape->around(literals);
  REQUIRE(found);
  return {found->before.max, found->after.max};
}

}  // namespace

TEST_CASE("lengths of matches") {
  const auto is = [](const Extent& extent, std::uint32_t min, std::uint32_t max) {
    return extent.min == min && extent.max == max;
  };
  CHECK(is(whole("abc"), 3, 3));
  CHECK(is(whole("a?b*"), 0, unbounded));
  CHECK(is(whole("(?:ab|c){2,5}"), 2, 10));
  CHECK(is(whole("^\\bx$"), 1, 1));
  CHECK(is(whole("a{3}b{2,}"), 5, unbounded));
  CHECK(is(whole("x{,3}"), 5, 5));  // no repetition: the braces stand for themselves
  CHECK(is(whole("\\Qa.b\\Ec+"), 4, unbounded));
  CHECK(is(whole("\\x41\\x{42}[[:alpha:]][^]a]"), 4, 4));
  CHECK(is(whole("(?P<n>a)(?i:b)(?i)c(?-i)d"), 4, 4));
  CHECK(is(whole(""), 0, 0));
}

TEST_CASE("bytes of matches") {
  const ByteSet bytes = whole("(?i)[a-c]\\d-").bytes;
  for (const char c : std::string("aAbBcC059-")) CHECK(bytes.contains(static_cast<unsigned char>(c)));
  for (const char c : std::string("dD_ ")) CHECK_FALSE(bytes.contains(static_cast<unsigned char>(c)));
  CHECK(whole(".").bytes.count() == 255);
  CHECK(whole("(?s).").bytes.count() == 256);
  CHECK(whole("\\pL").bytes.count() == 256);
}

TEST_CASE("literals that every match has") {
  CHECK(required("ghp_[A-Za-z0-9]{36}") == std::vector<std::string>{"ghp_"});
  CHECK(required("(?i)\\b(?:AKIA|ASIA)[0-9A-Z]{16}") == std::vector<std::string>{"akia", "asia"});
  CHECK(required("(?:drone-?_?ci|abc)x") ==
        std::vector<std::string>{"abcx", "drone-_cix", "drone-cix", "drone_cix", "dronecix"});
  CHECK(required("[a-z]+@[a-z]+").empty());
  CHECK(required("(?:key)?x").empty());
  CHECK(required("(?:key)+x") == std::vector<std::string>{"key"});
  CHECK(required("abc|d*").empty());
}

TEST_CASE("how far a match reaches around a literal") {
  CHECK(around("ghp_[a-z]{36}", {"ghp_"}) == std::pair<std::uint32_t, std::uint32_t>{0, 36});
  CHECK(around("\\w{0,3}key[a-z]{2}", {"key"}) == std::pair<std::uint32_t, std::uint32_t>{3, 2});
  CHECK(around("\\w*(?:key|token)\\s?=", {"key", "token"}) == std::pair<std::uint32_t, std::uint32_t>{unbounded, 2});
  CHECK(around("(?:a|bc)(?:x_?y)z", {"xy", "x_y"}) == std::pair<std::uint32_t, std::uint32_t>{2, 1});
  CHECK(around("[0-9]q~.", {"q~"}) == std::pair<std::uint32_t, std::uint32_t>{1, 1});
  CHECK(around("(?i)PRE-(?:key)", {"-k"}) == std::pair<std::uint32_t, std::uint32_t>{3, 2});
  CHECK_FALSE(PatternShape::analyse("[a-z]+")->around({"key"}));
  CHECK_FALSE(PatternShape::analyse("key|other")->around({"key"}));
}

TEST_CASE("what is not understood is given up") {
  for (const char* pattern :
       {"(", "a)", "[a", "(?<n>a)", "(?=a)", "\\1", "*a", "\\", "[b-a]", "(?", "a{2000}", "[[:nope:]]", "\\x{zz}"}) {
    INFO(pattern);
    CHECK_FALSE(PatternShape::analyse(pattern));
  }
  CHECK_FALSE(PatternShape::analyse(std::string(100'000, '(')));
}

namespace {

// What the filter says of a pattern and a text; RE2 must not find what it denies.
bool may_match(const std::string& pattern, const std::string& text, bool bytes = true) {
  const auto shape = regex::PatternShape::analyse(pattern, false, bytes);
  REQUIRE(shape);
  const auto filter = regex::PatternFilter::make(*shape, bytes);
  REQUIRE(filter != nullptr);
  const bool may = filter->may_match(text, false);
  const re2::RE2 expression(pattern, bytes ? re2::RE2::Latin1 : re2::RE2::DefaultOptions);
  REQUIRE(expression.ok());
  if (!may) CHECK_FALSE(re2::RE2::PartialMatch(text, expression));
  return may;
}

}  // namespace

TEST_CASE("a filter turns down what cannot match") {
  CHECK(may_match("key[=:] ?[0-9a-f]{32}\\b", "the key: 0123456789abcdef0123456789abcdef"));
  CHECK_FALSE(may_match("key[=:] ?[0-9a-f]{32}\\b", "the key: 0123456789abcdef0123456789abcde"));
  CHECK(may_match("(?i)pass(?:word|phrase)?=\\S{8,}", "PASSPHRASE=12345678"));
  CHECK_FALSE(may_match("(?i)pass(?:word|phrase)?=\\S{8,}", "PASSPHRASE=1234567 8"));
  CHECK(may_match("a{0,3}b", "xxb"));
  CHECK_FALSE(may_match("(?:ab){3}c", "ababc"));
  CHECK(may_match("x*", ""));
  CHECK_FALSE(may_match("x", ""));
  CHECK(may_match("[a-z]{100}", std::string(100, 'q')));
  CHECK_FALSE(may_match("[a-z]{100}", std::string(60, 'q')));
  CHECK(may_match("\\bno\\b", "a no"));
  CHECK(may_match("(?i)\\b(?:no|not)\\b", "(not)"));
  CHECK_FALSE(may_match("\\bno\\b", "casino"));
  CHECK_FALSE(may_match("(?:\\bno|\\bnot) \\w+", "casino hall"));
  CHECK(may_match("(?:\\bno|not) \\w+", "can_not do"));
  CHECK(may_match("(?:\\b)?no", "casino"));
  const auto anchored = regex::PatternFilter::make(*regex::PatternShape::analyse("ab"), true);
  CHECK(anchored->may_match("ab", true));
  CHECK_FALSE(anchored->may_match("xab", true));
  std::string large;
  for (int i = 0; i < 100; ++i) large += "[a-f]{60}x";
  CHECK(regex::PatternFilter::make(*regex::PatternShape::analyse(large), true) == nullptr);
}

TEST_CASE("a filter knows the characters of UTF-8") {
  CHECK(may_match("a.b", "a€b", false));
  CHECK(may_match("a[^x]{2}b", "aé€b", false));
  CHECK(may_match("[,\\x{2013}] so", "x \u2013 so", false));
  CHECK_FALSE(may_match("[,\\x{2013}] so", "x - so", false));
  CHECK(may_match("(?i)task", "ta\u017F\u212A", false));
  CHECK_FALSE(may_match("task", "ta\u017Fk", false));
  CHECK(may_match("\\x{e9}", "\u00e9", false));
  CHECK_FALSE(regex::PatternShape::analyse("caf\u00e9?", false, false).has_value());
}

TEST_CASE("a filter never denies a match, on random patterns and texts") {
  std::mt19937 random(7);
  const auto pick = [&](std::size_t n) { return random() % n; };
  const std::function<std::string(int)> expression = [&](int depth) -> std::string {
    switch (depth == 0 ? pick(4) : pick(9)) {
      case 0:
        return std::string(1, "abc1"[pick(4)]);
      case 1:
        return "[ab]";
      case 2:
        return "\\d";
      case 3:
        return std::vector<std::string>{".", "\\x{e9}", "[^a]", "(?i:s)"}[pick(4)];
      case 8:
        return "(?:" + expression(depth - 1) + "|" + expression(depth - 1) + ")";
      case 4:
        return "(?:" + expression(depth - 1) + ")" +
               std::vector<std::string>{"*", "+", "?", "{2}", "{1,3}", "{0,2}"}[pick(6)];
      case 5:
        return "\\b" + expression(depth - 1);
      default:
        return expression(depth - 1) + expression(depth - 1);
    }
  };
  int denied = 0;
  for (int i = 0; i < 4000; ++i) {
    std::string text;
    for (std::size_t n = pick(10); n > 0; --n)
      text += std::vector<std::string>{"a", "b", "c", "1", " ", "é", "S", "\u017F"}[pick(8)];
    const std::string pattern = expression(4);
    INFO(pattern << " in \"" << text << '"');
    if (!may_match(pattern, text, false)) ++denied;
    (void)may_match(pattern, text, true);
  }
  CHECK(denied > 500);
}

TEST_CASE("sets of bytes") {
  regex::ByteSet set;
  set.add_range('a', 'c');
  set.add_range(60, 70);
  set.add_range(0, 0);
  set.add_range(190, 255);
  for (unsigned byte = 0; byte < 256; ++byte) {
    const bool inside = byte == 0 || (byte >= 60 && byte <= 70) || (byte >= 'a' && byte <= 'c') || byte >= 190;
    CHECK(set.contains(static_cast<unsigned char>(byte)) == inside);
  }
  for (unsigned byte = 0; byte < 256; ++byte) {
    regex::ByteSet one;
    one.add(static_cast<unsigned char>(byte));
    one.fold_case();
    const bool letter = (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || (byte >= 0xc0 && byte <= 0xfe);
    CHECK(one.count() == (letter ? 2U : 1U));
    CHECK(one.contains(static_cast<unsigned char>(letter ? byte ^ 0x20U : byte)));
  }
}
