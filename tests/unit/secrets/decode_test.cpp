#include <catch2/catch.hpp>

#include <random>

#include "lib/secrets/decode.hpp"

using namespace launchgate::secrets;

namespace {

bool is_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/' ||
         c == '-' || c == '_';
}

std::size_t plainly(std::string_view text, std::size_t from) {
  std::size_t run = 0;
  for (std::size_t at = from; at < text.size(); ++at) {
    run = is_digit(text[at]) ? run + 1 : 0;
    if (run == shortest_run) return at + 1 - shortest_run;
  }
  return std::string_view::npos;
}

std::vector<std::string> decoded(std::string_view text) {
  std::vector<EncodedRun> runs;
  find_encoded(text, 0, text.size(), runs);
  std::vector<std::string> all;
  std::string out;
  for (const EncodedRun& run : runs) {
    decode(text, run, out);
    all.push_back(out);
  }
  return all;
}

}  // namespace

TEST_CASE("every byte is told apart by the search for long runs") {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text = std::string(70, ' ') + std::string(100, static_cast<char>(byte));
    CHECK((find_long_run(text, 0) == 70) == is_digit(static_cast<char>(byte)));
  }
}

TEST_CASE("long runs are found at every place") {
  std::mt19937 random(5);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    const unsigned often = 5 + static_cast<unsigned>(random() % 40);
    for (std::size_t n = random() % 300; n > 0; --n)
      text += random() % often == 0 ? " .=%\n\xff"[random() % 6] : "aZ09+/-_"[random() % 8];
    for (std::size_t from = 0; from < text.size(); from += 1 + random() % 50) {
      REQUIRE(find_long_run(text, from) == plainly(text, from));
      std::size_t end = from;
      while (end < text.size() && is_digit(text[end])) ++end;
      REQUIRE(end_of_run(text, from) == end);
    }
  }
}

TEST_CASE("base64 of text is decoded in both alphabets, with and without padding") {
  CHECK(decoded("x dGhlIHF1aWNrIGJyb3duIGZveA== y") == std::vector<std::string>{"the quick brown fox"});
  CHECK(decoded("dGhlIHF1aWNrIGJyb3duIGZveA") == std::vector<std::string>{"the quick brown fox"});
  CHECK(decoded("a,aGVsbG8_aGVsbG8-aGVsbG8_aGVsbG8-,b").size() == 1);
  CHECK(decoded("dGhlIHF1aWNrIGJyb3").empty());                   // 18 characters
  CHECK(decoded("some_rather_long_identifier_name_v2").empty());  // decodes to control codes
}

TEST_CASE("base64 in lines is one text") {
  // "the quick brown fox jumps over the lazy dog, and again: the quick brown fox"
  const std::vector<std::string> one = {"the quick brown fox jumps over the lazy dog, and again: the quick brown fox"};
  const std::string first = "dGhlIHF1aWNrIGJyb3duIGZveCBqdW1wcyBvdmVy";
  const std::string second = "IHRoZSBsYXp5IGRvZywgYW5kIGFnYWluOiB0aGUg";
  const std::string third = "cXVpY2sgYnJvd24gZm94";
  for (const char* line_break : {"\n", "\r\n", "\n    ", "\\n", "\\r\\n"}) {
    CHECK(decoded(first + line_break + second + line_break + third) == one);
    CHECK(decoded("key: " + first + line_break + second + line_break + third + "\"") == one);
    CHECK(decoded(std::string(line_break) + first + line_break + second + line_break + third) == one);
  }
  CHECK(decoded(first + "\n\n" + second).size() == 2);
  CHECK(decoded(first + ", \n" + second).size() == 2);
  CHECK(decoded(first + "\n" + second + "\nand words").front() == one.front().substr(0, 60));
  CHECK(decoded(first + "x\n" + second + "x\n").size() == 2);  // no groups of four, and each is a text
}

TEST_CASE("a slash of base64 may be escaped") {
  CHECK(decoded("\"YT4\\/Yj9jIHRoZSBxdWljayBicm93biBmb3g\"") == std::vector<std::string>{"a>?b?c the quick brown fox"});
  CHECK(decoded("\"dGhlIHF1aWNrIGJyb3duID8\\/IGZveA==\"") == std::vector<std::string>{"the quick brown ?? fox"});
}

TEST_CASE("a place in wrapped base64 is that of its lines") {
  const std::string text =
      "a: dGhlIHF1aWNrIGJyb3duIGZveCBqdW1wcyBvdmVy\n   IHRoZSBsYXp5IGRvZywgYW5kIGFnYWluOiB0aGUg\n   "
      "cXVpY2sgYnJvd24gZm94\n";
  std::vector<EncodedRun> runs;
  find_encoded(text, 0, text.size(), runs);
  REQUIRE(runs.size() == 1);
  const auto lines = [&](std::size_t begin, std::size_t end) {
    const EncodedRun found = lines_of(text, runs[0], begin, end);
    return text.substr(found.begin, found.end - found.begin);
  };
  CHECK(lines(0, 30) == "dGhlIHF1aWNrIGJyb3duIGZveCBqdW1wcyBvdmVy");
  CHECK(lines(30, 31) == "IHRoZSBsYXp5IGRvZywgYW5kIGFnYWluOiB0aGUg");
  CHECK(lines(29, 31) == "dGhlIHF1aWNrIGJyb3duIGZveCBqdW1wcyBvdmVy\n   IHRoZSBsYXp5IGRvZywgYW5kIGFnYWluOiB0aGUg");
  CHECK(lines(60, 75) == "cXVpY2sgYnJvd24gZm94");
}

TEST_CASE("percent-encoding is decoded in runs of URL characters") {
  CHECK(decoded("see https://x.example/?q=a%2Db%20c now") == std::vector<std::string>{"https://x.example/?q=a-b c"});
  CHECK(decoded("100%25 of it").empty());  // too short
  CHECK(decoded("printf(\"%d and %s and %x\", a, b, c)").empty());
  CHECK(decoded("aaaaaaaaaaaaaaaaaaaaaaaa%").empty());  // cut off
  CHECK(decoded("            %2").empty());
}
