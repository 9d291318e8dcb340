#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lib/document/json_document.hpp"

// Changes single members of a JSON text and leaves every other byte as it is.
namespace launchgate::record {

struct TextEdit {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string text;
};

// Sets `name` in `object` to `json`, a JSON text indented from column 0 by two blanks a level. An existing value is
// replaced, a new member goes to the end, both with the indentation that stands around them; an object in one line
// stays in one line.
TextEdit set_member(const document::JsonValue& object, std::string_view name, std::string_view json);

// Edits must not overlap; two insertions at one place keep their order.
std::string apply_edits(std::string_view text, std::vector<TextEdit> edits);

}  // namespace launchgate::record
