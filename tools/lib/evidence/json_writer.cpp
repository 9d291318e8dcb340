#include "lib/evidence/json_writer.hpp"

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include "lib/base/utf8.hpp"

namespace launchgate::evidence {
namespace {

using document::JsonKind;
using document::JsonValue;

rapidjson::SizeType size_of(std::string_view text) { return static_cast<rapidjson::SizeType>(text.size()); }

template <typename Writer>
void write_text(Writer& writer, std::string_view value) {
  if (base::find_invalid_utf8(value) == std::string_view::npos) {
    writer.String(value.data(), size_of(value));
    return;
  }
  const std::string safe = base::printable(value);
  writer.String(safe.data(), size_of(safe));
}

template <typename Writer>
void write_copy(Writer& writer, const JsonValue& value) {
  switch (value.kind()) {
    case JsonKind::null:
      writer.Null();
      return;
    case JsonKind::boolean:
      writer.Bool(value.boolean());
      return;
    case JsonKind::number:
      writer.RawValue(value.number_text().data(), value.number_text().size(), rapidjson::kNumberType);
      return;
    case JsonKind::string:
      write_text(writer, value.string());
      return;
    case JsonKind::array:
      writer.StartArray();
      for (const JsonValue element : value.elements()) write_copy(writer, element);
      writer.EndArray();
      return;
    case JsonKind::object:
      writer.StartObject();
      for (const JsonValue::Member member : value.members()) {
        writer.Key(member.name().data(), size_of(member.name()));
        write_copy(writer, member.value);
      }
      writer.EndObject();
      return;
  }
}

}  // namespace

struct JsonWriter::State {
  rapidjson::StringBuffer buffer;
  rapidjson::PrettyWriter<rapidjson::StringBuffer> writer{buffer};
};

JsonWriter::JsonWriter() : state_(std::make_unique<State>()) { state_->writer.SetIndent(' ', 2); }
JsonWriter::~JsonWriter() = default;

JsonWriter& JsonWriter::begin_object() { return state_->writer.StartObject(), *this; }
JsonWriter& JsonWriter::end_object() { return state_->writer.EndObject(), *this; }
JsonWriter& JsonWriter::begin_array() { return state_->writer.StartArray(), *this; }
JsonWriter& JsonWriter::end_array() { return state_->writer.EndArray(), *this; }
JsonWriter& JsonWriter::key(std::string_view name) { return state_->writer.Key(name.data(), size_of(name)), *this; }
JsonWriter& JsonWriter::text(std::string_view value) { return write_text(state_->writer, value), *this; }
JsonWriter& JsonWriter::integer(std::int64_t value) { return state_->writer.Int64(value), *this; }
JsonWriter& JsonWriter::boolean(bool value) { return state_->writer.Bool(value), *this; }
JsonWriter& JsonWriter::null() { return state_->writer.Null(), *this; }
JsonWriter& JsonWriter::copy(const JsonValue& value) { return write_copy(state_->writer, value), *this; }

JsonWriter& JsonWriter::member(std::string_view name, const std::vector<std::string>& values) {
  key(name).begin_array();
  for (const std::string& value : values) text(value);
  return end_array();
}

std::string JsonWriter::take() { return {state_->buffer.GetString(), state_->buffer.GetSize()}; }

std::string compact(const JsonValue& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  write_copy(writer, value);
  return {buffer.GetString(), buffer.GetSize()};
}

std::string quote_json(std::string_view text) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  write_text(writer, text);
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace launchgate::evidence
