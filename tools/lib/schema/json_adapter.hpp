#pragma once

// valijson's view of our documents: nothing is copied into another tree, and a frozen value is a handle. The documents
// must outlive what valijson makes of them. Included by the translator alone; valijson is slow to compile.

#include <valijson/internal/basic_adapter.hpp>
#include <valijson/internal/frozen_value.hpp>

#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "lib/document/equality.hpp"
#include "lib/document/json_document.hpp"

namespace launchgate::schema {

class JsonAdapter;
class JsonArrayIterator;
class JsonObjectIterator;

using JsonObjectMember = std::pair<std::string, JsonAdapter>;

class JsonFrozenValue : public valijson::adapters::FrozenValue {
 public:
  explicit JsonFrozenValue(const document::JsonValue& value) : value_(value) {}
  FrozenValue* clone() const override { return new JsonFrozenValue(value_); }
  bool equalTo(const valijson::adapters::Adapter& adapter, bool strict) const override;
  const document::JsonValue& value() const { return value_; }

 private:
  document::JsonValue value_;
};

class JsonArray {
 public:
  using const_iterator = JsonArrayIterator;
  JsonArray() = default;
  explicit JsonArray(const document::JsonValue& value) : value_(value) {}
  JsonArrayIterator begin() const;
  JsonArrayIterator end() const;
  std::size_t size() const { return value_ ? value_->size() : 0; }

 private:
  std::optional<document::JsonValue> value_;
};

class JsonObject {
 public:
  using const_iterator = JsonObjectIterator;
  JsonObject() = default;
  explicit JsonObject(const document::JsonValue& value) : value_(value) {}
  JsonObjectIterator begin() const;
  JsonObjectIterator end() const;
  JsonObjectIterator find(std::string_view name) const;
  std::size_t size() const { return value_ ? value_->size() : 0; }

 private:
  std::optional<document::JsonValue> value_;
};

// A default-constructed handle stands for an empty object, as in valijson's own adapters.
class JsonHandle {
 public:
  JsonHandle() = default;
  explicit JsonHandle(const document::JsonValue& value) : value_(value) {}

  valijson::adapters::FrozenValue* freeze() const { return new JsonFrozenValue(*value_); }
  opt::optional<JsonArray> getArrayOptional() const {
    return isArray() ? opt::make_optional(JsonArray(*value_)) : opt::optional<JsonArray>();
  }
  opt::optional<JsonObject> getObjectOptional() const {
    return isObject() ? opt::make_optional(value_ ? JsonObject(*value_) : JsonObject()) : opt::optional<JsonObject>();
  }
  bool getArraySize(std::size_t& result) const {
    return assign(isArray(), result, [&] { return value_->size(); });
  }
  bool getObjectSize(std::size_t& result) const {
    return assign(isObject(), result, [&] { return value_ ? value_->size() : 0; });
  }
  bool getBool(bool& result) const {
    return assign(isBool(), result, [&] { return value_->boolean(); });
  }
  bool getDouble(double& result) const {
    return assign(isDouble(), result, [&] { return value_->number(); });
  }
  bool getInteger(std::int64_t& result) const {
    return assign(isInteger(), result, [&] { return *value_->integer(); });
  }
  bool getString(std::string& result) const {
    return assign(isString(), result, [&] { return std::string(value_->string()); });
  }

  static bool hasStrictTypes() { return true; }
  bool isArray() const { return is(document::JsonKind::array); }
  bool isBool() const { return is(document::JsonKind::boolean); }
  bool isDouble() const { return isNumber() && !isInteger(); }
  bool isInteger() const { return isNumber() && value_->integer().has_value(); }
  bool isNull() const { return is(document::JsonKind::null); }
  bool isNumber() const { return is(document::JsonKind::number); }
  bool isObject() const { return !value_ || is(document::JsonKind::object); }
  bool isString() const { return is(document::JsonKind::string); }

 private:
  bool is(document::JsonKind kind) const { return value_ && value_->is(kind); }
  template <typename T, typename Get>
  static bool assign(bool right_kind, T& result, const Get& get) {
    if (right_kind) result = get();
    return right_kind;
  }

  std::optional<document::JsonValue> value_;
};

class JsonAdapter
    : public valijson::adapters::BasicAdapter<JsonAdapter, JsonArray, JsonObjectMember, JsonObject, JsonHandle> {
 public:
  JsonAdapter() = default;
  explicit JsonAdapter(const document::JsonValue& value) : BasicAdapter(JsonHandle(value)), value_(value) {}
  explicit JsonAdapter(const document::JsonDocument& document) : JsonAdapter(document.root()) {}
  const document::JsonValue& value() const { return *value_; }

 private:
  std::optional<document::JsonValue> value_;
};

class JsonArrayIterator {
 public:
  using iterator_category = std::forward_iterator_tag;
  using value_type = JsonAdapter;
  using difference_type = std::ptrdiff_t;
  using pointer = JsonAdapter*;
  using reference = JsonAdapter&;

  JsonArrayIterator() = default;
  explicit JsonArrayIterator(const document::JsonValue::ElementIterator& at) : at_(at) {}
  JsonAdapter operator*() const { return JsonAdapter(**at_); }
  valijson::adapters::DerefProxy<JsonAdapter> operator->() const {
    return valijson::adapters::DerefProxy<JsonAdapter>(**this);
  }
  bool operator==(const JsonArrayIterator& other) const { return at_ == other.at_; }
  JsonArrayIterator& operator++() {
    ++*at_;
    return *this;
  }
  JsonArrayIterator operator++(int) {
    JsonArrayIterator before = *this;
    ++*at_;
    return before;
  }
  void advance(std::ptrdiff_t steps) {
    for (; steps > 0; --steps) ++*at_;
  }

 private:
  std::optional<document::JsonValue::ElementIterator> at_;
};

class JsonObjectIterator {
 public:
  using iterator_category = std::forward_iterator_tag;
  using value_type = JsonObjectMember;
  using difference_type = std::ptrdiff_t;
  using pointer = JsonObjectMember*;
  using reference = JsonObjectMember&;

  JsonObjectIterator() = default;
  explicit JsonObjectIterator(const document::JsonValue::MemberIterator& at) : at_(at) {}
  JsonObjectMember operator*() const {
    const auto member = **at_;
    return {std::string(member.name()), JsonAdapter(member.value)};
  }
  valijson::adapters::DerefProxy<JsonObjectMember> operator->() const {
    return valijson::adapters::DerefProxy<JsonObjectMember>(**this);
  }
  bool operator==(const JsonObjectIterator& other) const { return at_ == other.at_; }
  JsonObjectIterator& operator++() {
    ++*at_;
    return *this;
  }

 private:
  std::optional<document::JsonValue::MemberIterator> at_;
};

inline bool JsonFrozenValue::equalTo(const valijson::adapters::Adapter& adapter, bool /*strict*/) const {
  const auto* other = dynamic_cast<const JsonAdapter*>(&adapter);
  return other != nullptr && document::equal(value_, other->value());
}

inline JsonArrayIterator JsonArray::begin() const {
  return value_ ? JsonArrayIterator(value_->elements().begin()) : JsonArrayIterator();
}
inline JsonArrayIterator JsonArray::end() const {
  return value_ ? JsonArrayIterator(value_->elements().end()) : JsonArrayIterator();
}
inline JsonObjectIterator JsonObject::begin() const {
  return value_ ? JsonObjectIterator(value_->members().begin()) : JsonObjectIterator();
}
inline JsonObjectIterator JsonObject::end() const {
  return value_ ? JsonObjectIterator(value_->members().end()) : JsonObjectIterator();
}
inline JsonObjectIterator JsonObject::find(std::string_view name) const {
  if (!value_) return {};
  const auto members = value_->members();
  for (auto at = members.begin(); at != members.end(); ++at) {
    if ((*at).name() == name) return JsonObjectIterator(at);
  }
  return JsonObjectIterator(members.end());
}

}  // namespace launchgate::schema

namespace valijson::adapters {

template <>
struct AdapterTraits<launchgate::schema::JsonAdapter> {
  using DocumentType = launchgate::document::JsonDocument;
  static std::string adapterName() { return "JsonAdapter"; }
};

}  // namespace valijson::adapters
