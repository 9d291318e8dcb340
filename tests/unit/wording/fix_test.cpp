#include <catch2/catch.hpp>

#include "wording/checks.hpp"

using namespace launchgate;
using namespace launchgate::wording;

TEST_CASE("replacements touch nothing but their bytes") {
  const std::string text = "a bad word\r\nand a bad one\n";
  const Fixed fixed = apply(text, {{{18, 21}, "good", "p/r"}, {{2, 5}, "good", "p/r"}});
  CHECK(fixed.text == "a good word\r\nand a good one\n");
  CHECK(fixed.applied == 2);
  CHECK(apply(text, {}).text == text);
  CHECK(apply(text, {{{0, 26}, "", "p/r"}}).text.empty());
}

TEST_CASE("where two rules disagree, nothing is replaced") {
  const std::string text = "white listed";
  const Fixed fixed = apply(text, {{{0, 5}, "allow", "p/a"}, {{0, 12}, "permitted", "p/b"}});
  CHECK(fixed.text == text);
  CHECK(fixed.applied == 0);
  CHECK(apply(text, {{{0, 5}, "x", "p/a"}, {{0, 5}, "y", "p/b"}}).applied == 0);
  // The same replacement twice is one.
  CHECK(apply(text, {{{0, 5}, "x", "p/a"}, {{0, 5}, "x", "p/b"}}).text == "x listed");
  // Neighbours do not overlap.
  CHECK(apply(text, {{{0, 5}, "x", "p/a"}, {{5, 6}, "", "p/b"}}).text == "xlisted");
}
