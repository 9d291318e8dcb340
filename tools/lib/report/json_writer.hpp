#pragma once

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include <string>
#include <string_view>

#include "lib/base/utf8.hpp"

namespace launchgate::report {

// RapidJSON's writer for texts that may be no UTF-8 (file names are bytes): those are escaped so that the output stays
// valid JSON.
class JsonWriter {
 public:
  JsonWriter() : writer_(buffer_) { writer_.SetIndent(' ', 2); }

  JsonWriter& key(std::string_view name) {
    writer_.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
    return *this;
  }
  void text(std::string_view value) {
    const std::string safe =
        base::find_invalid_utf8(value) == std::string_view::npos ? std::string(value) : base::printable(value);
    writer_.String(safe.data(), static_cast<rapidjson::SizeType>(safe.size()));
  }
  void text(std::string_view name, std::string_view value) { key(name).text(value); }
  void number(std::string_view name, std::uint64_t value) { key(name).writer_.Uint64(value); }
  void boolean(std::string_view name, bool value) { key(name).writer_.Bool(value); }
  void open_object() { writer_.StartObject(); }
  void close_object() { writer_.EndObject(); }
  void open_array() { writer_.StartArray(); }
  void close_array() { writer_.EndArray(); }

  std::string take() { return std::string(buffer_.GetString(), buffer_.GetSize()) + "\n"; }

 private:
  rapidjson::StringBuffer buffer_;
  rapidjson::PrettyWriter<rapidjson::StringBuffer> writer_;
};

}  // namespace launchgate::report
