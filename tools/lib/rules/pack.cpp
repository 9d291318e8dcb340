#include "lib/rules/pack.hpp"

#include <algorithm>
#include <map>

#include "lib/base/ascii.hpp"
#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"

namespace launchgate::rules {

using document::JsonDocument;
using document::JsonKind;
using document::JsonValue;

namespace {

constexpr std::size_t least_examples = 2;
constexpr std::size_t longest_example = 2000;

bool is_name(std::string_view text) {
  if (text.empty() || text.front() == '-' || text.back() == '-') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return base::is_lower(c) || base::is_digit(c) || c == '-'; });
}

std::string read_name(Fields& fields, std::string_view field) {
  std::string text = fields.text(field);
  if (!fields.failed() && !is_name(text)) {
    fields.refuse(*fields.object().find(field),
                  '"' + std::string(field) + "\" must be a name of lower-case letters, digits and \"-\"");
  }
  return text;
}

void check_json_example(Fields& examples, const JsonValue& example, std::optional<base::Error>& error) {
  Fields fields(example, "example", error);
  const bool lacks = !fields.value("document") && !fields.failed();
  if (lacks && !fields.refuse_misspelt({"document"}))
    examples.refuse(example, "the example lacks the field \"document\"");
  (void)fields.value("files", JsonKind::array, false);
  (void)fields.value("scripts", JsonKind::array, false);
  (void)fields.value("documents", JsonKind::object, false);
  fields.finish();
}

std::vector<JsonValue> read_examples(Fields& examples, std::string_view name, Input input,
                                     std::optional<base::Error>& error) {
  std::vector<JsonValue> out;
  const auto list = examples.value(name, JsonKind::array, true);
  if (!list) return out;
  if (list->size() < least_examples) {
    examples.refuse(*list, "a rule needs at least two examples under \"" + std::string(name) + '"',
                    name == "match" ? "show documents on which the rule fires"
                                    : "show near misses on which the rule does not fire");
  }
  for (const JsonValue example : list->elements()) {
    if (input == Input::json) {
      check_json_example(examples, example, error);
    } else if (!example.is(JsonKind::string)) {
      examples.refuse(example, "examples of rules over text are strings");
    }
    out.push_back(example);
  }
  return out;
}

std::string example_text(const std::vector<JsonValue>& examples) {
  if (examples.empty()) return {};
  const JsonValue& first = examples.front();
  if (first.is(JsonKind::string)) return std::string(base::utf8_prefix(first.string(), longest_example));
  const auto shown = first.find("document");
  return shown ? std::string(base::utf8_prefix(shown->raw(), longest_example)) : std::string();
}

const Kind* read_kind(Fields& fields) {
  const std::string text = fields.text("kind");
  const Kind* kind = find_kind(text);
  if (kind == nullptr && !fields.failed()) {
    std::vector<std::string> names;
    for (const Kind& known : kinds()) names.emplace_back(known.name);
    const std::string near = base::did_you_mean(text, names);
    fields.refuse(*fields.object().find("kind"),
                  "unknown kind of rule \"" + base::printable(base::utf8_prefix(text, 60)) + '"',
                  near.empty() ? "the kinds are " + base::quoted_list(names, "and", 20) : near);
  }
  return kind;
}

void read_rules(Fields& fields, Pack& pack, std::optional<base::Error>& error) {
  const auto list = fields.value("rules", JsonKind::array, true);
  if (!list) return;
  if (list->size() == 0) fields.refuse(*list, "a pack must have at least one rule");
  std::map<std::string, base::Position, std::less<>> seen;
  for (const JsonValue value : list->elements()) {
    Rule rule = load_rule(value, pack.name, pack.harmless, error);
    if (error) return;
    const auto [first, fresh] = seen.emplace(rule.info.id, rule.position);
    if (!fresh) {
      fields.refuse(*value.find("id"),
                    "the pack has a rule of this id at line " + std::to_string(first->second.line) + " already");
      return;
    }
    pack.rules.push_back(std::move(rule));
  }
}

base::Result<void> prepare_all(const std::vector<const Pattern*>& patterns) {
  for (const Pattern* pattern : patterns) {
    if (auto compiled = pattern->compiled(); !compiled) return std::move(compiled).error();
  }
  return {};
}

void collect(const std::optional<Pattern>& pattern, std::vector<const Pattern*>& out) {
  if (pattern) out.push_back(&*pattern);
}

void collect(const std::vector<Pattern>& patterns, std::vector<const Pattern*>& out) {
  for (const Pattern& pattern : patterns) out.push_back(&pattern);
}

void collect(const Wanted& wanted, std::vector<const Pattern*>& out) {
  for (const auto& phrase : wanted.phrases) out.push_back(&phrase.pattern);
  for (const auto& phrase : wanted.any) out.push_back(&phrase.pattern);
  collect(wanted.pattern, out);
  collect(wanted.when, out);
}

struct PatternsOf {
  std::vector<const Pattern*> operator()(const JsonRule&) const { return {}; }
  std::vector<const Pattern*> operator()(const Order&) const { return {}; }
  std::vector<const Pattern*> operator()(const Structure&) const { return {}; }
  std::vector<const Pattern*> operator()(const Require& rule) const {
    std::vector<const Pattern*> out;
    collect(rule.wanted, out);
    return out;
  }
  std::vector<const Pattern*> operator()(const Forbid& rule) const {
    std::vector<const Pattern*> out;
    collect(rule.wanted, out);
    collect(rule.unless, out);
    return out;
  }
  std::vector<const Pattern*> operator()(const Claim& rule) const {
    std::vector<const Pattern*> out;
    collect(rule.pattern, out);
    if (!rule.boundary) return out;
    collect(rule.boundary->bounds, out);
    collect(rule.boundary->affirms, out);
    collect(rule.boundary->clauses, out);
    collect(rule.boundary->governs, out);
    return out;
  }
  std::vector<const Pattern*> operator()(const Secret& rule) const {
    std::vector<const Pattern*> out;
    collect(rule.pattern, out);
    collect(rule.allow_paths, out);
    collect(rule.allow_values, out);
    collect(rule.allow_lines, out);
    collect(rule.needs, out);
    return out;
  }
};

}  // namespace

Rule load_rule(const JsonValue& value, const std::string& pack, const std::shared_ptr<const Harmless>& harmless,
               std::optional<base::Error>& error) {
  Rule rule;
  Fields fields(value, "rule", error);
  fields.set_harmless(harmless);
  const std::string id = read_name(fields, "id");
  rule.info.id = pack + '/' + id;
  if (const auto at = value.find("id")) rule.position = at->span().begin;
  rule.kind = read_kind(fields);
  if (rule.kind == nullptr) return rule;
  static const std::vector<std::string> severities = {"note", "warning", "error"};
  rule.info.severity = static_cast<finding::Severity>(fields.one_of("severity", severities, std::nullopt));
  rule.info.summary = fields.text("message");
  rule.info.help = fields.text("help");
  rule.info.why = fields.optional_text("why");
  if (fields.failed()) return rule;
  rule.body = rule.kind->load(fields);
  if (!fields.has("examples")) (void)fields.value("examples", JsonKind::object, true);
  fields.object("examples", "examples", [&](Fields& examples) {
    rule.match = read_examples(examples, "match", rule.kind->input, error);
    rule.pass = read_examples(examples, "pass", rule.kind->input, error);
  });
  rule.info.wrong = example_text(rule.match);
  rule.info.right = example_text(rule.pass);
  fields.finish();
  return rule;
}

base::Result<Pack> load_pack(std::shared_ptr<const JsonDocument> document) {
  Pack pack;
  pack.document = std::move(document);
  std::optional<base::Error> error;
  Fields fields(pack.document->root(), "rule pack", error);
  (void)fields.value("$schema");
  const auto version = fields.value("schemaVersion", JsonKind::number, true);
  if (version && version->integer() != 1)
    fields.refuse(*version, "this version of rule packs is not known", "\"schemaVersion\" must be 1");
  pack.name = read_name(fields, "pack");
  pack.title = fields.text("title");
  pack.description = fields.text("description");
  pack.harmless = load_harmless(fields);
  const std::optional<Boundary> boundary = load_boundary(fields);
  if (!fields.failed()) read_rules(fields, pack, error);
  // Shared, so that the patterns are compiled once.
  for (Rule& rule : pack.rules) {
    if (auto* claim = std::get_if<Claim>(&rule.body); claim != nullptr && !claim->boundary) claim->boundary = boundary;
  }
  fields.finish();
  if (error) return *error;
  return pack;
}

base::Result<Pack> load_pack(std::string path, std::string text) {
  auto document = JsonDocument::parse(std::move(path), std::move(text));
  if (!document) {
    base::Error error = std::move(document).error();
    error.category = base::ErrorCategory::configuration;
    return error;
  }
  return load_pack(std::make_shared<const JsonDocument>(std::move(*document)));
}

base::Result<void> prepare(const Pack& pack) {
  std::vector<const Pattern*> placeholders;
  collect(pack.harmless->placeholders, placeholders);
  if (auto done = prepare_all(placeholders); !done) return done;
  for (const Rule& rule : pack.rules) {
    if (auto done = prepare_all(std::visit(PatternsOf(), rule.body)); !done) return done;
    if (const auto* json = std::get_if<JsonRule>(&rule.body)) {
      if (auto done = (*json)->prepare(); !done) return done;
    }
  }
  return {};
}

base::Result<void> check_json(const Rule& rule, const JsonSubject& subject, std::vector<finding::Finding>& findings) {
  const auto* matcher = std::get_if<JsonRule>(&rule.body);
  if (matcher == nullptr) return {};
  Reporter reporter(rule.info, findings);
  return (*matcher)->match(subject, reporter);
}

base::Result<std::vector<finding::Finding>> check_json(const Pack& pack, const JsonSubject& subject) {
  std::vector<finding::Finding> findings;
  for (const Rule& rule : pack.rules) {
    if (auto done = check_json(rule, subject, findings); !done) return std::move(done).error();
  }
  return findings;
}

}  // namespace launchgate::rules
