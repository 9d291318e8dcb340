#include "lib/schema/normalize.hpp"

#include <unordered_map>

#include "lib/base/utf8.hpp"
#include "lib/document/decimal.hpp"
#include "lib/schema/formats.hpp"
#include "lib/schema/keywords.hpp"

namespace launchgate::schema {
namespace {

using document::Decimal;
using document::JsonDocument;
using document::JsonKind;
using document::JsonValue;

constexpr int piece_depth = 12;  // levels of schemas that valijson's recursive parser is given at once

class Normalizer {
 public:
  Normalizer(const SchemaSettings& settings, Resolver& resolver) : settings_(settings), resolver_(resolver) {}

  base::Result<Normalized> run(const JsonValue& entry);

 private:
  std::size_t piece(const JsonValue& schema);
  void write_schema(const JsonValue& schema, int depth);
  void write_reference(const JsonValue& holder, std::size_t target);
  void write_keyword(const Keyword& keyword, const JsonValue& value, int depth);
  void write_map(const JsonValue& map, int depth);
  void write_names(const JsonValue& names);
  void write_numbers(const JsonValue& schema);
  void write_key(std::string_view key, bool& first);

  const SchemaSettings& settings_;
  Resolver& resolver_;
  std::string out_;
  std::vector<JsonValue> pieces_;
  std::unordered_map<JsonValue, std::size_t, LocationHash> numbers_;
};

std::size_t Normalizer::piece(const JsonValue& schema) {
  const auto [place, added] = numbers_.emplace(schema, pieces_.size());
  if (added) pieces_.push_back(schema);
  return place->second;
}

base::Result<Normalized> Normalizer::run(const JsonValue& entry) {
  piece(entry);
  out_ = "[";
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    if (i > 0) out_ += ',';
    const JsonValue schema = pieces_[i];  // the vector grows below
    write_schema(schema, 0);
  }
  out_ += ']';
  document::JsonLimits limits;
  limits.depth = document::JsonLimits{}.depth + schema_depth;  // enum values may be as deep as a document
  auto pieces = JsonDocument::parse(entry.document().path(), std::move(out_), limits);
  if (!pieces) return std::move(pieces).error();
  return Normalized{std::move(*pieces), std::move(pieces_)};
}

void Normalizer::write_key(std::string_view key, bool& first) {
  if (!first) out_ += ',';
  first = false;
  append_json_string(out_, key);
  out_ += ':';
}

void Normalizer::write_reference(const JsonValue& holder, std::size_t target) {
  bool first = true;
  out_ += '{';
  for (const auto member : holder.members()) {
    const bool says_what_it_is = member.name() == "title" || member.name() == "description";
    if (!says_what_it_is || !member.value.is(JsonKind::string)) continue;
    write_key(member.name(), first);
    out_ += member.value.raw();
  }
  write_key(piece_keyword, first);
  out_ += std::to_string(target) + "}";
}

void Normalizer::write_schema(const JsonValue& schema, int depth) {
  if (schema.is(JsonKind::boolean)) {
    out_ += schema.boolean() ? "true" : "false";
    return;
  }
  if (schema.find("$ref")) {
    // The linter has resolved every reference before.
    write_reference(schema, piece(*resolver_.resolve(schema)));
    return;
  }
  if (depth == piece_depth) {
    write_reference(schema, piece(schema));
    return;
  }
  bool first = true;
  bool has_numbers = false;
  out_ += '{';
  for (const auto member : schema.members()) {
    const Keyword* keyword = find_keyword(member.name());
    const bool read =
        keyword != nullptr && (!keyword->annotation || keyword->name == "title" || keyword->name == "description");
    if (!read) continue;
    if (keyword->shape == Shape::number || keyword->shape == Shape::positive_number) {
      has_numbers = true;
    } else if (keyword->shape == Shape::format && (!settings_.formats || !format_from(member.value.string()))) {
      continue;
    } else {
      write_key(keyword->name, first);
      write_keyword(*keyword, member.value, depth);
    }
  }
  if (has_numbers) {
    write_key(number_keyword, first);
    write_numbers(schema);
  }
  out_ += '}';
}

void Normalizer::write_numbers(const JsonValue& schema) {
  bool first = true;
  out_ += '{';
  for (const auto member : schema.members()) {
    const Keyword* keyword = find_keyword(member.name());
    if (keyword == nullptr || (keyword->shape != Shape::number && keyword->shape != Shape::positive_number)) continue;
    write_key(keyword->name, first);
    out_ += member.value.raw();
  }
  out_ += '}';
}

void Normalizer::write_keyword(const Keyword& keyword, const JsonValue& value, int depth) {
  switch (keyword.shape) {
    case Shape::schema:
      write_schema(value, depth + 1);
      break;
    case Shape::schema_or_schemas:
    case Shape::schemas: {
      if (!value.is(JsonKind::array)) {
        write_schema(value, depth + 1);
        break;
      }
      bool first = true;
      out_ += '[';
      for (const JsonValue element : value.elements()) {
        if (!first) out_ += ',';
        first = false;
        write_schema(element, depth + 1);
      }
      out_ += ']';
      break;
    }
    case Shape::schema_map:
    case Shape::pattern_map:
    case Shape::dependencies:
      write_map(value, depth);
      break;
    case Shape::names:
      write_names(value);
      break;
    case Shape::pattern:
      append_json_string(out_, shield(value.string()));
      break;
    case Shape::count: {
      // A limit beyond 2^63 is as good as the largest there is.
      const auto count = value.integer();
      out_ += std::to_string(count ? *count : INT64_MAX);
      break;
    }
    default:
      out_ += value.raw();
      break;
  }
}

void Normalizer::write_map(const JsonValue& map, int depth) {
  bool first = true;
  out_ += '{';
  for (const auto entry : map.members()) {
    write_key(shield(entry.name()), first);
    if (entry.value.is(JsonKind::array)) {
      write_names(entry.value);
    } else {
      write_schema(entry.value, depth + 1);
    }
  }
  out_ += '}';
}

void Normalizer::write_names(const JsonValue& names) {
  bool first = true;
  out_ += '[';
  for (const JsonValue name : names.elements()) {
    if (!first) out_ += ',';
    first = false;
    append_json_string(out_, shield(name.string()));
  }
  out_ += ']';
}

}  // namespace

base::Result<Normalized> normalize(const JsonDocument& schema, const SchemaSettings& settings, Resolver& resolver) {
  const auto entry = schema.at(settings.entry);
  if (!entry || (!entry->is(JsonKind::object) && !entry->is(JsonKind::boolean))) {
    return schema_error(schema.root(), "the schema has no subschema at " + base::printable(settings.entry));
  }
  return Normalizer(settings, resolver).run(*entry);
}

std::string shield(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '\0') {
      out +=
          "\x01"
          "0";
    } else if (c == '\x01') {
      out +=
          "\x01"
          "1";
    } else {
      out += c;
    }
  }
  return out;
}

std::string unshield(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '\x01' && i + 1 < name.size()) {
      out += name[++i] == '0' ? '\0' : '\x01';
    } else {
      out += name[i];
    }
  }
  return out;
}

void append_json_string(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += digits[byte >> 4U];
      out += digits[byte & 0xFU];
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace launchgate::schema
