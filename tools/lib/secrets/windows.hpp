#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "lib/regex/pattern_shape.hpp"

namespace launchgate::secrets {

// Where a literal of a rule stands: the position in the lower 32 bits, its length above.
using LiteralPlace = std::uint64_t;

constexpr LiteralPlace literal_place(std::uint32_t position, std::uint32_t length) {
  return std::uint64_t{length} << 32U | position;
}

// A piece of text in which a match may lie.
struct Window {
  std::size_t begin;
  std::size_t end;
  bool anchored;  // a match can only begin at `begin`
};

// Disjoint windows in which every match that holds one of the literals at `places` must lie; `around` bounds a match
// relative to them, and without it the whole text is one window. The places are in no order.
void make_windows(const std::optional<regex::Surroundings>& around, std::string_view text,
                  std::vector<LiteralPlace>& places, std::vector<Window>& windows);

}  // namespace launchgate::secrets
