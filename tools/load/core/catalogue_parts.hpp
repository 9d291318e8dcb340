#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/similar.hpp"
#include "lib/document/object_reader.hpp"
#include "load/core/catalogue.hpp"

// What the readers of a catalogue's parts share.
namespace launchgate::load {

using document::JsonKind;
using document::JsonValue;
using document::ObjectReader;

struct Named {
  std::string name;
};

template <typename Items>
Index resolve(ObjectReader& reader, const JsonValue& at, const Items& items, std::string_view what) {
  const std::string_view wanted = at.string();
  std::vector<std::string> known;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].name == wanted) return static_cast<Index>(i);
    known.emplace_back(items[i].name);
  }
  reader.refuse(at, "unknown " + std::string(what) + " \"" + std::string(wanted) + "\"",
                base::did_you_mean(wanted, known));
  return 0;
}

template <typename Items>
std::optional<Index> reference(ObjectReader& reader, std::string_view key, const Items& items, std::string_view what) {
  const auto value = reader.value(key);
  return value ? std::optional(resolve(reader, *value, items, what)) : std::nullopt;
}

template <typename Items>
std::vector<Index> references(ObjectReader& reader, std::string_view key, const Items& items, std::string_view what) {
  std::vector<Index> out;
  reader.each(key, false, [&](const JsonValue& element) { out.push_back(resolve(reader, element, items, what)); });
  return out;
}

void read_soak(ObjectReader& root, Catalogue& out);

}  // namespace launchgate::load
