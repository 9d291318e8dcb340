#include "lib/io/glob.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <string>

namespace launchgate::io {
namespace {

// The meaning, spelled out without regard for cost: what the states must agree with.
bool plainly(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.starts_with("**/")) {
    if (plainly(pattern.substr(3), text)) return true;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '/' && plainly(pattern.substr(3), text.substr(i + 1))) return true;
    }
    return false;
  }
  if (pattern.starts_with("**")) {
    for (std::size_t i = 0; i <= text.size(); ++i) {
      if (plainly(pattern.substr(2), text.substr(i))) return true;
    }
    return false;
  }
  if (pattern[0] == '*') {
    for (std::size_t i = 0; i <= text.size(); ++i) {
      if (plainly(pattern.substr(1), text.substr(i))) return true;
      if (i < text.size() && text[i] == '/') return false;
    }
    return false;
  }
  if (const std::size_t close = pattern.find('}'); pattern[0] == '{' && close != std::string_view::npos) {
    std::string_view choices = pattern.substr(1, close - 1);
    while (true) {
      const std::size_t comma = choices.find(',');
      if (plainly(std::string(choices.substr(0, comma)) + std::string(pattern.substr(close + 1)), text)) return true;
      if (comma == std::string_view::npos) return false;
      choices.remove_prefix(comma + 1);
    }
  }
  if (text.empty()) return false;
  if (pattern[0] == '?') return text[0] != '/' && plainly(pattern.substr(1), text.substr(1));
  return pattern[0] == text[0] && plainly(pattern.substr(1), text.substr(1));
}

}  // namespace

TEST_CASE("A glob is matched as its meaning says, on random patterns and paths") {
  std::mt19937 random(7);
  const std::string pieces[] = {"a", "b", "/", "*", "?", "**", "**/", "{a,b}", "{a?,/b,}", "ab", "{**b,b}"};
  int matched = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string pattern;
    std::string path;
    for (auto i = random() % 5; i > 0; --i) pattern += pieces[random() % std::size(pieces)];
    for (auto i = random() % 7; i > 0; --i) path += "ab/"[random() % 3];
    INFO(pattern << " on " << path);
    REQUIRE(glob_match(pattern, path) == plainly(pattern, path));
    matched += glob_match(pattern, path) ? 1 : 0;
  }
  CHECK(matched > 1000);
}

TEST_CASE("Sets, escapes and what only looks like them") {
  CHECK(glob_match("[a-c]x", "bx"));
  CHECK_FALSE(glob_match("[!a-c]x", "bx"));
  CHECK_FALSE(glob_match("[!a]x", "/x"));
  CHECK(glob_match("[]a]x", "]x"));
  CHECK(glob_match("[ab", "[ab"));
  CHECK(glob_match("{ab", "{ab"));
  CHECK(glob_match("\\*.md", "*.md"));
  CHECK_FALSE(glob_match("\\*.md", "a.md"));
  CHECK(glob_match("a\\", "a\\"));
  CHECK(glob_match("", ""));
  CHECK_FALSE(glob_match("", "a"));
  CHECK(glob_match("{,a}b", "b"));
}

TEST_CASE("The states of a glob grow with its text, not with what it could mean") {
  // Backtracking would try more ways than there are seconds; this ends, and says the right thing.
  std::string stars;
  for (int i = 0; i < 2000; ++i) stars += "*a";
  CHECK_FALSE(glob_match(stars + "b", std::string(4000, 'a')));
  CHECK(glob_match(stars, std::string(4000, 'a')));
  std::string choices;
  for (int i = 0; i < 500; ++i) choices += "{a,aa,aaa}";
  CHECK(glob_match(choices, std::string(1000, 'a')));
  CHECK_FALSE(glob_match(choices, std::string(1600, 'a')));
}

}  // namespace launchgate::io
