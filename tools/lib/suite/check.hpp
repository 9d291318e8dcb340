#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/finding/finding.hpp"
#include "lib/finding/rule_list.hpp"
#include "lib/rules/json_rule.hpp"
#include "lib/rules/pack.hpp"
#include "lib/suite/workspace.hpp"

namespace launchgate::suite {

// What a tool checks of documents of one kind beyond their schema and packs. The function is pure.
struct KindCheck {
  std::string kind;
  std::vector<finding::RuleInfo> rules;
  std::vector<finding::Finding> (*run)(const rules::JsonSubject& subject);
};

// What a check of a whole document, of any format, may ask.
struct DocumentContext {
  const LoadedDocument& document;
  const rules::Documents& documents;  // the JSON documents at hand, by kind
  const rules::Repository& repository;
  Workspace& workspace;
  // Take what an allowance leaves out, and what is counted only; from any thread.
  std::function<void(finding::Allowed)> allowed;
  std::function<void(const finding::Tally&)> counted;
  // A pack by its name, loaded once a run.
  std::function<base::Result<std::shared_ptr<const rules::Pack>>(const std::string& name)> pack;
};

// A check that applies to documents whatever their kind, for example of their text. Both functions are called from
// several threads at a time.
struct DocumentCheck {
  std::function<base::Result<std::vector<finding::Finding>>(const DocumentContext& context)> run;
  // The rules beyond those of the binding's packs.
  std::function<base::Result<finding::RuleList>(const DocumentBinding& binding, Workspace& workspace)> rules;
  // They depend on the binding's audience alone, and are asked for once for each.
  bool rules_by_audience = false;
};

// What a check of the suite as a whole may ask: how its documents refer to each other.
struct SuiteContext {
  const rules::Documents& documents;
  const rules::Repository& repository;
  Workspace& workspace;
};

// Run once, when everything that is configured is checked.
struct SuiteCheck {
  std::vector<finding::RuleInfo> rules;
  base::Result<std::vector<finding::Finding>> (*run)(const SuiteContext& context);
};

// A tool's share of the suite.
struct Validator {
  std::vector<std::string> kinds;  // empty: every configured kind
  std::vector<KindCheck> checks;
  std::string kind_of_other_files;  // the kind of a file that the configuration does not name; empty: it is skipped
  std::vector<DocumentCheck> document_checks = {};
  std::optional<DocumentFormat> format = std::nullopt;  // only documents of this format
  std::vector<SuiteCheck> suite_checks = {};
};

struct SkippedFile {
  std::string file;
  std::string reason;
};

struct CheckOutcome {
  std::vector<finding::Finding> findings;
  finding::RuleList rules;
  std::vector<SkippedFile> skipped;
  std::vector<finding::Allowed> allowed;
  finding::Tally more;  // findings that are not kept
  std::size_t documents = 0;
  bool unreadable = false;
  // What waivers may ask, where the tool knows it: the claim name of the tier, and rules that exist and did not apply
  // in this run.
  std::string tier;
  bool items_judged = false;  // whether findings say which evidence item they are about
  std::vector<finding::RuleInfo> idle_rules;
};

// Checks what `paths` (files and folders as on the command line) name, or without any all configured documents of the
// validator's kinds. When a configured document is named, all of the validator's configured documents are checked, so
// that rules across files hold. Documents that rules refer to are loaded too. Errors are `configuration` errors: a
// schema or a pack is wrong.
base::Result<CheckOutcome> check_documents(Workspace& workspace, const Validator& validator,
                                           const std::vector<std::string>& paths);

// The bindings that check_documents would load for `paths`, for tools that show documents.
std::vector<DocumentBinding> choose_bindings(const Workspace& workspace, const Validator& validator,
                                             const std::vector<std::string>& paths);

// The rules that would be applied, for --list-rules and --explain.
base::Result<std::vector<finding::RuleInfo>> list_rules(Workspace& workspace, const Validator& validator);

}  // namespace launchgate::suite
