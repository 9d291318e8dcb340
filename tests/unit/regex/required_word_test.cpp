#include "lib/regex/required_word.hpp"

#include <catch2/catch.hpp>
#include <re2/re2.h>

#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace launchgate::regex;

TEST_CASE("the longest word of the outermost level") {
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"generally available", "generally available"}, {"(?i)GA (?:is|was) Ready", " ready"}, {"ready(?:\\b|ed)", "ready"},
      {"\\bsecret\\s*=\\s*[a-z\\]]+ tail", "secret"}, {"colou?r", "colo"}, {"abcd{2,3}efgh", "efgh"}, {"abcd*", "abc"}, {"abc{x", "{x"},
      {"a\\.b-c", "a.b-c"}, {"[[:alpha:]]xyz", "xyz"}, {"[^]]xyz", "xyz"}, {"\\x{41}xyz", "xyz"}, {"\\x41xyz", "xyz"}, {"\\p{Greek}xyz", "xyz"},
      {"\\pNxyz", "xyz"}, {"(?P<name>abc[)]|def)xyz", "xyz"}, {"(\\)abc)xyz", "xyz"}, {"caf\u00e9 noir", " noir"}};
  for (const auto& [pattern, word] : expected) {
    INFO(pattern);
    CHECK(required_word(pattern) == (word.size() < 3 ? "" : word));
  }
}

TEST_CASE("no word where none must stand") {
  for (const std::string pattern : {"", "abc|def", "(?:abc)?", "ab", "[abc]{3}", "\\Qabc\\E", "abc(", "abc[", "abc\\", "(abc)\\1", "\\d\\d\\d", "a.b.c", "[[:abc"}) {
    INFO(pattern);
    CHECK(required_word(pattern).empty());
  }
}

TEST_CASE("a word is found whatever the case of its letters, and of letters alone") {
  CHECK(holds_word("It is Generally AVAILABLE now", "generally available"));
  CHECK(holds_word("abc", ""));
  CHECK_FALSE(holds_word("abc", "abcd"));
  CHECK_FALSE(holds_word("a\x0d" "b", "a-b"));  // 0x0D is 0x2D without the bit that makes a capital small
  CHECK(holds_word("aab", "ab"));
  CHECK_FALSE(may_hold_word("task", "tusk"));
  CHECK(may_hold_word("ta\u017Fk", "task"));
  CHECK_FALSE(may_hold_word("\u017F", "xyz"));
}

TEST_CASE("a word stands in every match, on random patterns and texts") {
  std::mt19937 random(11);
  const auto pick = [&](std::size_t n) { return random() % n; };
  const auto one_of = [&](std::vector<std::string> list) { return list[pick(list.size())]; };
  const std::function<std::string(int)> expression = [&](int depth) -> std::string {
    switch (depth == 0 ? pick(3) : pick(9)) {
      case 0:
      case 1: return one_of({"abc", "bca", "ask", "a-b", "ab1"});
      case 2: return one_of({"[ab]", "[^]a]", "\\d", ".", "\\x61", "\\x{e9}", "[[:alpha:])]", "(?i:s)", "\\)", "(?i)"});
      case 3: return "(?:" + expression(depth - 1) + ")" + one_of({"*", "+", "?", "{2}", "{1,3}", "{0,2}", "{0}", "*?"});
      case 4: return "(?:" + expression(depth - 1) + "|" + expression(depth - 1) + ")";
      case 5: return one_of({"abc", "ab", "sk"}) + one_of({"*", "+", "?", "{2}", "{0,2}", "{0}"});
      case 6: return "\\b" + expression(depth - 1);
      default: return expression(depth - 1) + expression(depth - 1);
    }
  };
  int denied = 0;
  int matched = 0;
  for (int i = 0; i < 40000; ++i) {
    const std::string pattern = expression(3);
    const std::string word = required_word(pattern);
    if (word.empty()) continue;
    const re2::RE2 expression_of_it(pattern, re2::RE2::Quiet);
    if (!expression_of_it.ok()) continue;
    for (int round = 0; round < 4; ++round) {
      // Half of the texts are made to match: the word with something around it.
      std::string text = pick(2) == 0 ? word : "";
      for (std::size_t n = pick(6); n > 0; --n) text = pick(2) == 0 ? text + one_of({"a", "b", "c", "1", "ab", "abc", "K", "\u017F"}) : one_of({"a", "B", "c", "s", "ask", "\u00e9"}) + text;
      const bool matches = re2::RE2::PartialMatch(text, expression_of_it);
      const bool may = may_hold_word(text, word);
      INFO(pattern << " with " << word << " in \"" << text << '"');
      CHECK((may || !matches));
      denied += may ? 0 : 1;
      matched += matches ? 1 : 0;
    }
  }
  CHECK(denied > 1000);
  CHECK(matched > 1000);
}
