#include <catch2/catch.hpp>

#include <random>

#include "lib/secrets/decode.hpp"

using namespace launchgate::secrets;

namespace {

bool is_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/' || c == '-' || c == '_';
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
    for (std::size_t n = random() % 300; n > 0; --n) text += random() % often == 0 ? " .=%\n\xff"[random() % 6] : "aZ09+/-_"[random() % 8];
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
  CHECK(decoded("dGhlIHF1aWNrIGJyb3").empty());                    // 18 characters
  CHECK(decoded("some_rather_long_identifier_name_v2").empty());  // decodes to control codes
}

TEST_CASE("percent-encoding is decoded in runs of URL characters") {
  CHECK(decoded("see https://x.example/?q=a%2Db%20c now") == std::vector<std::string>{"https://x.example/?q=a-b c"});
  CHECK(decoded("100%25 of it").empty());             // too short
  CHECK(decoded("printf(\"%d and %s and %x\", a, b, c)").empty());
  CHECK(decoded("aaaaaaaaaaaaaaaaaaaaaaaa%").empty());  // cut off
  CHECK(decoded("            %2").empty());
}
