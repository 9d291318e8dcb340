#include "lib/document/json_writer.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cmath>

#include "lib/base/utf8.hpp"

namespace launchgate::document {
namespace {

constexpr std::size_t blanks_a_level = 2;

void append_escaped(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr std::string_view named = "\"\\\b\f\n\r\t";
  constexpr std::string_view names = "\"\\bfnrt";
  out += '\\';
  if (const std::size_t at = named.find(c); at != std::string_view::npos) {
    out += names[at];
    return;
  }
  const auto byte = static_cast<unsigned char>(c);
  out += "u00";
  out += digits[byte >> 4U];
  out += digits[byte & 0xFU];
}

// Above ASCII, \uXXXX: characters of four bytes are never active.
void append_code_point(std::string& out, std::string_view sequence) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::uint32_t value = 0;
  for (const char c : sequence) {
    const auto byte = static_cast<unsigned char>(c);
    value = (byte & 0xC0U) == 0x80U ? (value << 6U) | (byte & 0x3FU) : byte & (sequence.size() == 2 ? 0x1FU : 0x0FU);
  }
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += digits[(value >> static_cast<unsigned>(shift)) & 0xFU];
}

bool is_plain(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; }

// Well-formed text. What readers of JSON would hand on to a terminal or a CI service as it is, is escaped.
void append_valid(std::string& out, std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x7F && byte != '#') {
      if (is_plain(text[at])) {
        out += text[at];
      } else {
        append_escaped(out, text[at]);
      }
      ++at;
      continue;
    }
    const std::size_t length = base::utf8_sequence_length(byte);
    const std::string_view sequence = text.substr(at, length);
    if (!base::is_active(text.substr(at))) {
      out += sequence;
    } else if (length == 1) {
      append_escaped(out, text[at]);
    } else {
      append_code_point(out, sequence);
    }
    at += length;
  }
}

}  // namespace

void append_json_escaped(std::string& out, std::string_view text) {
  while (true) {
    const std::size_t bad = base::find_invalid_utf8(text);
    append_valid(out, text.substr(0, bad));
    if (bad == std::string_view::npos) return;
    base::append_utf8(out, 0xFFFD);
    text.remove_prefix(bad + 1);
  }
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  append_json_escaped(out, text);
  out += '"';
}

void append_json_number(std::string& out, double value) {
  constexpr double exact = 9e15;  // whole numbers below it are those that they show
  if (!std::isfinite(value)) {
    out += "null";
  } else if (value == std::floor(value) && std::fabs(value) < exact) {
    out += std::to_string(static_cast<std::int64_t>(value));
  } else {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer>(buffer).Double(value);
    out.append(buffer.GetString(), buffer.GetSize());
  }
}

void JsonWriter::break_line() {
  if (style_ == JsonStyle::compact) return;
  out_ += '\n';
  out_.append(depth_ * blanks_a_level, ' ');
}

// What stands between a value, or a key, and what is before it.
void JsonWriter::begin_value() {
  if (!after_key_ && depth_ > 0) {
    if (!is_first_) out_ += ',';
    break_line();
  }
  after_key_ = false;
  is_first_ = false;
}

JsonWriter& JsonWriter::open(char bracket) {
  begin_value();
  out_ += bracket;
  ++depth_;
  is_first_ = true;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  --depth_;
  if (!is_first_) break_line();
  out_ += bracket;
  is_first_ = false;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  value(name);
  out_ += style_ == JsonStyle::compact ? ":" : ": ";
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  begin_value();
  if (base::find_invalid_utf8(text) == std::string_view::npos) {
    append_json_string(out_, text);
  } else {
    append_json_string(out_, base::printable(text));
  }
  return *this;
}

JsonWriter& JsonWriter::value(double number) {
  begin_value();
  append_json_number(out_, number);
  return *this;
}

JsonWriter& JsonWriter::value(const std::vector<std::string>& texts) {
  begin_array();
  for (const std::string& text : texts) value(text);
  return end_array();
}

JsonWriter& JsonWriter::value(const JsonValue& other) {
  switch (other.kind()) {
    case JsonKind::null:
      return null();
    case JsonKind::boolean:
      return value(other.boolean());
    case JsonKind::number:
      return raw(other.number_text());
    case JsonKind::string:
      return value(other.string());
    case JsonKind::array:
      begin_array();
      for (const JsonValue element : other.elements()) value(element);
      return end_array();
    case JsonKind::object:
      begin_object();
      for (const JsonValue::Member one : other.members()) key(one.name()).value(one.value);
      return end_object();
  }
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  begin_value();
  out_ += json;
  return *this;
}

std::string json_quoted(std::string_view text) { return JsonWriter(JsonStyle::compact).value(text).take(); }

std::string compact(const JsonValue& value) { return JsonWriter(JsonStyle::compact).value(value).take(); }

}  // namespace launchgate::document
