#include "lib/document/overlay.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/document/json_writer.hpp"

namespace launchgate::document {
namespace {

constexpr std::string_view extends_key = "extends";
constexpr std::string_view without_key = "without";
constexpr std::string_view own_with_key = "ownWith";

// Lists whose elements are known by a name of their own, and the member that holds it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> named_lists = {{
    {"rules", "id"},
    {"operations", "name"},
    {"gates", "check"},
    {"series", "key"},
    {"warnings", "id"},
    {"requirements", "id"},
    {"dispositions", "id"},
    {"privateValues", "name"},
}};

std::string_view name_member(std::string_view list) {
  const auto found =
      std::find_if(named_lists.begin(), named_lists.end(), [&](const auto& one) { return one.first == list; });
  return found == named_lists.end() ? std::string_view() : found->second;
}

bool is_directive(std::string_view member) { return member == extends_key || member == without_key; }

std::string below(const std::string& pointer, std::string_view segment) {
  return pointer + '/' + escape_pointer_segment(segment);
}

// What of the base is left out, by pointer, with what stands there instead.
class LeftOut {
 public:
  LeftOut(const JsonDocument& own, const JsonDocument& base) {
    if (const auto without = own.root().find(without_key); without && without->is(JsonKind::array)) {
      for (const JsonValue element : without->elements()) named_.emplace(std::string(element.string()), element);
    }
    const auto rules = base.root().find(own_with_key);
    if (!rules) return;
    for (const JsonValue::Member rule : rules->members()) {
      if (!own.root().find(rule.name())) continue;
      for (const JsonValue::Member place : rule.value.members()) places_.emplace(place.name(), place.value);
    }
  }

  // None: it is inherited.
  std::optional<JsonValue> instead_of(const std::string& pointer) const {
    const auto found = places_.find(pointer);
    return found == places_.end() ? std::nullopt : std::optional(found->second);
  }
  bool drops(const std::string& pointer) {
    known_.push_back(pointer);
    return named_.contains(pointer);
  }
  // Pointers that were asked about tell what could have been meant.
  std::optional<base::Error> misspelt() const {
    for (const auto& [pointer, at] : named_) {
      if (std::find(known_.begin(), known_.end(), pointer) != known_.end()) continue;
      std::string help = base::did_you_mean(pointer, known_);
      if (help.empty()) help = "an element of a named list is named by its name: /rules/some-id";
      return base::Error{base::ErrorCategory::configuration, at.document().path(), at.span().begin,
                         "what is extended has nothing at \"" + base::printable(pointer) + "\" that could be left out",
                         std::move(help)};
    }
    return std::nullopt;
  }

 private:
  std::map<std::string, JsonValue> named_;
  std::map<std::string, JsonValue> places_;
  std::vector<std::string> known_;
};

struct Insertion {
  std::size_t at;
  std::string text;
};

class Overlay {
 public:
  Overlay(const JsonDocument& own, const JsonDocument& base) : own_(own), base_(base), left_out_(own, base) {}

  base::Result<JsonDocument> run() {
    lay_object(own_.root(), base_.root(), "");
    if (auto wrong = left_out_.misspelt()) return *wrong;
    std::string text(own_.source().text());
    blank_directives(text);
    // Inner brackets close before outer ones.
    std::stable_sort(insertions_.begin(), insertions_.end(), [](const auto& a, const auto& b) { return a.at > b.at; });
    for (const Insertion& one : insertions_) text.insert(one.at, one.text);
    return JsonDocument::parse(own_.path(), std::move(text));
  }

 private:
  // They say how the document is made, and are no part of it. Every other byte stays where it is.
  void blank_directives(std::string& text) const {
    std::optional<JsonValue> before;
    bool kept = false;  // whether a member that stays is before
    for (auto at = own_.root().members().begin(); at != own_.root().members().end(); ++at) {
      const JsonValue::Member member = *at;
      auto next = at;
      ++next;
      if (is_directive(member.name())) {
        std::size_t end = member.value.end_offset();
        if (!kept && next != own_.root().members().end()) end = (*next).key.begin_offset();
        for (std::size_t i = kept ? before->end_offset() : member.key.begin_offset(); i < end; ++i) {
          if (text[i] != '\n') text[i] = ' ';
        }
      } else {
        kept = true;
      }
      before = member.value;
    }
  }

  void insert(const JsonValue& container, const std::vector<std::string>& members) {
    if (members.empty()) return;
    const bool follows = container == own_.root() ? stays() : container.size() > 0;
    std::string text;
    for (const std::string& member : members) {
      if (!text.empty() || follows) text += ", ";
      text += member;
    }
    insertions_.push_back({container.end_offset() - 1, std::move(text)});
  }

  bool stays() const {
    const auto members = own_.root().members();
    return std::any_of(members.begin(), members.end(), [](const auto& one) { return !is_directive(one.name()); });
  }

  void lay_object(const JsonValue& own, const JsonValue& base, const std::string& pointer) {
    std::vector<std::string> inherited;
    for (const JsonValue::Member member : base.members()) {
      const std::string place = below(pointer, member.name());
      const auto stated = own.find(member.name());
      const bool dropped = left_out_.drops(place);
      const auto instead = left_out_.instead_of(place);
      if (pointer.empty() && is_directive(member.name())) continue;
      if (stated) {
        if (!dropped && !instead) lay(*stated, member, place);
        continue;
      }
      if (dropped || (instead && instead->is(JsonKind::null))) continue;
      const std::string value = instead ? compact(*instead) : inherited_value(member.value, member.name(), place);
      inherited.push_back(json_quoted(member.name()) + ": " + value);
    }
    insert(own, inherited);
  }

  void lay(const JsonValue& own, const JsonValue::Member& base, const std::string& place) {
    if (own.is(JsonKind::object) && base.value.is(JsonKind::object)) return lay_object(own, base.value, place);
    const std::string_view name = name_member(base.name());
    if (!name.empty() && own.is(JsonKind::array) && base.value.is(JsonKind::array))
      lay_list(own, base.value, name, place);
  }

  void lay_list(const JsonValue& own, const JsonValue& base, std::string_view name, const std::string& place) {
    std::vector<std::string> inherited;
    for (const JsonValue element : base.elements()) {
      const std::string_view id = element.string_member(name);
      const std::string at = below(place, id);
      if (left_out_.drops(at)) continue;
      const auto same = std::find_if(own.elements().begin(), own.elements().end(),
                                     [&](const JsonValue& one) { return one.string_member(name) == id; });
      if (same == own.elements().end()) inherited.push_back(compact(element));
    }
    insert(own, inherited);
  }

  // A value that `own` does not touch, but may leave parts of out.
  std::string inherited_value(const JsonValue& value, std::string_view key, const std::string& place) {
    if (value.is(JsonKind::object)) {
      std::string text = "{";
      for (const JsonValue::Member member : value.members()) {
        const std::string at = below(place, member.name());
        const auto instead = left_out_.instead_of(at);
        if (left_out_.drops(at) || (instead && instead->is(JsonKind::null))) continue;
        text += (text.size() > 1 ? ", " : "") + json_quoted(member.name()) + ": " +
                (instead ? compact(*instead) : inherited_value(member.value, member.name(), at));
      }
      return text + "}";
    }
    const std::string_view name = name_member(key);
    if (name.empty() || !value.is(JsonKind::array)) return compact(value);
    std::string text = "[";
    for (const JsonValue element : value.elements()) {
      if (left_out_.drops(below(place, element.string_member(name)))) continue;
      text += (text.size() > 1 ? ", " : "") + compact(element);
    }
    return text + "]";
  }

  const JsonDocument& own_;
  const JsonDocument& base_;
  LeftOut left_out_;
  std::vector<Insertion> insertions_;
};

void add_origins(const JsonValue& own, const JsonValue& base, LeftOut& left_out, const std::string& pointer,
                 std::vector<Origin>& all) {
  for (const JsonValue::Member member : own.members()) {
    if (pointer.empty() && is_directive(member.name())) continue;
    const std::string place = below(pointer, member.name());
    const auto under = base.find(member.name());
    const bool laid =
        under && under->kind() == member.value.kind() && !left_out.instead_of(place) &&
        (under->is(JsonKind::object) || (under->is(JsonKind::array) && !name_member(member.name()).empty()));
    all.push_back({place, laid ? Origin::From::both : Origin::From::own});
    if (laid && under->is(JsonKind::object)) add_origins(member.value, *under, left_out, place, all);
  }
  for (const JsonValue::Member member : base.members()) {
    const std::string place = below(pointer, member.name());
    if (own.find(member.name()) || (pointer.empty() && member.name() == own_with_key)) continue;
    const bool out = left_out.drops(place) || left_out.instead_of(place);
    all.push_back({place, out ? Origin::From::left_out : Origin::From::base});
  }
}

}  // namespace

base::Result<JsonDocument> overlay(const JsonDocument& own, const JsonDocument& base) {
  return Overlay(own, base).run();
}

std::vector<Origin> origins(const JsonDocument& own, const JsonDocument& base) {
  std::vector<Origin> all;
  LeftOut left_out(own, base);
  add_origins(own.root(), base.root(), left_out, "", all);
  return all;
}

}  // namespace launchgate::document
