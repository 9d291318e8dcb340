#include <algorithm>
#include <array>

#include "lib/base/similar.hpp"
#include "lib/evidence/believable.hpp"
#include "lib/evidence/policy.hpp"
#include "lib/rules/pointer_pattern.hpp"
#include "lib/validator/references.hpp"

// The ladder against the matrix, the record template and the targets.
namespace launchgate::validator {
namespace {

using document::JsonKind;
using document::JsonValue;

// The values that a schema allows at a place, where it lists them; of arrays, what their elements may be.
std::optional<JsonValue> schema_at(const JsonValue& schema, const std::vector<std::string>& segments,
                                   std::size_t from) {
  std::optional<JsonValue> at = schema;
  if (const std::string_view reference = at->string_member("$ref"); reference.starts_with("#"))
    at = schema.document().at(reference.substr(1));
  if (!at || from == segments.size()) return at;
  if (const auto properties = at->find("properties")) {
    if (const auto own = properties->find(segments[from])) return schema_at(*own, segments, from + 1);
  }
  if (segments[from] == "*") {
    for (const std::string_view inner : {"items", "additionalProperties"}) {
      const auto element = at->find(inner);
      if (element && element->is(JsonKind::object)) return schema_at(*element, segments, from + 1);
    }
  }
  return std::nullopt;
}

// What the schema of a kind says of a place in its documents.
std::optional<JsonValue> schema_of(const References& references, std::string_view kind, const std::string& pointer) {
  suite::Workspace& workspace = references.context().workspace;
  const auto bindings = workspace.bindings({std::string(kind)});
  if (bindings.empty() || !bindings.front().kind.schema) return std::nullopt;
  const auto schema = workspace.resources().schema(*bindings.front().kind.schema);
  const auto segments = document::split_pointer(pointer);
  if (!schema || !segments) return std::nullopt;
  return schema_at((*schema)->root(), *segments, 0);
}

Names profile_names(const References& references) {
  return keys_of(references.placed(references.targets, "targets", "profiles"));
}

// The words of the commands at a place of the ladder's.
Names command_words(const JsonValue& item, std::string_view commands) {
  Names words;
  const auto list = item.document().at(item.pointer() + std::string(commands));
  for (const std::string& command : strings_of(list)) {
    std::string word;
    for (const char c : command + " ") {
      if (c != ' ') {
        word += c;
      } else if (!word.empty()) {
        words.push_back(std::move(word));
        word.clear();
      }
    }
    words.push_back(command);
  }
  return words;
}

bool named_by(const Names& words, std::string_view name) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) { return evidence::names(word, name); });
}

void check_rungs(References& references) {
  const auto ladder = references.ladder.find("ladder");
  if (!ladder) return;
  const Names profiles = profile_names(references);
  const Names tiers = keys_of(references.placed(references.matrix, "matrix", "tiers"));
  const auto target_tier = references.word("record", "targetTier");
  const auto allowed =
      target_tier ? schema_of(references, record_kind, std::string(target_tier->string())) : std::nullopt;
  const Names record_tiers = strings_of(allowed ? allowed->find("enum") : std::nullopt);
  for (const JsonValue step : ladder->elements()) {
    const auto profile = step.find("evidenceProfile");
    if (profile && references.targets) references.must_be(*profile, profile->string(), profiles, "target profile");
    const auto tier = step.find("matrixTier");
    if (tier && references.matrix) references.must_be(*tier, tier->string(), tiers, "tier of the matrix");
    const auto claim = step.find("claim");
    if (claim && tier) references.may_be(*claim, claim->string(), tiers, "tier of the matrix");
    const auto recorded = step.find("recordTier");
    if (!recorded || !recorded->is(JsonKind::string)) continue;
    if (!record_tiers.empty()) {
      references.must_be(*recorded, recorded->string(), record_tiers, "tier of records");
    } else {
      references.may_be(*recorded, recorded->string(),
                        {std::string(step.string_member("claim")), std::string(step.string_member("matrixTier"))},
                        "tier");
    }
  }
  const auto accepted = references.ladder.find("acceptedTier");
  if (accepted) references.must_be(*accepted, accepted->string(), steps(references, "claim"), "tier of the ladder");
}

void check_profiles(References& references) {
  if (!references.targets) return;
  const auto listed = references.ladder.find("profiles");
  const auto profiles = references.placed(references.targets, "targets", "profiles");
  if (!profiles) {
    if (const auto pointer = references.word("targets", "profiles"))
      references.must_be(*pointer, pointer->string().substr(1), keys_of(references.targets), "member of the targets");
    return;
  }
  const Names names = keys_of(profiles);
  for (const JsonValue one : listed ? listed->elements() : references.ladder.elements())
    references.must_be(one, one.string(), names, "target profile");
  const Names known = strings_of(listed);
  for (const JsonValue::Member member : profiles->members())
    references.must_be(member.key, member.name(), known, "profile of the ladder");
  if (const auto laddered = references.word("decision", "requiresLowerProfiles")) {
    for (const JsonValue one : laddered->elements()) references.must_be(one, one.string(), names, "target profile");
  }
}

// Fields of profiles that hold a duration.
void check_field(References& references, const std::optional<JsonValue>& field) {
  const auto profiles = references.placed(references.targets, "targets", "profiles");
  if (!field || !profiles) return;
  for (const JsonValue::Member profile : profiles->members()) {
    if (profile.value.find(field->string())) continue;
    return references.must_be(*field, field->string(), keys_of(profile.value),
                              "field of the profile " + rules::quoted(profile.name()));
  }
}

void check_items(References& references) {
  const auto policies = references.ladder.find("items");
  const auto items = references.placed(references.matrix, "matrix", "items");
  const auto commands = references.word("matrix", "itemCommands");
  if (!policies || !items || !commands) return;
  const Names known = keys_of(items);
  Names all_words;
  for (const JsonValue::Member item : items->members()) {
    const Names words = command_words(item.value, commands->string());
    all_words.insert(all_words.end(), words.begin(), words.end());
  }
  for (const JsonValue::Member policy : policies->members()) {
    references.must_be(policy.key, policy.name(), known, "item of the matrix");
    check_field(references, policy.value.find("durationField"));
    const auto item = items->find(policy.name());
    const auto names = policy.value.find("mustName");
    if (!item || !names) continue;
    const Names words = command_words(*item, commands->string());
    for (const JsonValue name : names->elements()) {
      if (!named_by(words, name.string()))
        references.must_be(name, name.string(), words, "command of the item that names");
    }
  }
  const auto lengths = references.ladder.find("runLengths");
  if (!lengths) return;
  for (const JsonValue length : lengths->elements()) {
    check_field(references, length.find("field"));
    const auto name = length.find("names");
    if (name && !named_by(all_words, name->string()))
      references.must_be(*name, name->string(), all_words, "command of the matrix that names");
  }
}

void check_images(References& references) {
  const auto images = references.ladder.find("images");
  const auto targets = references.catalogue.find("targets");
  if (!images || !targets) return;
  for (const JsonValue image : images->elements())
    references.may_be(image, image.string(), keys_of(targets), "target of the catalogue");
}

// Each place is a pointer: its last member must be there, or be one that the schema knows.
void check_place(References& references, std::string_view section, std::string_view member,
                 const std::optional<JsonValue>& in, std::string_view kind, const std::string& schema_prefix) {
  const auto pointer = references.word(section, member);
  if (!pointer || !in || !pointer->is(JsonKind::string)) return;
  const std::string_view text = pointer->string();
  if (in->document().at(in->pointer() + std::string(text))) return;
  const std::size_t last = text.rfind('/');
  if (last == std::string_view::npos) return;
  const auto holder = in->document().at(in->pointer() + std::string(text.substr(0, last)));
  Names known = keys_of(holder);
  const auto schema = schema_of(references, kind, schema_prefix + std::string(text.substr(0, last)));
  const Names properties = keys_of(schema ? schema->find("properties") : std::nullopt);
  if (!properties.empty()) {
    references.must_be(*pointer, text.substr(last + 1), properties, "member");
  } else {
    references.may_be(*pointer, text.substr(last + 1), known, "member");
  }
}

void check_places(References& references) {
  for (const std::string_view member : {"tiers", "acceptedTier", "items", "categories"})
    check_place(references, "matrix", member, references.matrix, rules::matrix_kind, "");
  const auto of_first = [&](std::string_view holder, std::string_view member) {
    const auto list = references.placed(references.matrix, "matrix", holder);
    const auto pointer = references.word("matrix", holder);
    if (!list || list->size() == 0) return;
    const std::string prefix = std::string(pointer->string()) + '/' + std::string((*list->members().begin()).name());
    check_place(references, "matrix", member, (*list->members().begin()).value, rules::matrix_kind, prefix);
  };
  of_first("tiers", "claimStatus");
  for (const std::string_view member : {"itemCategory", "itemCommands", "artifacts"}) of_first("items", member);
  for (const std::string_view member : {"scope", "targetTier", "requiredReportFields", "items"})
    check_place(references, "record", member, references.record, record_kind, "");
  const auto items = references.placed(references.record, "record", "items");
  if (!items || items->size() == 0) return;
  const auto where = references.word("record", "items");
  const std::string prefix = std::string(where->string()) + "/*";
  for (const std::string_view member :
       {"id", "blocking", "status", "summary", "owner", "rationale", "command", "report", "checksum", "evidence"})
    check_place(references, "record", member, *items->elements().begin(), record_kind, prefix);
  const JsonValue item = *items->elements().begin();
  if (const auto complete = references.word("record", "complete")) {
    for (const JsonValue one : complete->elements()) {
      if (!item.document().at(item.pointer() + std::string(one.string())))
        references.must_be(one, one.string().substr(1), keys_of(item), "member of the record's items");
    }
  }
}

void check_statuses(References& references) {
  const auto items = references.word("record", "items");
  const auto status = references.word("record", "status");
  if (!items || !status) return;
  const auto allowed =
      schema_of(references, record_kind, std::string(items->string()) + "/*" + std::string(status->string()));
  const Names values = strings_of(allowed ? allowed->find("enum") : std::nullopt);
  if (values.empty()) return;
  for (const std::string_view one : statuses) {
    const auto word = references.word("record", one);
    if (word) references.must_be(*word, word->string(), values, "status in the schema of records");
  }
  const auto scope = references.word("record", "scope");
  const auto scopes = scope ? schema_of(references, record_kind, std::string(scope->string())) : std::nullopt;
  const Names known = strings_of(scopes ? scopes->find("enum") : std::nullopt);
  const auto word = references.word("record", "privateScope");
  if (word && !known.empty()) references.must_be(*word, word->string(), known, "scope in the schema of records");
}

void check_claim_statuses(References& references) {
  const auto tiers = references.placed(references.matrix, "matrix", "tiers");
  const auto status = references.word("matrix", "claimStatus");
  if (!tiers || !status) return;
  Names known;
  for (const std::string_view member : {"acceptedStatus", "evidenceStatus", "closedStatus"})
    known.emplace_back(references.ladder.string_member(member));
  Names used;
  for (const JsonValue::Member tier : tiers->members()) {
    const auto own = tier.value.document().at(tier.value.pointer() + std::string(status->string()));
    if (!own) continue;
    used.emplace_back(own->string());
    references.must_be(*own, own->string(), known, "claim status of the ladder");
  }
  for (const std::string_view member : {"acceptedStatus", "evidenceStatus", "closedStatus"}) {
    const auto own = references.ladder.find(member);
    if (own) references.may_be(*own, own->string(), used, "claim status of the matrix");
  }
}

// Words that the tools themselves write or read: a ladder may have others, but none that is a slip of one of them.
void check_usual_words(References& references) {
  const auto usual = references.context().workspace.resources().rules("tiers");
  if (!usual) return;
  for (const std::string_view place : {"/report/profileKeys", "/report/tierKeys", "/attach/reports",
                                       "/attach/environmentProfile", "/attach/verdicts", "/passStatuses"}) {
    const auto own = references.ladder.document().at(place);
    if (!own) continue;
    Names known = strings_of((*usual)->at(place));
    if (const auto pass = references.word("record", "passStatus")) known.emplace_back(pass->string());
    for (const JsonValue word : own->elements()) references.may_be(word, word.string(), known, "word of reports");
  }
  if (const auto checks = references.word("attach", "checks"))
    references.may_be(*checks, checks->string(), {std::string(evidence::string_at((*usual)->root(), "/attach/checks"))},
                      "place in reports");
  const auto items = references.ladder.find("items");
  const auto affirmations = references.word("affirmations", "words");
  if (!items || !affirmations) return;
  for (const JsonValue::Member item : items->members()) {
    const auto must = item.value.find("mustAffirm");
    if (!must) continue;
    for (const JsonValue word : must->elements())
      references.must_be(word, word.string(), keys_of(affirmations), "affirmation");
  }
}

// What a decision asks of reports: flags that the load engine writes, commands that the matrix names.
void check_decision(References& references) {
  const auto decision = references.ladder.find("decision");
  if (!decision) return;
  const std::string environment = "/evidence/environmentProfile/";
  Names written;
  for (const std::string_view field :
       {"includeMutations", "includeSse", "includeOperator", "expectQuotaRejections", "strict"})
    written.push_back(environment + std::string(field));
  for (const std::string_view pattern :
       {"/targets/*/urlKey", "/targets/*/token/providedKey", "/variables/*/reportKey"}) {
    rules::PointerPattern::parse(pattern)->each(references.catalogue, [&](const rules::Place& place) {
      written.push_back(environment + std::string(place.value.string()));
    });
  }
  const auto whole = [&](const JsonValue& pointer) {
    references.may_be(pointer, pointer.string(), written, "place in the report of a run");
  };
  if (const auto quota = decision->find("quotaExpected")) whole(*quota);
  const auto skips = decision->find("skips");
  if (skips) {
    for (const JsonValue skip : skips->elements()) {
      if (const auto at = skip.find("at")) whole(*at);
    }
  }
  Names words;
  const auto items = references.placed(references.matrix, "matrix", "items");
  const auto commands = references.word("matrix", "itemCommands");
  const auto requirements = decision->find("requirements");
  if (!items || !commands || !requirements) return;
  for (const JsonValue::Member item : items->members()) {
    for (const std::string& word : command_words(item.value, commands->string())) words.push_back(word);
  }
  for (const JsonValue requirement : requirements->elements()) {
    const auto command = requirement.find("command");
    if (command && !named_by(words, command->string()))
      references.may_be(*command, command->string(), words, "command of the matrix that names");
  }
}

}  // namespace

void check_ladder_references(References& references) {
  check_rungs(references);
  check_profiles(references);
  check_items(references);
  check_images(references);
  check_places(references);
  check_statuses(references);
  check_claim_statuses(references);
  check_decision(references);
  check_usual_words(references);
}

}  // namespace launchgate::validator
