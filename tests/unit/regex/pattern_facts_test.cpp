#include "lib/regex/pattern_facts.hpp"

#include <catch2/catch.hpp>

#include <cstring>
#include <random>
#include <string>
#include <vector>

using namespace launchgate::regex;

namespace {

struct Subject {
  std::string pattern;
  bool ignore_case;
  bool bytes;
  std::vector<std::string> literals;
};

const std::vector<Subject> subjects = {
    {R"(\b(tk-[a-z0-9]{12,40})(?:[^a-z0-9]|$))", false, true, {"tk-"}},
    {R"((?:key|token)\s*[:=]\s*["']?([a-z]{3,8}))", true, true, {"key", "token"}},
    {"generally available|production[- ]ready", true, false, {}},
    {"caf\\x{e9}|[k-s]+ies", true, false, {}},
    {"a*", false, true, {}},
    {"(?:ab){2,5}c|x[^y]{0,90}y", false, true, {}},
};

std::string random_text(std::mt19937& random) {
  static const std::vector<std::string> pieces = {
      "tk-", "abcd01234567", " ",    "key", "token", "=", ": ", "\"",         "ready", "ab",
      "c",   "xzy",          "kies", "\n",  "caf",   "é", "-",  "production", "Ready", "generally available"};
  std::string text;
  for (std::size_t i = random() % 8; i > 0; --i) text += pieces[random() % pieces.size()];
  return text;
}

}  // namespace

TEST_CASE("what is read back of a pattern says what the pattern says") {
  std::mt19937 random(7);
  for (const Subject& subject : subjects) {
    INFO(subject.pattern);
    const std::string data = PatternFacts::write(subject.pattern, subject.ignore_case, subject.bytes, subject.literals);
    const PatternFacts facts(data);
    CHECK(facts.words().words() == RequiredWords(subject.pattern).words());
    const auto shape = PatternShape::analyse(subject.pattern, subject.ignore_case, subject.bytes);
    REQUIRE(shape);
    for (int round = 0; round < 300; ++round) {
      const std::string text = random_text(random);
      INFO(text);
      CHECK(facts.words().may_stand_in(text, subject.bytes) ==
            RequiredWords(subject.pattern).may_stand_in(text, subject.bytes));
    }
    REQUIRE(facts.around().has_value() == !subject.literals.empty());
    if (subject.literals.empty()) continue;
    const Surroundings known = *facts.around();
    const Surroundings made = *surroundings(*shape, subject.literals);
    CHECK(std::memcmp(&known, &made, sizeof known) == 0);
  }
}

TEST_CASE("of a pattern that is not understood, nothing is known") {
  const std::string data = PatternFacts::write("(?:a", false, true, {"a"});
  CHECK_FALSE(PatternFacts(data).around());
  CHECK(PatternFacts(data).words().may_stand_in("b", true));
}
