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

// What is asked of a pack beside its structure.
struct Loading {
  bool patterns = true;  // compiled now; else each on first use
  bool examples = true;
};
// Of packs that are built in: a test has compiled every pattern.
inline constexpr Loading proven{false, true};

// Strict: an unknown field or kind, a wrong type, a repeated id, fewer than two examples a side or a pattern that RE2
// refuses is a configuration error with its position.
base::Result<Pack> load_pack(std::string path, std::string text, Loading loading = {});
base::Result<Pack> load_pack(std::shared_ptr<const document::JsonDocument> document, Loading loading = {});

// One rule as a pack holds it, in the pack of that name.
Rule load_rule(const document::JsonValue& value, const std::string& pack, Loading loading, PackReading& reading,
               std::optional<base::Error>& error);

// What the pack's rules over JSON find in a document; its other rules are left alone. The error is one of the pack.
base::Result<std::vector<finding::Finding>> check_json(const Pack& pack, const JsonSubject& subject);
base::Result<void> check_json(const Rule& rule, const JsonSubject& subject, std::vector<finding::Finding>& findings);

}  // namespace launchgate::rules
