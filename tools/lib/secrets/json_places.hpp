#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"
#include "lib/rules/pack.hpp"

namespace launchgate::secrets {

// A member whose name says that its value is a secret. Offsets in the text; `begin` to `end` is the name.
struct JsonKey {
  const rules::Rule* rule = nullptr;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t value_begin = 0;
  std::size_t value_end = 0;
  std::string value;
  std::string message;
};

// A JSON text as the leak scanner sees it.
class JsonPlaces {
 public:
  // None for what is no JSON; its text is scanned nevertheless.
  static std::optional<JsonPlaces> of(const std::string& path, std::string_view text);

  // The value at an offset, as a JSON pointer; that of the member for an offset in its name.
  std::string pointer(std::size_t offset) const;

  base::Result<std::vector<JsonKey>> keys(const std::vector<const rules::Rule*>& rules) const;

 private:
  std::shared_ptr<const document::JsonDocument> document_;
};

}  // namespace launchgate::secrets
