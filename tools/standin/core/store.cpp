#include "standin/core/store.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/base/ascii.hpp"

namespace launchgate::standin {
namespace {

constexpr std::size_t most_bytes = 64UL * 1024 * 1024;

std::size_t weight(const Item& item) {
  std::size_t bytes = 0;
  for (const std::string& field : item.fields) bytes += field.size();
  return bytes;
}

bool is_base64(std::string_view text) {
  if (text.size() % 4 != 0) return false;
  while (!text.empty() && text.back() == '=' && text.size() % 4 != 2) text.remove_suffix(1);
  return std::all_of(text.begin(), text.end(), [](char c) { return base::is_alnum(c) || c == '+' || c == '/'; });
}

bool matches(Field::Kind kind, const document::JsonValue& value) {
  using document::JsonKind;
  switch (kind) {
    case Field::Kind::any:
      return true;
    case Field::Kind::string:
      return value.is(JsonKind::string);
    case Field::Kind::base64:
      return value.is(JsonKind::string) && is_base64(value.string());
    case Field::Kind::object:
      return value.is(JsonKind::object);
    case Field::Kind::array:
      return value.is(JsonKind::array);
    case Field::Kind::boolean:
      return value.is(JsonKind::boolean);
    case Field::Kind::number:
      return value.is(JsonKind::number);
  }
  return false;
}

}  // namespace

Store::Store(const std::vector<Collection>& collections, std::uint64_t seed)
    : collections_(collections), kept_(collections.size()), seed_(seed) {}

const Item& Store::create(std::size_t collection, std::string parent, std::vector<std::string> fields,
                          std::string state, Micros now) {
  Kept& kept = kept_[collection];
  Item item;
  item.id = fmt::format("{}{:016x}", collections_[collection].id_prefix, Random::mix(seed_ + ++counter_));
  item.parent = std::move(parent);
  item.created = item.updated = now;
  item.state = std::move(state);
  item.fields = std::move(fields);
  kept.bytes += weight(item);
  kept.items.push_back(std::move(item));
  kept.places.emplace(kept.items.back().id, kept.first + kept.items.size() - 1);
  ++kept.created;
  while (kept.items.size() > collections_[collection].keep || (kept.bytes > most_bytes && kept.items.size() > 1))
    evict(kept);
  return kept.items.back();
}

void Store::evict(Kept& kept) {
  kept.places.erase(kept.items.front().id);
  kept.bytes -= weight(kept.items.front());
  kept.items.pop_front();
  ++kept.first;
}

Item* Store::find(std::size_t collection, std::string_view id) {
  Kept& kept = kept_[collection];
  const auto place = kept.places.find(id);
  return place == kept.places.end() ? nullptr : &kept.items[place->second - kept.first];
}

const Item* Store::find(std::size_t collection, std::string_view id) const {
  const Kept& kept = kept_[collection];
  const auto place = kept.places.find(id);
  return place == kept.places.end() ? nullptr : &kept.items[place->second - kept.first];
}

std::vector<const Item*> Store::newest(std::size_t collection, std::size_t most) const {
  const auto& items = kept_[collection].items;
  std::vector<const Item*> found;
  found.reserve(std::min(most, items.size()));
  for (auto item = items.rbegin(); item != items.rend() && found.size() < most; ++item) found.push_back(&*item);
  return found;
}

void Store::clear() {
  for (Kept& kept : kept_) {
    kept.places.clear();
    kept = Kept{};
  }
}

FieldValues take_fields(const Collection& collection, std::string_view body) {
  FieldValues taken;
  const auto parsed = document::JsonDocument::parse("body", std::string(body), {64, body.size() + 1});
  if (!parsed || !parsed->root().is(document::JsonKind::object)) {
    taken.problem = "the body is not a JSON object";
    return taken;
  }
  for (const Field& field : collection.fields) {
    const auto value = parsed->at(field.pointer);
    if (!value) {
      if (field.required) {
        taken.problem = fmt::format("{} is missing", field.pointer);
        return taken;
      }
      taken.values.emplace_back("null");
      continue;
    }
    if (!matches(field.kind, *value)) {
      taken.problem = fmt::format("{} is not what it should be", field.pointer);
      return taken;
    }
    taken.values.emplace_back(value->raw());
  }
  return taken;
}

}  // namespace launchgate::standin
