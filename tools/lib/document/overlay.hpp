#pragma once

#include <string>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"

// A document that states what differs from another one.
namespace launchgate::document {

// Objects are laid over each other member by member; anything else of `own` replaces what `base` has there. Lists whose
// elements have names (rules by "id", operations by "name", and so on) are laid over by them, in the order of `base`.
// Left out of `base` are the places that the "without" of `own` lists (pointers; an element of a named list by its
// name), and what its own "ownWith" says: an object of members of `own` (a ladder, say) with the places that make sense
// with the base's alone, each with the value that stands there instead, or null.
//
// The text is that of `own`, with what is inherited put before the brackets that close its objects and lists, so that
// what `own` states keeps its place: an error is told where it was written. It is an error, at its place, when
// "without" names nothing.
base::Result<JsonDocument> overlay(const JsonDocument& own, const JsonDocument& base);

// Where one member of an overlaid document comes from, for people.
struct Origin {
  std::string pointer;
  enum class From : std::uint8_t { own, base, both, left_out } from = From::own;
};

// Those of the top and of the objects that both have, in the order of `own` and then of `base`.
std::vector<Origin> origins(const JsonDocument& own, const JsonDocument& base);

}  // namespace launchgate::document
