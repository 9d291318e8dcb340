// What the placeholders of bodies and events stand for.

#include <fmt/format.h>

#include "lib/base/rfc3339.hpp"
#include "lib/document/json_writer.hpp"
#include "standin/core/app.hpp"

namespace launchgate::standin {
namespace {

Value json(std::string text) { return {Value::Kind::json, std::move(text)}; }
Value text(std::string_view text) { return {Value::Kind::text, std::string(text)}; }
const Value null{Value::Kind::json, "null"};

}  // namespace

std::string App::timestamp(Micros at) const {
  return base::format_date_time_ms(settings_.start_unix_ms + at / micros_per_ms);
}

const Item* App::parent_of(std::size_t collection, const Item& item) const {
  const auto parent = product_.collections[collection].parent;
  return parent ? store_.find(*parent, item.parent) : nullptr;
}

void App::render_item(std::string& out, std::size_t collection, const Item& item, Micros now) const {
  const Subject subject{nullptr, collection, &item, nullptr, now};
  product_.collections[collection].item.render(out, [&](std::string_view name) { return value(name, subject); });
}

Value App::value(std::string_view name, const Subject& subject) const {
  const Item* item = subject.item;
  if (name == "now") return text(timestamp(subject.now));
  if (name == "nowMs") return json(fmt::format("{}", settings_.start_unix_ms + subject.now / micros_per_ms));
  if (name == "uptimeSeconds") return json(fmt::format("{}", subject.now / micros_per_second));
  if (name == "product") return text(product_.name);
  if (name == "items") {
    std::string list = "[";
    if (subject.items != nullptr && subject.collection) {
      for (const Item* one : *subject.items) {
        if (list.size() > 1) list += ',';
        render_item(list, *subject.collection, *one, subject.now);
      }
    }
    return json(list + "]");
  }
  if (name.starts_with("count.")) {
    for (std::size_t i = 0; i < product_.collections.size(); ++i) {
      if (product_.collections[i].name == name.substr(6)) return json(fmt::format("{}", store_.size(i)));
    }
    return null;
  }
  if (name.starts_with("path.") && subject.match != nullptr) {
    std::size_t parameter = 0;
    for (const Segment& segment : product_.routes[subject.match->route].segments) {
      if (!segment.parameter) continue;
      if (segment.text == name.substr(5)) return text(subject.match->parameters[parameter]);
      ++parameter;
    }
    return null;
  }
  if (item == nullptr || !subject.collection) return null;
  const Collection& collection = product_.collections[*subject.collection];
  if (name == "id") return text(item->id);
  if (name == "parent.id") return text(item->parent);
  if (name == "state") return text(item->state);
  if (name == "createdAt") return text(timestamp(item->created));
  if (name == "updatedAt") return text(timestamp(item->updated));
  if (name == "item") {
    std::string out;
    render_item(out, *subject.collection, *item, subject.now);
    return json(std::move(out));
  }
  if (name == "parent.item") {
    const Item* parent = parent_of(*subject.collection, *item);
    if (parent == nullptr) return null;
    std::string out;
    render_item(out, *collection.parent, *parent, subject.now);
    return json(std::move(out));
  }
  if (name.starts_with("field.")) {
    for (std::size_t i = 0; i < collection.fields.size(); ++i) {
      if (collection.fields[i].name == name.substr(6)) return json(item->fields[i]);
    }
  }
  return null;
}

void App::publish(std::string_view type, std::size_t collection, const Item* item, Micros now) {
  const std::uint64_t sequence = events_.next_sequence();
  // The id of the item or of the ancestor that events are told by.
  const Item* told = item;
  std::size_t at = collection;
  while (told != nullptr && at != product_.events.subject) {
    const Item* parent = parent_of(at, *told);
    if (parent == nullptr) {
      told = nullptr;
      break;
    }
    at = *product_.collections[at].parent;
    told = parent;
  }
  std::string data;
  const Subject subject{nullptr, collection, item, nullptr, now};
  product_.events.data.render(data, [&](std::string_view name) -> Value {
    if (name == "sequence") return json(fmt::format("{}", sequence));
    if (name == "eventId") return text(fmt::format("evt_{:016x}", Random::mix(~settings_.seed ^ (sequence << 1U))));
    if (name == "type") return text(type);
    if (name == "subject") return told == nullptr ? null : text(told->id);
    return value(name, subject);
  });
  if (const PlantFault* plant = faults_.planted(0, now); plant != nullptr && data.starts_with('{') && data.size() > 2) {
    std::string member = "{\"planted\":";
    document::append_json_string(member, plant->text);
    data.replace(0, 1, member + ",");
  }
  events_.add(type, data);
  ++stats_.published;
}

}  // namespace launchgate::standin
