#include <algorithm>
#include <set>

#include "lib/base/similar.hpp"
#include "lib/rules/kinds.hpp"

// `covers`: values that a list, several lists together, or the keys of an object must hold.
namespace launchgate::rules {

using document::JsonKind;
using document::JsonValue;

namespace {

enum class Comparison : std::uint8_t { equal, prefix, keys };

struct Lists {
  std::vector<PointerPattern> at;
  std::vector<std::string> values;
};

struct Held {
  std::string text;
  JsonValue value;  // the key or the element, for its position
  std::string pointer;
};

struct Covers final : JsonMatcher {
  std::vector<Lists> lists;
  Comparison comparison = Comparison::equal;
  bool exact = false;

  base::Result<void> match(const JsonSubject& subject, Reporter& reporter) const override {
    for (const Lists& wanted : lists) match_lists(wanted, subject, reporter);
    return {};
  }

 private:
  void match_lists(const Lists& wanted, const JsonSubject& subject, Reporter& reporter) const;
  void hold(const Place& place, std::vector<Held>& held) const;
};

void Covers::hold(const Place& place, std::vector<Held>& held) const {
  if (comparison == Comparison::keys) {
    for (const auto member : place.value.members()) {
      held.push_back({std::string(member.name()), member.key,
                      place.pointer + '/' + document::escape_pointer_segment(member.name())});
    }
    return;
  }
  if (place.value.is(JsonKind::string)) held.push_back({std::string(place.value.string()), place.value, place.pointer});
  std::size_t index = 0;
  for (const JsonValue element : place.value.elements()) {
    const std::string pointer = place.pointer + '/' + std::to_string(index++);
    if (element.is(JsonKind::string)) held.push_back({std::string(element.string()), element, pointer});
  }
}

void Covers::match_lists(const Lists& wanted, const JsonSubject& subject, Reporter& reporter) const {
  std::vector<Held> held;
  std::optional<Place> first;
  std::optional<Place> nearest;
  for (const PointerPattern& at : wanted.at) {
    for (const JsonValue& root : roots_of(at, subject)) {
      at.each(root, [&](const Place& place) {
        if (!first) first = place;
        hold(place, held);
      });
      if (!nearest) nearest = at.nearest(root);
    }
  }
  if (!nearest) {
    reporter.add({subject.root, std::nullopt, {}, {}},
                 "there is no document of kind " + quoted(wanted.at.front().kind()), "name one in the configuration");
    return;
  }
  std::set<std::string_view> exactly;
  for (const Held& one : held) exactly.insert(one.text);
  const auto found = [&](const std::string& value) {
    if (exactly.count(value) != 0) return true;
    return comparison == Comparison::prefix && std::any_of(held.begin(), held.end(), [&](const Held& one) {
             return one.text.compare(0, value.size(), value) == 0;
           });
  };
  const std::set<std::string_view> asked(wanted.values.begin(), wanted.values.end());
  const auto permitted = [&](const std::string& text) {
    if (asked.count(text) != 0) return true;
    return comparison == Comparison::prefix && std::any_of(asked.begin(), asked.end(), [&](std::string_view value) {
             return text.compare(0, value.size(), value) == 0;
           });
  };
  // A misspelt value is likely one of those that nobody asked for.
  std::vector<std::string> others;
  for (const Held& one : held) {
    if (!permitted(one.text)) others.push_back(one.text);
  }
  const Place& place = first ? *first : *nearest;
  std::vector<std::string> missing;
  for (const std::string& value : wanted.values) {
    if (found(value)) continue;
    missing.push_back(value);
    const auto near = base::nearest(value, others);
    std::string hint = comparison == Comparison::keys ? "add the key " + quoted(value) : "add " + quoted(value);
    if (near) hint = "is " + quoted(*near) + " meant to be it? else " + hint;
    reporter.add(place, (comparison == Comparison::keys ? "key " : "") + quoted(value) + " is missing", hint);
  }
  if (!exact) return;
  for (const Held& one : held) {
    if (permitted(one.text)) continue;
    reporter.add(one.value, one.value.span(), one.pointer, quoted(one.text) + " is not one of those that belong here",
                 base::did_you_mean(one.text, missing.empty() ? wanted.values : missing));
  }
}

void read_at(Fields& list, Lists& out) {
  const auto at = list.value("at");
  if (!at) {
    list.refuse(list.object(), "the list lacks the field \"at\"");
    return;
  }
  const auto add = [&](const JsonValue& value) {
    auto pattern = value.is(JsonKind::string) ? PointerPattern::parse(value.string()) : std::nullopt;
    if (pattern) {
      out.at.push_back(std::move(*pattern));
    } else {
      list.refuse(value, "\"at\" must be a JSON pointer, which starts with \"/\", or an array of them");
    }
  };
  if (!at->is(JsonKind::array)) {
    add(*at);
    return;
  }
  if (at->size() == 0) list.refuse(*at, "\"at\" must not be empty");
  for (const JsonValue element : at->elements()) add(element);
}

}  // namespace

JsonRule load_covers(Fields& fields) {
  auto rule = std::make_shared<Covers>();
  fields.objects("lists", "list", true, [&](Fields& list) {
    Lists lists;
    read_at(list, lists);
    lists.values = list.texts("values", true);
    rule->lists.push_back(std::move(lists));
  });
  rule->comparison = static_cast<Comparison>(fields.one_of("match", {"equal", "prefix", "keys"}, 0));
  rule->exact = fields.flag("exact");
  return rule;
}

}  // namespace launchgate::rules
