#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"

namespace launchgate::load {

// What replaces {name}.
enum class PlaceholderKind : std::uint8_t { literal, variable, id, sequence };

struct Piece {
  PlaceholderKind kind = PlaceholderKind::literal;
  std::uint32_t index = 0;  // of the variable or id
  std::string text;         // of a literal
};

// Where {name} in a template is looked up; names that neither list holds, other than "sequence", are errors.
struct PlaceholderNames {
  std::vector<std::string> variables;
  std::vector<std::string> ids;
};

struct RequestTemplate {
  std::string method;
  std::string accept;
  std::vector<Piece> path;  // with its query
  std::vector<Piece> body;  // compact JSON; empty: no body
  bool has_body = false;
  std::string shape;  // the path as the catalogue has it, for people and plans

  static base::Result<RequestTemplate> parse(const document::JsonValue& request, const PlaceholderNames& names);

  // Whether every request is the same.
  bool is_constant() const;
  bool uses(PlaceholderKind kind, std::uint32_t index) const;
};

struct Bindings {
  const std::vector<std::string>* variables = nullptr;  // by index
  const std::vector<std::string_view>* ids = nullptr;   // by index
  std::uint64_t sequence = 0;
};

// Values are percent-encoded.
void render_path(const std::vector<Piece>& pieces, const Bindings& bindings, std::string& out);
// Values are escaped as the inside of a JSON string.
void render_body(const std::vector<Piece>& pieces, const Bindings& bindings, std::string& out);

}  // namespace launchgate::load
