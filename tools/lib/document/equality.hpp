#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "lib/document/json_document.hpp"

namespace launchgate::document {

// Equality as JSON Schema means it (draft-07 core, section 4.2.3): 1 equals 1.0, the order of members does not matter,
// false and 0 differ. compare() is a total order consistent with it; hash() agrees with it too. Values nested deeper
// than 2,000 levels are compared by their text from there on.
std::strong_ordering compare(const JsonValue& a, const JsonValue& b);
bool equal(const JsonValue& a, const JsonValue& b);
std::uint64_t hash(const JsonValue& value);

struct Duplicate {
  std::uint32_t first;
  std::uint32_t again;
};

// Elements that equal an earlier one, in order, at most `most`; `total` counts all. Sorts by hash and then by
// compare(), so that colliding hashes cost no more than O(n log n) comparisons.
std::vector<Duplicate> find_duplicates(const JsonValue& array, std::size_t most, std::size_t& total);

// By value; both as RFC 8259 writes them.
std::strong_ordering compare_numbers(std::string_view a, std::string_view b);

// The value of an integer written as at most 18 digits; none for every other spelling.
std::optional<std::int64_t> plain_integer(std::string_view number);

}  // namespace launchgate::document
