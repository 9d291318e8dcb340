#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/document/json_document.hpp"

namespace launchgate::document {

enum class JsonStyle : std::uint8_t {
  compact,   // one line, no blanks
  indented,  // two blanks a level
};

// Writes JSON front to back, members in the order of the calls; equal calls give equal bytes. A member is key() and
// then a value. What is no UTF-8 (file names are bytes) is escaped for people, and a number that is not finite becomes
// null, so that the output is always JSON.
class JsonWriter {
 public:
  explicit JsonWriter(JsonStyle style = JsonStyle::indented) : style_(style) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  JsonWriter& key(std::string_view name);

  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
  JsonWriter& value(bool flag) { return raw(flag ? "true" : "false"); }
  JsonWriter& value(std::integral auto number) { return raw(std::to_string(number)); }
  JsonWriter& value(double number);
  JsonWriter& value(const std::vector<std::string>& texts);
  // A copy of a value of another document; numbers keep their digits.
  JsonWriter& value(const JsonValue& other);
  template <typename Value>
  JsonWriter& value(const std::optional<Value>& content) {
    return content ? value(*content) : null();
  }
  JsonWriter& null() { return raw("null"); }
  // A value that is JSON already.
  JsonWriter& raw(std::string_view json);

  template <typename Value>
  JsonWriter& member(std::string_view name, const Value& content) {
    return key(name).value(content);
  }

  // Everything written, without a line break at the end.
  std::string take() { return std::move(out_); }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  void begin_value();
  void break_line();

  JsonStyle style_;
  std::string out_;
  std::size_t depth_ = 0;
  bool is_first_ = true;  // of its container
  bool after_key_ = false;
};

// The same JSON in one line without blanks.
std::string compact(const JsonValue& value);

// A text as a JSON string.
std::string json_quoted(std::string_view text);

// The inside of a JSON string (RFC 8259, section 7); ill-formed UTF-8 becomes U+FFFD.
void append_json_escaped(std::string& out, std::string_view text);
// With its quotes.
void append_json_string(std::string& out, std::string_view text);
// Digits that read back as the same number, 12 and not 12.0; null for what is not finite.
void append_json_number(std::string& out, double value);

}  // namespace launchgate::document
