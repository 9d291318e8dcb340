#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>

#include "lib/base/similar.hpp"
#include "lib/rules/pointer_pattern.hpp"
#include "lib/validator/references.hpp"

// The operation catalogue in itself, against the targets, and the targets against it.
namespace launchgate::validator {
namespace {

using document::JsonKind;
using document::JsonValue;
using rules::Place;
using rules::PointerPattern;

// Names in a catalogue and what they are names of (schemas/operation-catalogue.schema.json). With `keys`, the keys
// there are the names.
struct Reference {
  std::string_view at;
  std::string_view in;
  std::string_view what;
  bool keys = false;
};

constexpr std::array<Reference, 17> inner_references = {{
    {"/targets/*/probe", "/operations/*/name", "operation"},
    {"/targets/*/token/probe", "/operations/*/name", "operation"},
    {"/operations/*/target", "/targets/*", "target"},
    {"/operations/*/category", "/categories/*", "category"},
    {"/operations/*/limit", "/limits/*", "limit"},
    {"/operations/*/needs/*", "/ids/*", "id"},
    {"/operations/*/captures/*", "/ids/*", "id", true},
    {"/operations/*/captureWith/*", "/ids/*", "id"},
    {"/metrics/scrapes/*", "/operations/*/name", "operation"},
    {"/metrics/series/*/target", "/targets/*", "target"},
    {"/gates/*/categories/*", "/categories/*", "category"},
    {"/gates/*/metric", "/metrics/series/*/key", "metric"},
    {"/growth/categories/*", "/categories/*", "category"},
    {"/warnings/*/targetSkipped", "/targets/*", "target"},
    {"/warnings/*/targetUsed", "/targets/*", "target"},
    {"/warnings/*/tokenMissing", "/targets/*", "target"},
    {"/warnings/*/variableMissing", "/variables/*", "variable"},
}};

// Keys where the pattern ends in a wildcard over an object, else values.
Names names_at(const JsonValue& root, std::string_view pattern) {
  Names names;
  PointerPattern::parse(pattern)->each(root, [&](const Place& place) {
    const bool key = pattern.ends_with('*') && place.key.has_value();
    names.emplace_back(key ? place.key->string() : place.value.string());
  });
  return names;
}

void each_name(const JsonValue& root, std::string_view pattern, bool keys,
               const std::function<void(const JsonValue&)>& use) {
  PointerPattern::parse(pattern)->each(root, [&](const Place& place) {
    if (keys && place.key) use(*place.key);
    if (!keys && place.value.is(JsonKind::string)) use(place.value);
  });
}

// {name} in what a request sends; `sent` are those that are found there.
void check_placeholders(References& references, const JsonValue& value, const Names& known, Names& sent) {
  for (const JsonValue element : value.elements()) check_placeholders(references, element, known, sent);
  for (const JsonValue::Member member : value.members()) check_placeholders(references, member.value, known, sent);
  if (!value.is(JsonKind::string)) return;
  std::string_view text = value.string();
  for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{')) {
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) return;
    sent.emplace_back(text.substr(open + 1, close - open - 1));
    references.must_be(value, sent.back(), known, "variable or id");
    text.remove_prefix(close + 1);
  }
}

// A definition that nothing refers to, where something refers to what looks like it.
void tell_misspelt(References& references, const JsonValue& name, const Names& known, const Names& used) {
  Names lost;
  for (const std::string& one : used) {
    if (!is_one_of(known, one)) lost.push_back(one);
  }
  const auto meant = is_one_of(used, name.string()) ? std::nullopt : slip_of(name.string(), lost);
  if (meant)
    references.tell(name, "nothing refers to " + rules::quoted(name.string()),
                    "did you mean " + rules::quoted(*meant) + "?");
}

void check_inside(References& references) {
  const JsonValue& root = references.catalogue;
  std::map<std::string_view, std::pair<Names, Names>> used;  // by what is referred to: what there is, what is used
  for (const Reference& one : inner_references) {
    const Names known = names_at(root, one.in);
    auto& [there, names] = used[one.in];
    there = known;
    each_name(root, one.at, one.keys, [&](const JsonValue& name) {
      names.emplace_back(name.string());
      references.must_be(name, name.string(), known, one.what);
    });
  }
  // Where it is the definition that is misspelt.
  for (const auto& [in, names] : used) {
    each_name(root, in, in.ends_with('*'),
              [&](const JsonValue& name) { tell_misspelt(references, name, names.first, names.second); });
  }
  Names known = names_at(root, "/variables/*");
  for (const std::string& id : names_at(root, "/ids/*")) known.push_back(id);
  known.emplace_back("sequence");
  Names sent;
  for (const std::string_view part :
       {"/operations/*/request/path", "/operations/*/request/query", "/operations/*/request/body"})
    PointerPattern::parse(part)->each(
        root, [&](const Place& place) { check_placeholders(references, place.value, known, sent); });
  for (const std::string_view in : {"/variables/*", "/ids/*"}) {
    each_name(root, in, true, [&](const JsonValue& name) { tell_misspelt(references, name, known, sent); });
  }
  each_name(root, "/evidenceCommands/*", false, [&](const JsonValue& command) { references.must_run(command); });
}

// Values that the catalogue reads from each profile.
struct Read {
  std::string_view member;
  std::string_view what;
  std::vector<std::string_view> from;
};

std::set<std::string> read_names(const JsonValue& catalogue, const Read& read) {
  std::set<std::string> names;
  for (const std::string_view pattern : read.from)
    each_name(catalogue, pattern, false, [&](const JsonValue& name) { names.emplace(name.string()); });
  return names;
}

// A name of a profile that the catalogue does not read is its own business, unless it is a slip of one that it reads
// and does not find, or of one that the other profiles have.
void check_profile(References& references, const JsonValue::Member& profile, const Read& read,
                   const std::set<std::string>& wanted, const std::set<std::string>& usual) {
  const auto values = profile.value.find(read.member);
  if (!values || !values->is(JsonKind::object)) return;
  const Names own = keys_of(values);
  Names missing;
  for (const std::string& name : wanted) {
    if (!is_one_of(own, name)) missing.push_back(name);
  }
  for (const std::string& name : usual) {
    if (!is_one_of(own, name) && !is_one_of(missing, name)) missing.push_back(name);
  }
  std::set<std::string> told;
  for (const JsonValue::Member member : values->members()) {
    if (wanted.contains(std::string(member.name())) || usual.contains(std::string(member.name()))) continue;
    const auto meant = slip_of(member.name(), missing);
    if (!meant) continue;
    told.insert(*meant);
    references.tell(member.key, "unknown " + std::string(read.what) + " " + rules::quoted(member.name()),
                    "did you mean " + rules::quoted(*meant) + "?");
  }
  for (const std::string& name : wanted) {
    if (is_one_of(own, name) || told.contains(name)) continue;
    references.tell(
        *values,
        "the profile has no " + std::string(read.what) + " " + rules::quoted(name) + ", which the catalogue reads",
        base::did_you_mean(name, own));
  }
}

void check_reads(References& references, const JsonValue& profiles, const Read& read) {
  const std::set<std::string> wanted = read_names(references.catalogue, read);
  Names everywhere;
  std::map<std::string, std::size_t> holders;
  for (const JsonValue::Member profile : profiles.members()) {
    for (const std::string& name : keys_of(profile.value.find(read.member))) {
      ++holders[name];
      if (!is_one_of(everywhere, name)) everywhere.push_back(name);
    }
  }
  // What more than half of the profiles have is no slip.
  std::set<std::string> usual;
  for (const auto& [name, count] : holders) {
    if (count * 2 > profiles.size()) usual.insert(name);
  }
  std::set<std::string> known = wanted;
  for (const std::string_view pattern : read.from) {
    each_name(references.catalogue, pattern, false, [&](const JsonValue& name) {
      if (holders.contains(std::string(name.string()))) return;
      known.erase(std::string(name.string()));
      references.must_be(name, name.string(), everywhere, std::string(read.what) + " in any profile");
    });
  }
  for (const JsonValue::Member profile : profiles.members()) check_profile(references, profile, read, known, usual);
}

}  // namespace

void check_catalogue_references(References& references) {
  check_inside(references);
  const auto profiles = references.placed(references.targets, "targets", "profiles");
  if (!profiles || !profiles->is(JsonKind::object)) return;
  if (const auto name = references.catalogue.find("defaultProfile"))
    references.must_be(*name, name->string(), keys_of(profiles), "target profile");
  check_reads(references, *profiles, {"thresholds", "threshold", {"/gates/*/threshold"}});
  check_reads(references, *profiles,
              {"capacityTargets",
               "capacity target",
               {"/operations/*/rate/capacityTarget", "/operations/*/stream/capacityTarget"}});
}

}  // namespace launchgate::validator
