#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"
#include "lib/finding/finding.hpp"
#include "lib/rules/harmless.hpp"
#include "lib/rules/json_rule.hpp"
#include "lib/rules/kinds.hpp"

// Rule packs: docs/rule-packs.md describes the format.
namespace launchgate::rules {

struct Rule {
  finding::RuleInfo info;  // id is "<pack>/<id>"; summary is the pack's `message`
  const Kind* kind = nullptr;
  Body body;
  std::vector<document::JsonValue> match;  // examples that make it fire
  std::vector<document::JsonValue> pass;
  base::Position position;  // of the rule's id
};

struct Pack {
  std::shared_ptr<const document::JsonDocument> document;  // examples and positions refer to it
  std::string name;
  std::string title;
  std::string description;
  std::shared_ptr<const Harmless> harmless;  // never null once loaded
  std::vector<Rule> rules;
};

// Strict: an unknown field or kind, a wrong type, a repeated id or fewer than two examples a side is a configuration
// error with its position. Patterns are compiled on first use; prepare() does it now.
base::Result<Pack> load_pack(std::string path, std::string text);
base::Result<Pack> load_pack(std::shared_ptr<const document::JsonDocument> document);
base::Result<void> prepare(const Pack& pack);

// One rule as a pack holds it, in the pack of that name.
Rule load_rule(const document::JsonValue& value, const std::string& pack,
               const std::shared_ptr<const Harmless>& harmless, std::optional<base::Error>& error);

// What the pack's rules over JSON find in a document; its other rules are left alone. The error is one of the pack.
base::Result<std::vector<finding::Finding>> check_json(const Pack& pack, const JsonSubject& subject);
base::Result<void> check_json(const Rule& rule, const JsonSubject& subject, std::vector<finding::Finding>& findings);

}  // namespace launchgate::rules
