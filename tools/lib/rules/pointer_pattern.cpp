#include "lib/rules/pointer_pattern.hpp"

#include <algorithm>
#include <charconv>

namespace launchgate::rules {

using document::JsonKind;
using document::JsonValue;

namespace {

struct Child {
  JsonValue value;
  std::optional<JsonValue> key;
};

std::optional<Child> child(const JsonValue& parent, const std::string& name) {
  if (parent.is(JsonKind::object)) {
    for (const auto member : parent.members()) {
      if (member.name() == name) return Child{member.value, member.key};
    }
    return std::nullopt;
  }
  std::uint32_t index = 0;
  const char* const end = name.data() + name.size();
  const auto parsed = std::from_chars(name.data(), end, index);
  if (parsed.ec != std::errc() || parsed.ptr != end || (name.size() > 1 && name[0] == '0') || index >= parent.size())
    return std::nullopt;
  auto element = parent.elements().begin();
  for (std::uint32_t i = 0; i < index; ++i) ++element;
  return Child{*element, std::nullopt};
}

}  // namespace

base::Span pointing_span(const Place& place) {
  const bool container = place.value.is(JsonKind::object) || place.value.is(JsonKind::array);
  if (!container) return place.value.span();
  if (place.key) return place.key->span();
  const std::size_t begin = place.value.begin_offset();
  return place.value.document().source().span(begin, begin + 1);
}

std::optional<PointerPattern> PointerPattern::parse(std::string_view text) {
  PointerPattern pattern;
  pattern.text_ = text;
  std::string_view pointer = text;
  const std::size_t hash = text.find('#');
  if (hash != std::string_view::npos && text[0] != '/') {
    pattern.kind_ = text.substr(0, hash);
    pointer = text.substr(hash + 1);
    if (pattern.kind_.empty()) return std::nullopt;
  }
  const auto segments = document::split_pointer(pointer);
  if (!segments) return std::nullopt;
  for (const std::string& segment : *segments) pattern.segments_.push_back({segment == "*", segment});
  return pattern;
}

std::size_t PointerPattern::wildcards() const {
  return static_cast<std::size_t>(
      std::count_if(segments_.begin(), segments_.end(), [](const Segment& s) { return s.any; }));
}

std::size_t PointerPattern::count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::count_if(segments_.begin(), segments_.end(), [&](const Segment& s) { return !s.any && s.text == name; }));
}

PointerPattern PointerPattern::with(std::string_view name, std::string_view value) const {
  PointerPattern copy = *this;
  for (Segment& segment : copy.segments_) {
    if (!segment.any && segment.text == name) segment.text = value;
  }
  return copy;
}

void PointerPattern::walk(std::size_t depth, Place& place, const std::function<void(const Place&)>& visit) const {
  if (depth == segments_.size()) {
    visit(place);
    return;
  }
  const Segment& segment = segments_[depth];
  const JsonValue value = place.value;
  const std::optional<JsonValue> key = place.key;
  const std::size_t length = place.pointer.size();
  const auto step = [&](const JsonValue& next, const std::optional<JsonValue>& next_key, std::string_view name) {
    place.value = next;
    place.key = next_key;
    place.pointer += '/';
    place.pointer += document::escape_pointer_segment(name);
    if (segment.any) place.bound.emplace_back(name);
    walk(depth + 1, place, visit);
    if (segment.any) place.bound.pop_back();
    place.pointer.resize(length);
  };
  if (!segment.any) {
    if (const auto next = child(value, segment.text)) step(next->value, next->key, segment.text);
  } else if (value.is(JsonKind::object)) {
    for (const auto member : value.members()) step(member.value, member.key, member.name());
  } else {
    std::size_t index = 0;
    for (const JsonValue element : value.elements()) step(element, std::nullopt, std::to_string(index++));
  }
  place.value = value;
  place.key = key;
}

void PointerPattern::each(const JsonValue& root, const std::function<void(const Place&)>& visit) const {
  Place place{root, std::nullopt, {}, {}};
  walk(0, place, visit);
}

std::vector<Place> PointerPattern::find(const JsonValue& root) const {
  std::vector<Place> places;
  each(root, [&](const Place& place) { places.push_back(place); });
  return places;
}

Place PointerPattern::nearest(const JsonValue& root) const {
  Place place{root, std::nullopt, {}, {}};
  for (const Segment& segment : segments_) {
    if (segment.any) break;
    const auto next = child(place.value, segment.text);
    if (!next) break;
    place.value = next->value;
    place.key = next->key;
    place.pointer += '/' + document::escape_pointer_segment(segment.text);
  }
  return place;
}

}  // namespace launchgate::rules
