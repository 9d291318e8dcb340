#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"

namespace launchgate::document {

struct ReadOptions {
  std::string_view guide = {};  // what to do about an error of which nothing better is known
  bool leave_unknown = false;   // to the schema that the document satisfies; finish() refuses nothing
};

// Reads the members of one object strictly. Every accessor notes the name that it asks for; finish() refuses what
// nobody asked for. The first error, with its position, is kept, and after it a loader reads straight on with empty
// values and looks once.
class ObjectReader {
 public:
  // `what` is for messages: "rule", "route", "boundary". `error` is shared by all readers of a document.
  ObjectReader(JsonValue object, std::string what, std::optional<base::Error>& error, ReadOptions options = {});

  bool has(std::string_view name) const { return object_.find(name).has_value(); }
  std::optional<JsonValue> value(std::string_view name);
  std::optional<JsonValue> required(std::string_view name);
  std::optional<JsonValue> value(std::string_view name, JsonKind kind, bool required);

  std::string text(std::string_view name);                        // required, not blank
  std::string text(std::string_view name, std::string fallback);  // any
  std::string optional_text(std::string_view name) { return text(name, std::string()); }
  bool flag(std::string_view name);           // false when absent
  bool required_flag(std::string_view name);  // true or false
  // Whole numbers, "1.0" and "1e2" included.
  std::optional<std::int64_t> optional_integer(std::string_view name, std::int64_t least, std::int64_t most);
  std::int64_t integer(std::string_view name, std::int64_t least, std::int64_t most);  // required
  std::optional<std::uint32_t> count(std::string_view name);                           // at most a billion
  std::optional<double> optional_number(std::string_view name, double least, double most);
  double number(std::string_view name, double fallback, double least, double most);
  std::vector<std::string> texts(std::string_view name,
                                 bool required);  // at least one when present, none blank, all different
  std::vector<std::string> strings(std::string_view name, bool required);  // any
  // Index into `words`; `fallback` when absent, an error when absent without one.
  std::size_t one_of(std::string_view name, const std::vector<std::string>& words, std::optional<std::size_t> fallback);

  // A nested object; `read` is not called when it is absent.
  template <typename Read>
  void object(std::string_view name, std::string what, bool required, const Read& read) {
    if (const auto found = value(name, JsonKind::object, required)) read_nested(*found, std::move(what), read);
  }
  // An array of objects.
  template <typename Read>
  void objects(std::string_view name, const std::string& what, bool required, const Read& read) {
    each(name, required, [&](const JsonValue& element) { read_nested(element, what, read); });
  }
  // An array, element by element, until the first error.
  void each(std::string_view name, bool required, const std::function<void(const JsonValue&)>& use);
  // An object whose names are data, member by member, until the first error.
  void members(std::string_view name, bool required, const std::function<void(const JsonValue::Member&)>& use);

  void finish();

  // Keeps an error, at a place or at the object, unless there is one already.
  void refuse(const JsonValue& at, std::string message, std::string help = {});
  void refuse(std::string message, std::string help = {}) { refuse(object_, std::move(message), std::move(help)); }
  void refuse(base::Error error);
  // Refuses a field that looks like one of those that are missing; whether there is one. "It lacks pattern" would hide
  // the "patern" that stands there.
  bool refuse_misspelt(const std::vector<std::string>& missing);
  bool failed() const { return error_->has_value(); }
  const JsonValue& object() const { return object_; }

  // A reader of another object of the same document.
  ObjectReader at(const JsonValue& object, std::string what) const {
    return {object, std::move(what), *error_, options_};
  }

 protected:
  std::optional<base::Error>& shared_error() const { return *error_; }

 private:
  template <typename Read>
  void read_nested(const JsonValue& at, std::string what, const Read& read) {
    ObjectReader nested(at, std::move(what), *error_, options_);
    read(nested);
    nested.finish();
  }
  void refuse_unknown(const JsonValue& key, std::string_view name, std::string help);

  JsonValue object_;
  std::string what_;
  std::optional<base::Error>* error_;
  ReadOptions options_;
  std::vector<std::string> known_;
};

}  // namespace launchgate::document
