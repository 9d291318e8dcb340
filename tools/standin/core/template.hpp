#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"

namespace launchgate::standin {

// A value for a placeholder: text, or JSON as it stands.
struct Value {
  enum class Kind { text, json } kind = Kind::text;
  std::string text;
};

// A response body with placeholders. In JSON a string that is nothing but "{{name}}" is replaced by the value whatever
// its type; inside a longer string, and in plain text, the value's text is inserted (escaped in JSON).
class Template {
 public:
  static Template from_json(const document::JsonValue& value);
  static Template from_text(std::string_view text);

  using Lookup = std::function<Value(std::string_view name)>;
  void render(std::string& out, const Lookup& lookup) const;

  // The placeholders in use, for checking them when a description is loaded.
  std::vector<std::string> names() const;

 private:
  enum class Place { whole, inside, plain };
  struct Piece {
    std::string literal;  // before the placeholder
    std::string name;     // empty: none follows
    Place place = Place::whole;
  };

  void add_text(std::string_view text, Place place);

  std::vector<Piece> pieces_;
  std::string tail_;
};

}  // namespace launchgate::standin
