#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"
#include "lib/schema/resolver.hpp"
#include "lib/schema/schema.hpp"

namespace launchgate::schema {

// A schema rewritten for valijson's parser, which takes references, numbers and NUL characters differently than
// draft-07.
//
// It is cut into pieces: the entry is piece 0, every target of a `$ref` is one, and so is what lies too deep for a
// recursive parser. A reference to a piece is an object with the keyword `piece_keyword`, its value the piece's number.
// What stands beside `$ref` is gone, title and description excepted, which say more about this use than those of the
// target. Only keywords that constrain are kept: numeric limits together under `number_keyword`, where they stay exact;
// counts as plain integers; property names and patterns shielded. Values of `enum` and `const` are copied byte for
// byte.
struct Normalized {
  document::JsonDocument pieces;            // an array
  std::vector<document::JsonValue> origin;  // of each piece, in the documents given
};

inline constexpr std::string_view piece_keyword = "launchgate:piece";
inline constexpr std::string_view number_keyword = "launchgate:number";

// The schema must have passed lint_schema().
base::Result<Normalized> normalize(const document::JsonDocument& schema, const SchemaSettings& settings,
                                   Resolver& resolver);

// valijson keeps names as C strings: NUL becomes 0x01 '0', and 0x01 itself 0x01 '1'.
std::string shield(std::string_view name);
std::string unshield(std::string_view name);

// As a JSON string, quotes included.
void append_json_string(std::string& out, std::string_view text);

}  // namespace launchgate::schema
