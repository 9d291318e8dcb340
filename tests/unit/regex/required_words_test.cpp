#include "lib/regex/required_words.hpp"

#include <re2/re2.h>
#include <catch2/catch.hpp>

#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace launchgate::regex;

namespace {

std::string words_of(const std::string& pattern) {
  const RequiredWords required(pattern);
  std::string all;
  for (const std::string& word : required.words()) all += (all.empty() ? "" : "|") + word;
  return all;
}

bool may_stand_in(const std::string& pattern, const std::string& text, bool bytes = false) {
  return RequiredWords(pattern).may_stand_in(text, bytes);
}

}  // namespace

TEST_CASE("the words of which the shortest is longest") {
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"generally available", "generally available"},
      {"(?i)GA (?:is|was) Ready", " ready"},
      {"ready(?:\\b|ed)", "ready"},
      {"\\bsecret\\s*=\\s*[a-z\\]]+ tail", "secret"},
      {"colou?r", "colo"},
      {"abcd{2,3}efgh", "efgh"},
      {"abcd*", "abc"},
      {"abc{xyz", "xyz"},
      {"a\\.b-c", "a.b-c"},
      {"[[:alpha:]]xyz", "xyz"},
      {"[^]]xyz", "xyz"},
      {"\\x{41}xyz", "xyz"},
      {"\\x41xyz", "xyz"},
      {"\\p{Greek}xyz", "xyz"},
      {"\\pNxyz", "xyz"},
      {"(?P<name>abc[)]|def)wxyz", "wxyz"},
      {"(\\)abc)wxyz", ")abc"},
      {"caf\u00e9 noir", " noir"},
      {"\\b(?:not|never)\\b.*?\\b(?:claim\\w*|promis\\w+)", "claim|promis"},
      {"(?:ab|cd(?:ef|gh)?)+x", "ab|cd"},
      {"abc|def", "abc|def"},
      {"(?:abc|(?:de|fg)h)", "abc|de|fg"},
      {"(?:abc|de?)fg", "fg"}};
  for (const auto& [pattern, words] : expected) {
    INFO(pattern);
    CHECK(words_of(pattern) == words);
  }
}

TEST_CASE("no word where none must stand") {
  for (const std::string pattern :
       {"", "abc|d", "(?:abc)?", "(?:abc){0,2}", "a", "[abc]{3}", "\\Qabc\\E", "abc(", "abc[", "abc\\", "(abc)\\1",
        "\\d\\d", "a.b.c", "[[:abc", "abc)", "abc|", "(?:abc|)", "(?"}) {
    INFO(pattern);
    CHECK(words_of(pattern).empty());
  }
  std::string deep(200, '(');
  CHECK(words_of(deep + "abc" + std::string(200, ')')).empty());
  std::string many = "aaa0";
  for (int i = 1; i < 100; ++i) many += "|aaa" + std::to_string(i);
  CHECK(words_of(many).empty());
}

TEST_CASE("words are found whatever the case of their letters, and of letters alone") {
  CHECK(may_stand_in("generally available", "It is Generally AVAILABLE"));
  CHECK(may_stand_in("x*", "abc"));
  CHECK_FALSE(may_stand_in("abcd", "abc"));
  CHECK_FALSE(may_stand_in("a-b",
                           "a\x0d"
                           "b"));  // 0x0D is 0x2D without the bit that makes a capital small
  CHECK(may_stand_in("ab", "aab"));
  CHECK_FALSE(may_stand_in("task", "tusk"));
  CHECK(may_stand_in("task", "ta\u017Fk"));
  CHECK_FALSE(may_stand_in("task", "ta\u017Fk", true));
  CHECK_FALSE(may_stand_in("xyz", "\u017F"));
}

TEST_CASE("one of the words stands in every match, on random patterns and texts") {
  std::mt19937 random(11);
  const auto pick = [&](std::size_t n) { return random() % n; };
  const auto one_of = [&](std::vector<std::string> list) { return list[pick(list.size())]; };
  const std::function<std::string(int)> expression = [&](int depth) -> std::string {
    switch (depth == 0 ? pick(3) : pick(9)) {
      case 0:
      case 1:
        return one_of({"abc", "bca", "ask", "a-b", "ab1"});
      case 2:
        return one_of({"[ab]", "[^]a]", "\\d", ".", "\\x61", "\\x{e9}", "[[:alpha:])]", "(?i:s)", "\\)", "(?i)"});
      case 3:
        return "(?:" + expression(depth - 1) + ")" + one_of({"*", "+", "?", "{2}", "{1,3}", "{0,2}", "{0}", "*?"});
      case 4:
        return "(?:" + expression(depth - 1) + "|" + expression(depth - 1) + ")";
      case 5:
        return one_of({"abc", "ab", "sk"}) + one_of({"*", "+", "?", "{2}", "{0,2}", "{0}"});
      case 6:
        return "\\b" + expression(depth - 1);
      default:
        return expression(depth - 1) + expression(depth - 1);
    }
  };
  int denied = 0;
  int matched = 0;
  for (int i = 0; i < 40000; ++i) {
    const std::string pattern = expression(3);
    const RequiredWords words(pattern);
    if (words.words().empty()) continue;
    const re2::RE2 expression_of_it(pattern, re2::RE2::Quiet);
    if (!expression_of_it.ok()) continue;
    for (int round = 0; round < 4; ++round) {
      // Half of the texts are made to match: a word with something around it.
      std::string text = pick(2) == 0 ? words.words()[pick(words.words().size())] : "";
      for (std::size_t n = pick(6); n > 0; --n)
        text = pick(2) == 0 ? text + one_of({"a", "b", "c", "1", "ab", "abc", "K", "\u017F"})
                            : one_of({"a", "B", "c", "s", "ask", "\u00e9"}) + text;
      const bool matches = re2::RE2::PartialMatch(text, expression_of_it);
      const bool may = words.may_stand_in(text, false);
      INFO(pattern << " with " << words_of(pattern) << " in \"" << text << '"');
      CHECK((may || !matches));
      denied += may ? 0 : 1;
      matched += matches ? 1 : 0;
    }
  }
  CHECK(denied > 1000);
  CHECK(matched > 1000);
}
