#include "load/core/json_writer.hpp"

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cmath>

#include "lib/base/utf8.hpp"

namespace launchgate::load {

struct JsonWriter::Impl {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> compact{buffer};
  rapidjson::PrettyWriter<rapidjson::StringBuffer> indented{buffer};
  bool pretty = false;

  template <typename Use>
  void with(Use use) {
    if (pretty) {
      use(indented);
    } else {
      use(compact);
    }
  }
};

JsonWriter::JsonWriter(bool pretty) : impl_(std::make_unique<Impl>()) {
  impl_->pretty = pretty;
  impl_->indented.SetIndent(' ', 2);
}
JsonWriter::~JsonWriter() = default;

JsonWriter& JsonWriter::object() {
  impl_->with([](auto& w) { w.StartObject(); });
  return *this;
}
JsonWriter& JsonWriter::end_object() {
  impl_->with([](auto& w) { w.EndObject(); });
  return *this;
}
JsonWriter& JsonWriter::array() {
  impl_->with([](auto& w) { w.StartArray(); });
  return *this;
}
JsonWriter& JsonWriter::end_array() {
  impl_->with([](auto& w) { w.EndArray(); });
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  impl_->with([&](auto& w) { w.Key(name.data(), static_cast<rapidjson::SizeType>(name.size())); });
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  std::string escaped;
  if (base::find_invalid_utf8(text) != std::string_view::npos) {
    escaped = base::printable(text);
    text = escaped;
  }
  impl_->with([&](auto& w) { w.String(text.data(), static_cast<rapidjson::SizeType>(text.size())); });
  return *this;
}

JsonWriter& JsonWriter::value(bool flag) {
  impl_->with([&](auto& w) { w.Bool(flag); });
  return *this;
}

JsonWriter& JsonWriter::value(double number) {
  if (!std::isfinite(number)) return null();
  // 12 and not 12.0, where nothing is lost.
  if (number == std::floor(number) && std::fabs(number) < 9e15) return integer(static_cast<std::int64_t>(number));
  impl_->with([&](auto& w) { w.Double(number); });
  return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t number) {
  impl_->with([&](auto& w) { w.Int64(number); });
  return *this;
}

JsonWriter& JsonWriter::natural(std::uint64_t number) {
  impl_->with([&](auto& w) { w.Uint64(number); });
  return *this;
}

JsonWriter& JsonWriter::null() {
  impl_->with([](auto& w) { w.Null(); });
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  impl_->with([&](auto& w) { w.RawValue(json.data(), json.size(), rapidjson::kObjectType); });
  return *this;
}

std::string JsonWriter::take() { return {impl_->buffer.GetString(), impl_->buffer.GetSize()}; }

}  // namespace launchgate::load
