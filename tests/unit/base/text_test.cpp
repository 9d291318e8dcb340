#include <catch2/catch.hpp>

#include "lib/base/ascii.hpp"
#include "lib/base/similar.hpp"
#include "lib/base/source_text.hpp"
#include "lib/base/text.hpp"
#include "lib/base/utf8.hpp"

using namespace launchgate::base;

TEST_CASE("ill-formed UTF-8 is found at its first byte") {
  CHECK(find_invalid_utf8("plain text that is longer than eight bytes") == std::string_view::npos);
  CHECK(find_invalid_utf8("é € 😀") == std::string_view::npos);
  CHECK(find_invalid_utf8("12345678\x80") == 8);
  CHECK(find_invalid_utf8("a\xC0\xAF") == 1);          // overlong
  CHECK(find_invalid_utf8("a\xE0\x80\xAF") == 1);      // overlong
  CHECK(find_invalid_utf8("a\xED\xA0\x80") == 1);      // surrogate
  CHECK(find_invalid_utf8("a\xF4\x90\x80\x80") == 1);  // above U+10FFFF
  CHECK(find_invalid_utf8("abc\xE2\x82") == 3);        // cut short
}

TEST_CASE("positions count code points and lines") {
  const SourceText source("f", "ab\néx\r\n\nlast");
  CHECK(source.position(0) == Position{1, 1});
  CHECK(source.position(5) == Position{2, 2});  // after the two bytes of é
  CHECK(source.position(8) == Position{3, 1});
  CHECK(source.position(999) == Position{4, 5});
  CHECK(source.line(2) == "éx");
  CHECK(source.line(3).empty());
  CHECK(source.line(4) == "last");
  CHECK(source.line(5).empty());
  CHECK(source.line_count() == 4);
}

TEST_CASE("positions within long lines and back") {
  std::string text = "first\n";
  for (int i = 0; i < 3000; ++i) text += i % 3 == 0 ? "é€\xFF" : "abcdefgh";
  text += "\nlast";
  const SourceText source("f", text);
  std::size_t column = 1;
  std::size_t line = 1;
  for (std::size_t at = 0; at < text.size();) {
    const Position expected{static_cast<std::uint32_t>(line), static_cast<std::uint32_t>(column)};
    REQUIRE(source.position(at) == expected);
    REQUIRE(source.offset(expected) == at);
    ++column;
    if (text[at] == '\n') {
      ++line;
      column = 1;
    }
    const auto lead = static_cast<unsigned char>(text[at]);
    at += utf8_sequence_length(lead);
  }
  CHECK(source.offset({2, 1000000}) == text.size() - 5);
  CHECK(source.offset({9, 1}) == text.size());
}

TEST_CASE("the nearest word is offered only when it is near") {
  const std::vector<std::string> words = {"p95ReadLatencyMs", "p95MutationLatencyMs", "maxOverallErrorRate"};
  CHECK(nearest("p95ReadLatencyMS", words) == "p95ReadLatencyMs");
  CHECK(nearest("p59ReadLatencyMs", words) == "p95ReadLatencyMs");
  CHECK(nearest("somethingElse", words) == std::nullopt);
  CHECK(nearest("", words) == std::nullopt);
  CHECK(did_you_mean("maxOveralErrorRate", words) == "did you mean \"maxOverallErrorRate\"?");
  CHECK(quoted_list({"a", "b", "c"}, "or") == "\"a\", \"b\" or \"c\"");
  CHECK(quoted_list({"a", "b", "c"}, "or", 2) == "\"a\", \"b\", … (1 more)");
}

TEST_CASE("nothing that repaints a terminal is printed") {
  CHECK(printable("a\x1b[31m\xe2\x80\xae\xff") == "a\\u001b[31m\\u202e\\u00ff");
  CHECK(printable("naïve – 😀") == "naïve – 😀");
  // What CI services take for commands.
  CHECK(printable("::error::x") == "\\u003a:error::x");
  CHECK(printable("  ::add-mask::x") == "  \\u003a:add-mask::x");
  CHECK(printable("a ##[error]b ##vso[task.x]c") == "a \\u0023#[error]b \\u0023#vso[task.x]c");
  for (const char* plain : {"::1", "::ffff:10.0.0.1", "a ::error:: b", "## [x](y)", "## x", "###", "std::x", "::"})
    CHECK(printable(plain) == plain);
}

TEST_CASE("white space at the ends goes, and no other byte") {
  CHECK(trim(" \t\r\n\v\fa b\f\v\n\r\t ") == "a b");
  CHECK(trim("") == "");
  CHECK(trim(" \n") == "");
  CHECK(trim("\xc2\xa0x") == "\xc2\xa0x");
  CHECK(is_blank(" \v"));
  CHECK_FALSE(is_blank(std::string_view("\0", 1)));
  for (int c = 0; c < 256; ++c) {
    const std::string one(1, static_cast<char>(c));
    CHECK(is_space(one[0]) == is_blank(one));
  }
}

TEST_CASE("names of environment variables") {
  CHECK(environment_name("api-server") == "API_SERVER");
  CHECK(environment_name("web2_Admin") == "WEB2_ADMIN");
  CHECK(environment_name("a.b c") == "A_B_C");
  CHECK(environment_name("") == "");
  CHECK(lower_case("ÄBC-Z") == "Äbc-z");
}

TEST_CASE("percent-encoding and back") {
  CHECK(percent_encoded("aZ09-._~ /é%") == "aZ09-._~%20%2F%C3%A9%25");
  CHECK(percent_encoded("a/b c", "/") == "a/b%20c");
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  CHECK(percent_decoded(percent_encoded(all)) == all);
  CHECK(percent_decoded("%41%4g%") == "A%4g%");
  CHECK(percent_decoded("%4") == "%4");
  CHECK(percent_decoded("a%20b%zz%4") == "a b%zz%4");
  CHECK(percent_decoded("%%41") == "%A");
}
