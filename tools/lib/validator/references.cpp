#include "lib/validator/references.hpp"

#include <algorithm>

#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/validator/checks.hpp"

namespace launchgate::validator {

using document::JsonKind;
using document::JsonValue;

namespace {

std::optional<JsonValue> first(const rules::Documents& documents, std::string_view kind) {
  const auto found = documents.find(kind);
  if (found == documents.end() || found->second.empty()) return std::nullopt;
  return found->second.front();
}

base::Result<std::vector<finding::Finding>> check_references(const suite::SuiteContext& context) {
  if (suite::Resources::is_built_in(context.workspace.tiers()) &&
      suite::Resources::is_built_in(context.workspace.operations()))
    return std::vector<finding::Finding>();
  References references(context);
  if (!suite::Resources::is_built_in(context.workspace.tiers())) {
    check_ladder_references(references);
    check_matrix_references(references);
    check_record_references(references);
  }
  if (!suite::Resources::is_built_in(context.workspace.operations())) check_catalogue_references(references);
  return references.take();
}

}  // namespace

finding::RuleInfo unknown_name_rule() {
  return {"references/unknown-name",
          finding::Severity::error,
          "a name of the ladder, the matrix, the record, the targets or the catalogue refers to nothing",
          "correct the name, or add what it refers to",
          "what refers to nothing is not judged: a gate whose threshold is misspelt passes whatever was measured",
          R"({"defaultProfile": "loacl"})",
          R"({"defaultProfile": "local"})"};
}

References::References(const suite::SuiteContext& context)
    : ladder(context.workspace.tiers().root()),
      catalogue(context.workspace.operations().root()),
      matrix(first(context.documents, rules::matrix_kind)),
      record(first(context.documents, record_kind)),
      targets(first(context.documents, profiles_kind)),
      context_(context),
      commands_(suite::Commands::read(context.workspace)) {}

void References::tell(const JsonValue& at, std::string message, std::string help) {
  finding::Finding finding = finding::make_finding(unknown_name_rule(), at.document().source(), at.span(),
                                                   std::move(message), std::move(help));
  finding.json_pointer = at.pointer();
  findings_.push_back(std::move(finding));
}

void References::must_be(const JsonValue& at, std::string_view name, const Names& known, std::string_view what) {
  if (is_one_of(known, name)) return;
  std::string help = base::did_you_mean(name, known);
  if (help.empty()) help = known.empty() ? "there is none" : "known: " + base::quoted_list(known, "and");
  tell(at, "there is no " + std::string(what) + " " + rules::quoted(name), std::move(help));
}

void References::may_be(const JsonValue& at, std::string_view name, const Names& known, std::string_view what) {
  const auto meant = slip_of(name, known);
  if (meant)
    tell(at, "there is no " + std::string(what) + " " + rules::quoted(name),
         "did you mean " + rules::quoted(*meant) + "?");
}

void References::must_run(const JsonValue& command) {
  if (!command.is(JsonKind::string)) return;
  if (command.string().starts_with('{'))
    return tell(command, rules::quoted(command.string()) + " is to be filled in",
                "write the command that produces the evidence, as people type it");
  if (auto problem = commands_.problem(command.string()))
    tell(command, rules::quoted(command.string()) + ": " + problem->message, std::move(problem->help));
}

std::optional<JsonValue> References::word(std::string_view section, std::string_view member) const {
  const auto part = ladder.find(section);
  return part ? part->find(member) : std::nullopt;
}

std::optional<JsonValue> References::placed(const std::optional<JsonValue>& root, std::string_view section,
                                            std::string_view member) const {
  const auto pointer = word(section, member);
  if (!root || !pointer) return std::nullopt;
  const std::string inner = root->pointer();
  return root->document().at(inner + std::string(pointer->string()));
}

Names keys_of(const std::optional<JsonValue>& object) {
  Names names;
  if (!object) return names;
  for (const JsonValue::Member member : object->members()) names.emplace_back(member.name());
  return names;
}

Names strings_of(const std::optional<JsonValue>& list) {
  Names names;
  if (!list) return names;
  for (const JsonValue element : list->elements()) {
    if (element.is(JsonKind::string)) names.emplace_back(element.string());
  }
  return names;
}

bool is_one_of(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::optional<std::string> slip_of(std::string_view name, const Names& known) {
  if (is_one_of(known, name) || name.size() < 3) return std::nullopt;
  for (const std::string& one : known) {
    if (base::edit_distance(name, one, 1) <= 1) return one;
  }
  return std::nullopt;
}

Names steps(const References& references, std::string_view member) {
  Names names;
  if (const auto ladder = references.ladder.find("ladder")) {
    for (const JsonValue step : ladder->elements()) {
      if (const auto name = step.find(member); name && name->is(JsonKind::string)) names.emplace_back(name->string());
    }
  }
  return names;
}

suite::SuiteCheck references_check() { return {{unknown_name_rule()}, check_references}; }

}  // namespace launchgate::validator
