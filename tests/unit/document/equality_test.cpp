#include <catch2/catch.hpp>

#include "lib/document/equality.hpp"

using namespace launchgate;

namespace {

document::JsonDocument parse(std::string text) {
  auto document = document::JsonDocument::parse("doc.json", std::move(text));
  REQUIRE(document.ok());
  return std::move(*document);
}

}  // namespace

TEST_CASE("equality is that of JSON Schema") {
  const auto document = parse(
      R"([1, 1.0, 10e-1, "1", true, 1e300, 10e299, {"a": 1, "b": [2]}, {"b": [2.0], "a": 1}, {"a": 1}, 0, false, -0.0, [], {}])");
  const auto at = [&](int i) { return *document.at("/" + std::to_string(i)); };
  for (const auto& [a, b] : {std::pair{0, 1}, {0, 2}, {5, 6}, {7, 8}, {10, 12}}) {
    CHECK(document::equal(at(a), at(b)));
    CHECK(document::hash(at(a)) == document::hash(at(b)));
  }
  for (const auto& [a, b] : {std::pair{0, 3}, {0, 4}, {7, 9}, {10, 11}, {13, 14}, {0, 5}})
    CHECK_FALSE(document::equal(at(a), at(b)));
}
