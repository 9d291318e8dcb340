#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>

#include "lib/rules/token_format.hpp"
#include "lib/secrets/private_spans.hpp"

using namespace launchgate;

namespace {

// Of each format; LAUNCHGATE_TEST_BODIES=200 takes minutes under sanitizers.
int bodies() {
  const char* wanted = std::getenv("LAUNCHGATE_TEST_BODIES");
  return wanted == nullptr ? 30 : std::atoi(wanted);
}

// Where tokens stand; `@` is the token.
constexpr std::array<std::string_view, 11> surroundings = {
    "@\n",
    "with('@')\n",
    "VALUE=@\n",
    "{\"value\": \"@\"}\n",
    "{\"body\": \"{\\\"value\\\": \\\"@\\\"}\"}\n",
    "https://api.acme.io/v1/x?value=@&n=1\n",
    "value \x1b[31m@\x1b[0m\n",
    "{\"u\": \"/x?value\\u003d@\\u0026n=1\"}\n",
    "value%3D@%26n%3D1\n",
    "value: @\r\n",
    "| value | @ | 7 |\n",
};

rules::SharedPack private_values() {
  std::ifstream file(std::string(LAUNCHGATE_SOURCE_DIR) + "/rules/leaks/private-values.json", std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  auto pack = rules::load_pack("private-values.json", text.str());
  INFO((pack.ok() ? std::string() : to_string(pack.error())));
  REQUIRE(pack.ok());
  return std::make_shared<const rules::Pack>(std::move(*pack));
}

struct Placed {
  std::size_t begin;
  std::size_t end;
};

// The texts of one format in all surroundings, one after another.
std::string samples(const rules::TokenFormat& format, std::mt19937& random, std::vector<Placed>& places) {
  const auto below = [&](std::uint32_t n) { return std::uniform_int_distribution<std::uint32_t>(0, n - 1)(random); };
  std::string text;
  const int most = bodies();
  for (const std::string_view surrounding : surroundings) {
    const std::size_t at = surrounding.find('@');
    for (int i = 0; i < most; ++i) {
      const std::string token = format.make(below);
      text += surrounding.substr(0, at);
      places.push_back({text.size(), text.size() + token.size()});
      text += token;
      text += surrounding.substr(at + 1);
    }
  }
  return text;
}

}  // namespace

TEST_CASE("tokens made of the formats of their rules are found whole in all surroundings") {
  const auto pack = private_values();
  const secrets::Rulebook book({pack});
  secrets::SpanFinder finder(book);
  std::mt19937 random(17);
  std::size_t formats = 0;
  for (std::size_t i = 0; i < pack->size(); ++i) {
    if (pack->kind(i) != "secret") continue;
    for (const rules::TokenFormat& format : std::get<rules::Secret>(pack->rule(i).body).formats) {
      ++formats;
      std::vector<Placed> places;
      const std::string text = samples(format, random, places);
      finder.begin_text(false);
      const auto spans = finder.find({text}, "a.txt");
      REQUIRE(spans.ok());
      std::vector<std::pair<std::size_t, std::size_t>> found;  // by beginning; of those with the same, the longest last
      for (const auto& span : *spans) found.emplace_back(span.begin, span.end);
      std::sort(found.begin(), found.end());
      std::size_t next = 0;
      std::size_t reach = 0;  // the furthest end of those that begin at or before the place
      for (const Placed& place : places) {
        for (; next < found.size() && found[next].first <= place.begin; ++next)
          reach = std::max(reach, found[next].second);
        if (reach >= place.end) continue;
        const std::size_t line = text.rfind('\n', place.begin) + 1;
        FAIL_CHECK(pack->id(i) << ": " << text.substr(line, text.find('\n', place.end) - line));
        break;
      }
    }
  }
  CHECK(formats > 150);
}

TEST_CASE("a format makes what it says") {
  std::mt19937 random(1);
  const auto below = [&](std::uint32_t n) { return std::uniform_int_distribution<std::uint32_t>(0, n - 1)(random); };
  const auto made = [&](std::string_view format) {
    const auto parsed = rules::TokenFormat::parse(format);
    INFO(format);
    REQUIRE(parsed.ok());
    return parsed->make(below);
  };
  CHECK(made("fixed") == "fixed");
  CHECK(made("a_{digit:4}").size() == 6);
  CHECK(made("{uuid}").size() == 36);
  CHECK(made("{hex:3}.{HEX:2}").find_first_not_of("0123456789abcdefABCDEF.") == std::string::npos);
  const std::string open = made("{alnum:5-9}");
  CHECK(open.size() >= 5);
  CHECK(open.size() <= 9);
  // CRC-32 of "123456789" is cbf43926 (the check value of the CRC catalogue).
  const auto check = rules::TokenFormat::parse("123456789{crc32-hex:8}");
  REQUIRE(check.ok());
  CHECK(check->make(below) == "123456789cbf43926");
  CHECK(made("123456789{crc32-base36:7}") == "1234567891kl8mjq");
}

TEST_CASE("a format that says nothing is refused") {
  for (const std::string_view wrong :
       {"{alnum}", "{alnum:0}", "{alnum:9-3}", "{alnum:20", "{crc32-hex:1-2}", "{octal:4}"}) {
    const auto parsed = rules::TokenFormat::parse(wrong);
    INFO(wrong);
    CHECK_FALSE(parsed.ok());
  }
}
