#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"
#include "lib/schema/schema.hpp"
#include "lib/schema/uri.hpp"

namespace launchgate::schema {

// Schema documents nested deeper than this (counted in JSON containers) are refused: everything that walks a schema
// recurses.
inline constexpr std::size_t schema_depth = 400;

struct LocationHash {
  std::size_t operator()(const document::JsonValue& value) const {
    return std::hash<const void*>()(&value.document()) ^ (std::size_t{value.node()} * 0x9E3779B97F4A7C15U);
  }
};

// Finds what `$ref` means (draft-07 core, section 8): base URIs from `$id`, plain-name fragments, JSON pointers, other
// documents by their URI. `$id` counts where a schema may stand only, not inside `enum`, `const` or unknown keywords,
// and not beside `$ref`.
class Resolver {
 public:
  Resolver(const document::JsonDocument& main, const SchemaSettings& settings);

  // `holder` is an object with a string member `$ref`. The error has the position of that string. Answers are kept.
  base::Result<document::JsonValue> resolve(const document::JsonValue& holder);

 private:
  struct Document {
    const document::JsonDocument* document;
    Uri uri;
    bool scanned = false;
    bool too_deep = false;
  };
  using Bases = std::unordered_map<document::JsonValue, std::size_t, LocationHash>;

  base::Result<document::JsonValue> look_up(const document::JsonValue& holder);
  std::optional<document::JsonValue> member(const document::JsonValue& object, const std::string& name);
  void scan(Document& entry);
  void scan_schema(const document::JsonValue& schema, std::size_t base);
  std::size_t intern(const Uri& uri);
  const document::JsonValue* find_resource(const std::string& uri);
  bool too_deep(const document::JsonDocument& document) const;
  base::Result<document::JsonValue> follow(const document::JsonValue& root, std::string_view pointer,
                                           std::string_view written, const document::JsonValue& reference);

  std::vector<Document> documents_;
  std::vector<Uri> uris_;
  Bases bases_;  // of every schema object seen: the base URI for references inside it
  std::map<std::string, document::JsonValue, std::less<>> resources_;
  std::map<std::string, document::JsonValue, std::less<>> anchors_;
  std::unordered_map<document::JsonValue, document::JsonValue, LocationHash> resolved_;
  // Members of large objects by name, since many references lead through one "definitions".
  std::unordered_map<document::JsonValue, std::unordered_map<std::string_view, document::JsonValue>, LocationHash>
      members_;
};

// Deepest nesting of containers in the document; iterative.
std::size_t nesting(const document::JsonDocument& document);

// Of category configuration, at the value.
base::Error schema_error(const document::JsonValue& at, std::string message, std::string help = {});

}  // namespace launchgate::schema
