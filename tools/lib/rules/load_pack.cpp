#include <algorithm>
#include <map>

#include "lib/base/ascii.hpp"
#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/rules/pack.hpp"

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

std::vector<Rule> read_rules(Fields& fields, const std::string& pack, Loading loading, PackReading& reading,
                             std::optional<base::Error>& error) {
  std::vector<Rule> rules;
  const auto list = fields.value("rules", JsonKind::array, true);
  if (!list) return rules;
  if (list->size() == 0) fields.refuse(*list, "a pack must have at least one rule");
  std::map<std::string, base::Position, std::less<>> seen;
  for (const JsonValue value : list->elements()) {
    Rule rule = load_rule(value, pack, loading, reading, error);
    if (error) return rules;
    reading.ends.push_back(reading.patterns.size());
    const auto [first, fresh] = seen.emplace(rule.info.id, rule.position);
    if (!fresh) {
      fields.refuse(*value.find("id"),
                    "the pack has a rule of this id at line " + std::to_string(first->second.line) + " already");
      return rules;
    }
    rules.push_back(std::move(rule));
  }
  return rules;
}

// Those of the pack as a whole included, in their order.
base::Result<void> compile_all(const std::vector<Pattern>& patterns) {
  for (const Pattern& pattern : patterns) {
    if (auto compiled = pattern.compiled(); !compiled) return compiled.error();
  }
  return {};
}

}  // namespace

Rule load_rule(const JsonValue& value, const std::string& pack, Loading loading, PackReading& reading,
               std::optional<base::Error>& error) {
  Rule rule;
  Fields fields(value, "rule", error, &reading);
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
  if (loading.examples) {
    if (!fields.has("examples")) (void)fields.value("examples", JsonKind::object, true);
    fields.object("examples", "examples", [&](Fields& examples) {
      rule.match = read_examples(examples, "match", rule.kind->input, error);
      rule.pass = read_examples(examples, "pass", rule.kind->input, error);
    });
  } else {
    (void)fields.value("examples");
  }
  rule.info.wrong = example_text(rule.match);
  rule.info.right = example_text(rule.pass);
  fields.finish();
  return rule;
}

void load_common(Fields& fields, PackReading& reading) {
  reading.harmless = load_harmless(fields);
  if (auto boundary = load_boundary(fields)) reading.boundary = std::make_shared<const Boundary>(std::move(*boundary));
}

base::Result<Pack> load_pack(std::shared_ptr<const JsonDocument> document, Loading loading) {
  std::optional<base::Error> error;
  PackReading reading;
  Fields fields(document->root(), "rule pack", error, &reading);
  (void)fields.value("$schema");
  const auto version = fields.value("schemaVersion", JsonKind::number, true);
  if (version && version->integer() != 1)
    fields.refuse(*version, "this version of rule packs is not known", "\"schemaVersion\" must be 1");
  const std::string name = read_name(fields, "pack");
  (void)fields.text("title");
  (void)fields.text("description");
  load_common(fields, reading);
  reading.ends.push_back(reading.patterns.size());
  std::vector<Rule> rules;
  if (!fields.failed()) rules = read_rules(fields, name, loading, reading, error);
  fields.finish();
  if (error) return *error;
  if (loading.patterns) {
    if (auto compiled = compile_all(reading.patterns); !compiled) return compiled.error();
  }
  std::vector<std::vector<std::string>> facts;  // of the pack itself, then of each rule
  std::size_t pattern = 0;
  for (const std::size_t end : loading.facts ? reading.ends : std::vector<std::size_t>()) {
    facts.emplace_back();
    for (; pattern < end; ++pattern) facts.back().push_back(reading.patterns[pattern].facts());
  }
  std::string index = PackIndex::write(*document, reading.kinds, facts);
  return Pack::loaded(std::move(index), std::move(document), std::move(reading), std::move(rules));
}

base::Result<Pack> load_pack(std::string path, std::string text, Loading loading) {
  auto document = JsonDocument::parse(std::move(path), std::move(text));
  if (!document) {
    base::Error error = document.error();
    error.category = base::ErrorCategory::configuration;
    return error;
  }
  return load_pack(std::make_shared<const JsonDocument>(std::move(*document)), loading);
}

}  // namespace launchgate::rules
