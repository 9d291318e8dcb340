#include "lib/base/wrap.hpp"

#include <catch2/catch.hpp>

using launchgate::base::append_wrapped;

namespace {

std::string wrapped(std::string_view text, std::size_t column, std::size_t indent, std::size_t width) {
  std::string out;
  append_wrapped(out, text, column, indent, width);
  return out;
}

}  // namespace

TEST_CASE("lines are broken at blanks") {
  CHECK(wrapped("one two three", 0, 0, 7) == "one two\nthree\n");
  CHECK(wrapped("one two three", 0, 2, 8) == "one two\n  three\n");
  CHECK(wrapped("one two", 4, 2, 7) == "one\n  two\n");
  CHECK(wrapped("one two", 6, 2, 7) == "\n  one\n  two\n");
  CHECK(wrapped("one two three", 0, 0, 0) == "one two three\n");
  CHECK(wrapped("", 0, 0, 7) == "\n");
}

TEST_CASE("columns are code points, and a long word stands alone") {
  CHECK(wrapped("éééé ééé", 0, 0, 8) == "éééé ééé\n");
  CHECK(wrapped("a incomprehensible b", 0, 0, 5) == "a\nincomprehensible\nb\n");
}
