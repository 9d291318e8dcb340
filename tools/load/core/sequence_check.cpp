#include "load/core/sequence_check.hpp"

#include "lib/document/json_document.hpp"

namespace launchgate::load {

EventPlaces::Reading EventPlaces::read(std::string_view data, EventPlace& place) {
  Remembered& slot = recent_[std::hash<std::string_view>{}(data) % recent_.size()];
  if (slot.data != data || data.empty()) {
    slot.reading = parse(data, slot.place);
    slot.data.assign(data.substr(0, 16UL * 1024));  // longer ones never compare equal and are read each time
  }
  place = slot.place;
  return slot.reading;
}

EventPlaces::Reading EventPlaces::parse(std::string_view data, EventPlace& place) {
  place = {};
  const auto document = document::JsonDocument::parse_keeping_duplicates("", std::string(data));
  if (!document) return Reading::malformed;
  const auto group = document->at(group_pointer_);
  const auto number = document->at(number_pointer_);
  const auto value = number ? number->integer() : std::nullopt;
  if (!value || *value < 0 || *value >= 0xFFFFFFFE) return Reading::without_place;
  // Events that belong to no group are a group of their own.
  std::string key;
  if (group && group->is(document::JsonKind::string)) key = group->string();
  if (key.size() > 256) return Reading::without_place;
  auto found = groups_.find(key);
  if (found == groups_.end()) {
    if (groups_.size() >= most_groups) return Reading::without_place;
    found = groups_.emplace(key, static_cast<std::uint32_t>(groups_.size())).first;
  }
  place = {found->second, static_cast<std::uint32_t>(*value)};
  return Reading::placed;
}

SequenceCheck::Step SequenceCheck::add(const EventPlace& place, std::uint32_t& missing) {
  missing = 0;
  if (place.group == EventPlace::whole_stream) return step(whole_, place.number, missing);
  if (place.group >= last_.size()) {
    last_.reserve((static_cast<std::size_t>(place.group) + 64) / 64 * 64);
    last_.resize(static_cast<std::size_t>(place.group) + 1);
  }
  return step(last_[place.group], place.number, missing);
}

SequenceCheck::Step SequenceCheck::step(std::uint32_t& last, std::uint32_t number, std::uint32_t& missing) {
  const std::uint32_t next = number + 1;
  if (last == 0) {
    last = next;
    return Step::first;
  }
  if (next <= last) return Step::duplicate;
  const std::uint32_t skipped = next - last - 1;
  last = next;
  if (skipped == 0) return Step::next;
  missing = skipped;
  return Step::gap;
}

}  // namespace launchgate::load
