#pragma once

// valijson's view of one subschema: the keywords that it can express, and each
// subschema inside as nothing but an "id", the place in the document. So its
// parser takes one subschema at a time, and what it cannot express (references,
// numbers without rounding, depth) stays outside of it. Included by the
// compiler alone; valijson is slow to compile.

#include <valijson/internal/basic_adapter.hpp>
#include <valijson/internal/frozen_value.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/document/json_document.hpp"
#include "lib/schema/formats.hpp"
#include "lib/schema/keywords.hpp"

namespace launchgate::schema {

// valijson keeps names as C strings: NUL becomes 0x01 '0', and 0x01 itself 0x01
// '1'.
inline std::string shield(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '\0' || c == '\x01') {
      out += '\x01';
      out += c == '\0' ? '0' : '1';
    } else {
      out += c;
    }
  }
  return out;
}

template <typename Name>
std::string unshield(const Name& name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool shielded = name[i] == '\x01' && i + 1 < name.size();
    if (shielded) ++i;
    out += !shielded ? name[i] : name[i] == '0' ? '\0' : '\x01';
  }
  return out;
}

// What a value of the schema's document is to valijson.
enum class Role : std::uint8_t {
  schema,    // the one to be parsed
  child,     // a schema inside
  children,  // an array of those
  map,       // an object of those, or of lists of names
  id,        // where a child stands
  value,
};

class SchemaAdapter;
class SchemaElements : public std::vector<SchemaAdapter> {
 public:
  // valijson asks it to advance, although no array is reached by a pointer
  // here.
  class const_iterator {
   public:
    explicit const_iterator(const SchemaAdapter* at) : at_(at) {}
    const SchemaAdapter& operator*() const { return *at_; }
    const_iterator& operator++();
    const_iterator operator++(int);
    void advance(std::ptrdiff_t steps);
    bool operator==(const const_iterator&) const = default;

   private:
    const SchemaAdapter* at_;
  };
  const_iterator begin() const { return const_iterator(data()); }
  const_iterator end() const;
};
struct SchemaMembers : std::vector<std::pair<std::string, SchemaAdapter>> {
  const_iterator find(std::string_view name) const;
};

class FrozenPlace : public valijson::adapters::FrozenValue {
 public:
  explicit FrozenPlace(const document::JsonValue& value) : value_(value) {}
  FrozenValue* clone() const override { return new FrozenPlace(value_); }
  // valijson's own validator is never used.
  bool equalTo(const valijson::adapters::Adapter& /*other*/, bool /*strict*/) const override { return false; }
  const document::JsonValue& value() const { return value_; }

 private:
  document::JsonValue value_;
};

class SchemaHandle {
 public:
  SchemaHandle(const document::JsonValue& value, Role role) : value_(value), role_(role) {}

  valijson::adapters::FrozenValue* freeze() const { return new FrozenPlace(value_); }
  opt::optional<SchemaElements> getArrayOptional() const;
  opt::optional<SchemaMembers> getObjectOptional() const;
  bool getArraySize(std::size_t& size) const {
    size = value_.size();
    return isArray();
  }
  // Never 0: valijson takes what is empty for a value of every kind.
  bool getObjectSize(std::size_t& size) const {
    size = 1;
    return isObject();
  }
  bool getBool(bool& result) const {
    result = value_.boolean();
    return isBool();
  }
  bool getDouble(double& /*result*/) const { return false; }
  // Only counts are asked for, and one beyond 2^63 is as good as the largest
  // there is.
  bool getInteger(std::int64_t& result) const {
    result = value_.integer().value_or(INT64_MAX);
    return isInteger();
  }
  bool getString(std::string& result) const {
    result = role_ == Role::id ? std::to_string(value_.node()) : shield(value_.string());
    return isString();
  }

  static bool hasStrictTypes() { return true; }
  bool isArray() const { return role_ == Role::children || is(document::JsonKind::array); }
  bool isBool() const { return is(document::JsonKind::boolean); }
  bool isDouble() const { return false; }
  bool isInteger() const { return is(document::JsonKind::number); }
  bool isNull() const { return is(document::JsonKind::null); }
  bool isNumber() const { return isInteger(); }
  bool isObject() const {
    return role_ == Role::schema || role_ == Role::child || role_ == Role::map || is(document::JsonKind::object);
  }
  bool isString() const { return role_ == Role::id || is(document::JsonKind::string); }

 private:
  bool is(document::JsonKind kind) const { return role_ == Role::value && value_.is(kind); }

  document::JsonValue value_;
  Role role_;
};

class SchemaAdapter : public valijson::adapters::BasicAdapter<SchemaAdapter, SchemaElements, SchemaMembers::value_type,
                                                              SchemaMembers, SchemaHandle> {
 public:
  SchemaAdapter(const document::JsonValue& value, Role role) : BasicAdapter(SchemaHandle(value, role)), value_(value) {}
  explicit SchemaAdapter(const document::JsonDocument& document) : SchemaAdapter(document.root(), Role::schema) {}
  const document::JsonValue& value() const { return value_; }

 private:
  document::JsonValue value_;
};

inline SchemaElements::const_iterator& SchemaElements::const_iterator::operator++() {
  ++at_;
  return *this;
}
inline SchemaElements::const_iterator SchemaElements::const_iterator::operator++(int) { return const_iterator(at_++); }
inline void SchemaElements::const_iterator::advance(std::ptrdiff_t steps) { at_ += steps; }
inline SchemaElements::const_iterator SchemaElements::end() const { return const_iterator(data() + size()); }

inline SchemaMembers::const_iterator SchemaMembers::find(std::string_view name) const {
  return std::find_if(begin(), end(), [&](const auto& member) { return member.first == name; });
}

inline opt::optional<SchemaElements> SchemaHandle::getArrayOptional() const {
  if (!isArray()) return {};
  SchemaElements elements;
  for (const document::JsonValue element : value_.elements())
    elements.emplace_back(element, role_ == Role::children ? Role::child : Role::value);
  return elements;
}

inline Role role_of(const Keyword& keyword, const document::JsonValue& value) {
  switch (keyword.shape) {
    case Shape::schema:
    case Shape::schemas:
    case Shape::schema_or_schemas:
      return value.is(document::JsonKind::array) ? Role::children : Role::child;
    case Shape::schema_map:
    case Shape::pattern_map:
    case Shape::dependencies:
      return Role::map;
    default:
      return Role::value;
  }
}

inline bool is_numeric(const Keyword& keyword) {
  return keyword.shape == Shape::number || keyword.shape == Shape::positive_number;
}

inline opt::optional<SchemaMembers> SchemaHandle::getObjectOptional() const {
  if (!isObject()) return {};
  SchemaMembers members;
  if (role_ == Role::child) members.emplace_back("id", SchemaAdapter(value_, Role::id));
  if (role_ != Role::schema && role_ != Role::map) return members;
  for (const auto member : value_.members()) {
    if (role_ == Role::map) {
      const bool names = member.value.is(document::JsonKind::array);
      members.emplace_back(shield(member.name()), SchemaAdapter(member.value, names ? Role::value : Role::child));
      continue;
    }
    const Keyword* const keyword = find_keyword(member.name());
    if (keyword == nullptr || keyword->annotation || is_numeric(*keyword)) continue;
    if (keyword->shape == Shape::format && !format_from(member.value.string())) continue;
    members.emplace_back(keyword->name, SchemaAdapter(member.value, role_of(*keyword, member.value)));
  }
  return members;
}

}  // namespace launchgate::schema

namespace valijson::adapters {

template <>
struct AdapterTraits<launchgate::schema::SchemaAdapter> {
  using DocumentType = launchgate::document::JsonDocument;
  static std::string adapterName() { return "SchemaAdapter"; }
};

}  // namespace valijson::adapters
