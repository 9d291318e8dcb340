#include <unordered_map>

#include "lib/document/equality.hpp"
#include "lib/rules/kinds.hpp"

// `equal`: values at two places, or a value and a literal, that must stand in a relation. A value that is not there is
// the schema's business.
namespace launchgate::rules {

using document::JsonKind;
using document::JsonValue;

namespace {

enum class Relation : std::uint8_t { equal, at_least, at_most, differs };

struct Equal final : JsonMatcher {
  PointerPattern at = *PointerPattern::parse("");
  std::optional<PointerPattern> with;
  std::optional<JsonValue> value;  // of the pack
  Relation relation = Relation::equal;

  base::Result<void> match(const JsonSubject& subject, Reporter& reporter) const override;

 private:
  bool stands(const JsonValue& left, const JsonValue& right) const;
  std::string detail(const JsonValue& left, const JsonValue& right, const std::string& where) const;
};

// The bound segments as one key.
std::string key_of(const Place& place, std::size_t count) {
  std::string key;
  for (std::size_t i = 0; i < count && i < place.bound.size(); ++i)
    key += document::escape_pointer_segment(place.bound[i]) + '/';
  return key;
}

// Numbers by value, strings by bytes; other values have no order.
std::optional<std::strong_ordering> order(const JsonValue& left, const JsonValue& right) {
  if (left.is(JsonKind::number) && right.is(JsonKind::number)) {
    return document::compare_numbers(left.number_text(), right.number_text());
  }
  if (left.is(JsonKind::string) && right.is(JsonKind::string)) return left.string() <=> right.string();
  return std::nullopt;
}

bool Equal::stands(const JsonValue& left, const JsonValue& right) const {
  if (relation == Relation::equal) return document::equal(left, right);
  if (relation == Relation::differs) return !document::equal(left, right);
  const auto ordered = order(left, right);
  if (!ordered) return false;
  return relation == Relation::at_least ? *ordered >= 0 : *ordered <= 0;
}

std::string Equal::detail(const JsonValue& left, const JsonValue& right, const std::string& where) const {
  const auto phrase = [this]() -> std::string {
    switch (relation) {
      case Relation::equal:
        return " is not ";
      case Relation::at_least:
        return " is less than ";
      case Relation::at_most:
        return " is more than ";
      case Relation::differs:
        return " is the same as ";
    }
    return " is not ";
  };
  const bool comparable =
      relation == Relation::equal || relation == Relation::differs || order(left, right).has_value();
  return shown(left) + (comparable ? phrase() : " cannot be compared with ") + shown(right) + where;
}

base::Result<void> Equal::match(const JsonSubject& subject, Reporter& reporter) const {
  std::unordered_map<std::string, Place> others;
  std::size_t keys = 0;
  if (with) {
    keys = with->wildcards();
    for (const JsonValue& root : roots_of(*with, subject)) {
      with->each(root, [&](const Place& place) { others.emplace(key_of(place, keys), place); });
    }
  }
  if (with && roots_of(*with, subject).empty()) {
    reporter.add({subject.root, std::nullopt, {}, {}},
                 "there is no document of kind " + quoted(with->kind()) + " to compare with",
                 "name one in the configuration");
    return {};
  }
  for (const JsonValue& root : roots_of(at, subject)) {
    at.each(root, [&](const Place& place) {
      if (value) {
        if (!stands(place.value, *value)) reporter.add(place, detail(place.value, *value, ""));
        return;
      }
      const auto other = others.find(key_of(place, keys));
      if (other == others.end()) return;
      const Place& right = other->second;
      if (stands(place.value, right.value)) return;
      const std::string document = with->kind().empty() ? std::string() : right.value.document().path() + ' ';
      reporter.add(place, detail(place.value, right.value, ", at " + document + right.pointer));
    });
  }
  return {};
}

}  // namespace

JsonRule load_equal(Fields& fields) {
  auto rule = std::make_shared<Equal>();
  rule->at = fields.pointer("at");
  rule->with = fields.optional_pointer("with");
  rule->value = fields.value("value");
  rule->relation = static_cast<Relation>(fields.one_of("relation", {"equal", "at-least", "at-most", "differs"}, 0));
  if (fields.failed()) return rule;
  if (rule->with.has_value() == rule->value.has_value()) {
    fields.refuse(fields.object(), "the rule must have either \"with\" or \"value\"");
  } else if (rule->with && rule->with->wildcards() > rule->at.wildcards()) {
    fields.refuse(*fields.object().find("with"), "\"with\" has more \"*\" than \"at\", which binds them");
  }
  return rule;
}

}  // namespace launchgate::rules
