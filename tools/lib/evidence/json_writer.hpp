#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/document/json_document.hpp"

namespace launchgate::evidence {

// Writes indented JSON, two blanks a level, members in the order of the calls. Equal calls give equal bytes.
class JsonWriter {
 public:
  JsonWriter();
  ~JsonWriter();
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);
  // What is no UTF-8 is escaped for people, so that the output is always JSON.
  JsonWriter& text(std::string_view value);
  JsonWriter& integer(std::int64_t value);
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  // A copy of a value of another document; numbers keep their digits.
  JsonWriter& copy(const document::JsonValue& value);

  JsonWriter& member(std::string_view name, std::string_view value) { return key(name).text(value); }
  JsonWriter& member(std::string_view name, const std::string& value) { return key(name).text(value); }
  JsonWriter& member(std::string_view name, const char* value) { return key(name).text(value); }
  JsonWriter& member(std::string_view name, std::int64_t value) { return key(name).integer(value); }
  JsonWriter& member(std::string_view name, int value) { return key(name).integer(value); }
  JsonWriter& member(std::string_view name, bool value) { return key(name).boolean(value); }
  JsonWriter& member(std::string_view name, const std::vector<std::string>& values);

  // Everything written, without a line break at the end.
  std::string take();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The same JSON in one line without blanks.
std::string compact(const document::JsonValue& value);
std::string quote_json(std::string_view text);

}  // namespace launchgate::evidence
