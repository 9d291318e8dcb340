#include <unordered_map>

#include "lib/document/decimal.hpp"
#include "lib/rules/kinds.hpp"

// `unique`: values of which no two may be the same.
namespace launchgate::rules {

using document::JsonKind;
using document::JsonValue;

namespace {

struct Unique final : JsonMatcher {
  PointerPattern at = *PointerPattern::parse("");
  std::optional<PointerPattern> key;

  base::Result<void> match(const JsonSubject& subject, Reporter& reporter) const override;
};

// Scalars only: equal values share a first letter and a text.
std::optional<std::string> identity(const JsonValue& value) {
  switch (value.kind()) {
    case JsonKind::string:
      return 's' + std::string(value.string());
    case JsonKind::boolean:
    case JsonKind::null:
      return 'w' + std::string(value.raw());
    case JsonKind::number: {
      const auto integer = value.integer();
      return 'n' + (integer ? std::to_string(*integer) : std::string(value.raw()));
    }
    default:
      return std::nullopt;
  }
}

base::Result<void> Unique::match(const JsonSubject& subject, Reporter& reporter) const {
  std::unordered_map<std::string, Place> seen;
  const auto look_at = [&](const Place& place, const std::string& prefix) {
    const auto id = identity(place.value);
    if (!id) return;
    const auto [first, fresh] = seen.emplace(*id, place);
    if (fresh) return;
    const auto line = first->second.value.span().begin.line;
    reporter.add(place.value, pointing_span(place), prefix + place.pointer,
                 shown(place.value) + " stands at line " + std::to_string(line) + " already");
  };
  for (const JsonValue& root : roots_of(at, subject)) {
    at.each(root, [&](const Place& place) {
      if (!key) {
        look_at(place, "");
        return;
      }
      const std::string prefix = place.pointer;
      key->each(place.value, [&](const Place& inner) { look_at(inner, prefix); });
    });
  }
  return {};
}

}  // namespace

JsonRule load_unique(Fields& fields) {
  auto rule = std::make_shared<Unique>();
  rule->at = fields.pointer("at");
  rule->key = fields.optional_pointer("key");
  return rule;
}

}  // namespace launchgate::rules
