#include "lib/document/json_document.hpp"

#include <charconv>
#include <cstdlib>

#include "lib/document/decimal.hpp"

namespace launchgate::document {

std::string_view kind_name(JsonKind kind) {
  switch (kind) {
    case JsonKind::null:
      return "null";
    case JsonKind::boolean:
      return "boolean";
    case JsonKind::number:
      return "number";
    case JsonKind::string:
      return "string";
    case JsonKind::array:
      return "array";
    case JsonKind::object:
      return "object";
  }
  return "value";
}

JsonKind JsonValue::kind() const { return document_->node(node_).kind; }

bool JsonValue::boolean() const {
  return is(JsonKind::boolean) && document_->source().text()[document_->node(node_).begin] == 't';
}

std::string_view JsonValue::string() const {
  return is(JsonKind::string) ? document_->string_at(node_) : std::string_view();
}

std::string_view JsonValue::number_text() const { return is(JsonKind::number) ? raw() : std::string_view(); }

double JsonValue::number() const {
  const std::string_view text = number_text();
  double value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec == std::errc::result_out_of_range) return std::strtod(std::string(text).c_str(), nullptr);
  return value;
}

std::optional<std::int64_t> JsonValue::integer() const {
  if (!is(JsonKind::number)) return std::nullopt;
  return Decimal::parse(number_text()).to_int64();
}

std::uint32_t JsonValue::size() const {
  const auto& node = document_->node(node_);
  return node.kind == JsonKind::array || node.kind == JsonKind::object ? node.extra : 0;
}

JsonValue::Range<JsonValue::MemberIterator> JsonValue::members() const {
  const std::uint32_t first = node_ + 1;
  const std::uint32_t last = is(JsonKind::object) ? document_->node(node_).next : first;
  return {{*document_, first}, {*document_, last}};
}

JsonValue::Range<JsonValue::ElementIterator> JsonValue::elements() const {
  const std::uint32_t first = node_ + 1;
  const std::uint32_t last = is(JsonKind::array) ? document_->node(node_).next : first;
  return {{*document_, first}, {*document_, last}};
}

std::optional<JsonValue> JsonValue::find(std::string_view key) const {
  for (const Member member : members()) {
    if (member.name() == key) return member.value;
  }
  return std::nullopt;
}

std::string_view JsonValue::string_member(std::string_view key) const {
  const auto value = find(key);
  return value ? value->string() : std::string_view();
}

std::size_t JsonValue::begin_offset() const { return document_->node(node_).begin; }
std::size_t JsonValue::end_offset() const { return document_->node(node_).end; }
base::Span JsonValue::span() const { return document_->source().span(begin_offset(), end_offset()); }

std::string_view JsonValue::raw() const {
  return document_->source().text().substr(begin_offset(), end_offset() - begin_offset());
}

std::string JsonValue::pointer() const {
  std::string text;
  JsonValue at = document_->root();
  const auto holds = [&](const JsonValue& value) {
    return value.node_ <= node_ && node_ < document_->node(value.node_).next;
  };
  while (at.node_ != node_) {
    bool found = false;
    if (at.is(JsonKind::object)) {
      for (const Member member : at.members()) {
        if (member.key.node_ == node_ || holds(member.value)) {
          text += '/' + escape_pointer_segment(member.name());
          if (member.key.node_ == node_) return text;
          at = member.value;
          found = true;
          break;
        }
      }
    } else {
      std::size_t index = 0;
      for (const JsonValue element : at.elements()) {
        if (holds(element)) {
          text += '/' + std::to_string(index);
          at = element;
          found = true;
          break;
        }
        ++index;
      }
    }
    if (!found) return text;
  }
  return text;
}

std::string_view JsonDocument::string_at(std::uint32_t index) const {
  const Node& node = nodes_[index];
  if (node.extra != 0) {
    const auto [offset, length] = decoded_[node.extra - 1];
    return std::string_view(decoded_text_).substr(offset, length);
  }
  return source_->text().substr(node.begin + 1, node.end - node.begin - 2);
}

std::optional<JsonValue> JsonDocument::at(std::string_view pointer) const {
  const auto segments = split_pointer(pointer);
  if (!segments) return std::nullopt;
  JsonValue value = root();
  for (const std::string& segment : *segments) {
    std::optional<JsonValue> next;
    if (value.is(JsonKind::object)) {
      next = value.find(segment);
    } else if (value.is(JsonKind::array) && !segment.empty() && (segment == "0" || segment[0] != '0')) {
      std::uint32_t index = 0;
      const auto parsed = std::from_chars(segment.data(), segment.data() + segment.size(), index);
      if (parsed.ec == std::errc() && parsed.ptr == segment.data() + segment.size() && index < value.size()) {
        auto element = value.elements().begin();
        for (std::uint32_t i = 0; i < index; ++i) ++element;
        next = *element;
      }
    }
    if (!next) return std::nullopt;
    value = *next;
  }
  return value;
}

std::string escape_pointer_segment(std::string_view segment) {
  std::string text;
  for (const char c : segment) {
    if (c == '~') {
      text += "~0";
    } else if (c == '/') {
      text += "~1";
    } else {
      text += c;
    }
  }
  return text;
}

std::optional<std::vector<std::string>> split_pointer(std::string_view pointer) {
  std::vector<std::string> segments;
  if (pointer.empty()) return segments;
  if (pointer[0] != '/') return std::nullopt;
  std::string segment;
  for (std::size_t i = 1; i <= pointer.size(); ++i) {
    if (i == pointer.size() || pointer[i] == '/') {
      segments.push_back(std::move(segment));
      segment.clear();
    } else if (pointer[i] == '~' && i + 1 < pointer.size() && (pointer[i + 1] == '0' || pointer[i + 1] == '1')) {
      segment += pointer[i + 1] == '0' ? '~' : '/';
      ++i;
    } else {
      segment += pointer[i];
    }
  }
  return segments;
}

}  // namespace launchgate::document
