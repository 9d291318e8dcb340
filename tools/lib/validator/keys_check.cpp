#include "lib/evidence/believable.hpp"
#include "lib/evidence/key_forms.hpp"
#include "lib/validator/checks.hpp"

namespace launchgate::validator {
namespace {

using document::JsonKind;
using document::JsonValue;
using finding::Finding;
using finding::RuleInfo;

RuleInfo key_rule() {
  return {"suite/key-in-data",
          finding::Severity::error,
          "a launch artefact that is data holds what looks like a key",
          "remove it; an example of a key belongs into a runbook",
          "whoever reads targets, a matrix or a record cannot tell an example from a key that someone pasted",
          R"({"note": "sk-abcdefghijklmnopqrstuvwxyz"})",
          R"({"note": "{api-key}"})"};
}

std::vector<Finding> check_keys(const rules::JsonSubject& subject) {
  std::vector<Finding> findings;
  const auto ladders = subject.documents.find(rules::tiers_kind);
  if (ladders == subject.documents.end() || ladders->second.empty()) return findings;
  const auto forms = evidence::load_key_forms(ladders->second.front().document());
  if (!forms) return findings;  // a ladder that cannot be read is refused where it is loaded
  const auto look = [&](const JsonValue& value) {
    for (const evidence::PrivateValue& form : *forms) {
      if (!evidence::holds(form, value.string())) continue;
      const RuleInfo rule = key_rule();
      findings.push_back(finding::make_finding(rule, value.document().source(), value.span(),
                                               "holds what looks like a " + form.name + ", example or not", rule.help));
      findings.back().json_pointer = value.pointer();
      findings.back().excerpt = {};  // the line would show it
      return;
    }
  };
  evidence::walk(subject.root, [&](const std::optional<JsonValue>& key, const JsonValue& value) {
    if (key) look(*key);
    if (value.is(JsonKind::string)) look(value);
    return true;
  });
  return findings;
}

}  // namespace

suite::KindCheck keys_check(std::string kind) { return {std::move(kind), {key_rule()}, check_keys}; }

}  // namespace launchgate::validator
