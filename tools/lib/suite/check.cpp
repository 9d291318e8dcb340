#include "lib/suite/check.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <tuple>

#include "lib/base/parallel.hpp"
#include "lib/io/glob.hpp"
#include "lib/io/path.hpp"
#include "lib/rules/pack.hpp"
#include "lib/schema/schema.hpp"
#include "lib/suite/rulebook.hpp"
#include "lib/suite/workspace_repository.hpp"

namespace launchgate::suite {
namespace {

constexpr std::string_view harness_kind = "harness";

struct Chosen {
  std::vector<DocumentBinding> bindings;
  std::vector<SkippedFile> skipped;
  std::vector<std::string> missing;  // named on the command line
};

bool contains(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::vector<DocumentBinding> bindings_of(const Workspace& workspace, const Validator& validator) {
  std::vector<DocumentBinding> bindings = workspace.bindings(validator.kinds);
  if (validator.format)
    std::erase_if(bindings, [&](const DocumentBinding& binding) { return binding.kind.format != *validator.format; });
  return bindings;
}

// What a file of a kind must satisfy that no entry names, such as a private record. Where the repository's own document
// of the kind has a schema of its own, that and its packs hold for every document of its sort.
Kind kind_beside(const std::vector<DocumentBinding>& everything, const Kind& kind) {
  const auto own = std::find_if(everything.begin(), everything.end(), [&](const DocumentBinding& binding) {
    return binding.kind.name == kind.name && binding.kind.schema != kind.schema;
  });
  return own == everything.end() ? kind : own->kind;
}

Chosen choose(const Workspace& workspace, const Validator& validator, const std::vector<std::string>& paths) {
  Chosen chosen;
  const std::vector<DocumentBinding> configured = bindings_of(workspace, validator);
  if (paths.empty()) {
    chosen.bindings = configured;
    return chosen;
  }
  const std::vector<DocumentBinding> everything = workspace.bindings({});
  bool any_configured = false;
  std::vector<DocumentBinding> others;
  for (const std::string& path : paths) {
    const std::string relative = workspace.to_root_relative(path);
    const io::FileStatus status = workspace.disk().status(workspace.on_disk(relative));
    if (status.kind == io::FileKind::missing &&
        workspace.disk().link_status(workspace.on_disk(relative)).kind == io::FileKind::missing) {
      chosen.missing.push_back(path);
      continue;
    }
    if (status.kind == io::FileKind::directory) {
      const bool holds = std::any_of(configured.begin(), configured.end(), [&](const DocumentBinding& binding) {
        return relative == "." || io::is_inside(relative, binding.path);
      });
      if (holds) {
        any_configured = true;
      } else {
        chosen.skipped.push_back({relative, "holds no configured document"});
      }
      continue;
    }
    const auto same = [&](const DocumentBinding& binding) { return binding.path == relative; };
    if (std::any_of(configured.begin(), configured.end(), same)) {
      any_configured = true;
    } else if (const auto other = std::find_if(everything.begin(), everything.end(), same); other != everything.end()) {
      chosen.skipped.push_back({relative, "configured as " + other->kind.name});
    } else if (const auto kind = workspace.configuration().kinds.find(validator.kind_of_other_files);
               kind != workspace.configuration().kinds.end()) {
      others.push_back({relative, kind_beside(everything, kind->second), true, false});
    } else {
      chosen.skipped.push_back({relative, "no kind is configured"});
    }
  }
  if (any_configured) chosen.bindings = configured;
  chosen.bindings.insert(chosen.bindings.end(), others.begin(), others.end());
  return chosen;
}

void append(std::vector<finding::Finding>& all, std::vector<finding::Finding> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

// What the schema refuses is not judged by the packs as well: a value of the wrong type is one finding, not three.
std::vector<finding::Finding> leave_out_refused(std::vector<finding::Finding> found,
                                                const std::set<std::string>& refused) {
  std::erase_if(found, [&](const finding::Finding& finding) { return refused.contains(finding.json_pointer); });
  return found;
}

// One list of rules for the whole run.
class RuleTable {
 public:
  void add(const finding::RuleList& rules) { list_.add(rules); }
  // False from the second time on.
  bool is_new(const std::string& group) { return groups_.insert(group).second; }
  finding::RuleList take() const { return list_.sorted(); }

 private:
  std::set<std::string> groups_;
  finding::RuleList list_;
};

// The rules of checks that ask for a binding's audience alone. They take a while to read, and are read while the
// documents are.
class AudienceRules {
 public:
  using Rules = base::Result<finding::RuleList>;

  void read(const std::vector<DocumentBinding>& bindings, Workspace& workspace, const Validator& validator) {
    for (std::size_t i = 0; i < validator.document_checks.size(); ++i) {
      const DocumentCheck& check = validator.document_checks[i];
      if (!check.rules || !check.rules_by_audience) continue;
      for (const DocumentBinding& binding : bindings) {
        const auto key = std::make_pair(i, binding.public_safe);
        if (!rules_.contains(key)) rules_.emplace(key, check.rules(binding, workspace));
      }
    }
  }
  const Rules& of(std::size_t check, const DocumentBinding& binding) const {
    return rules_.at({check, binding.public_safe});
  }

 private:
  std::map<std::pair<std::size_t, bool>, Rules> rules_;
};

base::Result<void> add_document_rules(RuleTable& table, const DocumentBinding& binding,
                                      const AudienceRules& by_audience, Workspace& workspace,
                                      const Validator& validator) {
  // Documents of one kind, packs and audience have the same rules.
  const std::string audience = binding.public_safe ? "+" : "-";
  std::string all = audience + binding.kind.name;
  for (const std::string& pack : binding.kind.packs) all += ' ' + pack;
  for (std::size_t i = 0; i < validator.document_checks.size(); ++i) {
    const DocumentCheck& check = validator.document_checks[i];
    if (!check.rules || !table.is_new(std::to_string(i) + (check.rules_by_audience ? audience : all))) continue;
    auto rules = check.rules_by_audience ? by_audience.of(i, binding) : check.rules(binding, workspace);
    if (!rules) return rules.error();
    table.add(*rules);
  }
  return {};
}

base::Result<void> add_kind_rules(RuleTable& table, Rulebook& book, const Kind& kind, const Validator& validator) {
  if (!table.is_new("kind " + kind.name)) return {};
  std::vector<finding::RuleInfo> loading = loading_rules(kind.rule_prefix);
  if (kind.format != DocumentFormat::json)
    std::erase_if(loading, [](const finding::RuleInfo& rule) { return rule.id.ends_with("/duplicate-key"); });
  table.add(std::move(loading));
  if (kind.schema) table.add(schema::rule_infos(kind.rule_prefix));
  for (const std::string& name : kind.packs) {
    auto pack = book.pack(name);
    if (!pack) return pack.error();
    table.add((*pack)->list());
  }
  for (const KindCheck& check : validator.checks) {
    if (check.kind == kind.name) table.add(check.rules);
  }
  return {};
}

// Checks depend on nothing but documents, so that they run side by side: one check over all documents after the other,
// each with a slot for what it finds. Reading the documents is the first task, and adds the others; the rules of
// audiences are read meanwhile.
class CheckRun {
 public:
  CheckRun(Workspace& workspace, const Validator& validator, bool some_paths, std::vector<DocumentBinding> bindings)
      : workspace_(workspace),
        validator_(validator),
        some_paths_(some_paths),
        bindings_(std::move(bindings)),
        book_(workspace.keeper().keep(std::make_unique<Rulebook>(workspace.resources()))),
        repository_(workspace) {}

  base::Result<void> run(CheckOutcome& outcome) {
    base::Result<void> loading;
    tasks_.add([&] {
      loading = load();
      if (loading) plan();
    });
    tasks_.add([&] { by_audience_.read(bindings_, workspace_, validator_); });
    tasks_.run();
    if (!loading) return loading;
    outcome.documents = count_documents();
    for (const DocumentBinding& binding : bindings_) {
      if (io::is_glob(binding.path) && !binding.required)
        outcome.skipped.push_back({binding.path, "the pattern matches no file"});
    }
    outcome.unreadable = loaded_.unreadable || support_.unreadable;
    append(outcome.findings, std::move(loaded_.findings));
    append(outcome.findings, std::move(support_.findings));
    outcome.allowed = std::move(allowed_);
    outcome.more = more_;
    for (std::optional<Findings>& findings : found_) {
      if (!*findings) return findings->error();
      append(outcome.findings, std::move(**findings));
    }
    say_once(outcome.findings);
    if (validator_.kinds.empty() && !bindings_.empty() && loaded_.documents.empty() && outcome.findings.empty())
      outcome.findings.push_back(nothing_checked());
    return list_rules(outcome);
  }

 private:
  // The user's own; what is built in says nothing of a repository.
  std::size_t count_documents() const {
    std::set<std::string> paths;
    for (const auto& document : loaded_.documents) paths.insert(document->binding.path);
    const bool own_catalogue = catalogue_kind_ != nullptr && !Resources::is_built_in(workspace_.operations());
    return paths.size() + (own_catalogue ? 1 : 0);
  }

  // A file that stands in several entries is judged by each; what they all find is one finding.
  static void say_once(std::vector<finding::Finding>& findings) {
    std::set<std::tuple<std::string, std::string, base::Position, base::Position, std::string>> seen;
    std::erase_if(findings, [&](const finding::Finding& one) {
      return one.span.begin.line > 0 &&
             !seen.emplace(one.rule_id, one.file, one.span.begin, one.span.end, one.message).second;
    });
  }

  finding::Finding nothing_checked() const {
    const auto rules = loading_rules("");
    const auto rule = std::find_if(rules.begin(), rules.end(),
                                   [](const finding::RuleInfo& one) { return one.id == "suite/nothing-checked"; });
    finding::Finding finding;
    finding.rule_id = rule->id;
    finding.file = workspace_.configuration().path;
    finding.message = rule->summary;
    finding.help = rule->help;
    return finding;
  }

  using Findings = base::Result<std::vector<finding::Finding>>;

  base::Result<void> load() {
    // The kinds of documents that rules refer to must be at hand, and sound, for those rules to mean anything.
    std::set<std::string> kinds_at_hand;
    std::set<std::string> packs;
    for (const DocumentBinding& binding : bindings_) {
      kinds_at_hand.insert(binding.kind.name);
      packs.insert(binding.kind.packs.begin(), binding.kind.packs.end());
    }
    std::vector<std::string> supporting;
    for (const std::string& pack_name : packs) {
      const auto pack = book_.pack(pack_name);
      if (!pack) return pack.error();
      for (const auto& [name, kind] : workspace_.configuration().kinds) {
        if (!kinds_at_hand.contains(name) && !contains(supporting, name) && (*pack)->refers_to(name))
          supporting.push_back(name);
      }
    }
    loaded_ = workspace_.load(bindings_);
    if (!supporting.empty()) support_ = workspace_.load(workspace_.bindings(supporting));
    return {};
  }

  // The operation catalogue comes from the configuration; it may be bound as a document too, and then is that document.
  bool is_catalogue(const LoadedDocument& document) const {
    return document.binding.kind.name == harness_kind &&
           io::normalize(document.binding.path) == io::normalize(workspace_.operations().path());
  }

  // Its kind, when it is to be checked beside the documents.
  const Kind* catalogue_kind() const {
    const bool is_bound = std::any_of(loaded_.documents.begin(), loaded_.documents.end(),
                                      [&](const auto& document) { return is_catalogue(*document); });
    const bool wants_json = !validator_.format || *validator_.format == DocumentFormat::json;
    const bool wanted = validator_.kinds.empty() || contains(validator_.kinds, std::string(harness_kind));
    if (is_bound || some_paths_ || !wants_json || !wanted) return nullptr;
    const auto kind = workspace_.configuration().kinds.find(std::string(harness_kind));
    return kind == workspace_.configuration().kinds.end() ? nullptr : &kind->second;
  }

  void add_task(std::function<Findings()> task) {
    std::optional<Findings>& slot = found_.emplace_back();
    tasks_.add([&slot, task = std::move(task)] { slot.emplace(task()); });
  }

  void plan() {
    documents_[std::string(rules::tiers_kind)].push_back(workspace_.tiers().root());
    documents_[std::string(harness_kind)].push_back(workspace_.operations().root());
    for (const auto* list : {&loaded_.documents, &support_.documents}) {
      for (const auto& document : *list) {
        if (document->json && !is_catalogue(*document))
          documents_[document->binding.kind.name].push_back(document->json->root());
      }
    }
    catalogue_kind_ = catalogue_kind();
    for (const auto& document : loaded_.documents) {
      if (document->json) add_task([this, document] { return check_json(document->binding.kind, *document->json); });
    }
    if (catalogue_kind_ != nullptr) add_task([this] { return check_json(*catalogue_kind_, workspace_.operations()); });
    for (const SuiteCheck& check : validator_.suite_checks)
      add_task([this, &check] { return check.run({documents_, repository_, workspace_}); });
    for (const DocumentCheck& check : validator_.document_checks) {
      for (const auto& document : loaded_.documents) {
        add_task([this, &check, document] {
          return check.run({*document, documents_, repository_, workspace_,
                            [this](finding::Allowed one) {
                              const std::lock_guard lock(told_mutex_);
                              allowed_.push_back(std::move(one));
                            },
                            [this](const finding::Tally& more) {
                              const std::lock_guard lock(told_mutex_);
                              more_.add(more);
                            },
                            [this](const std::string& name) { return book_.pack(name); }});
        });
      }
    }
  }

  Findings check_json(const Kind& kind, const document::JsonDocument& json) {
    std::vector<finding::Finding> findings;
    std::set<std::string> refused;
    if (kind.schema && !book_.was_validated(*kind.schema, json)) {
      auto compiled = book_.schema(*kind.schema);
      if (!compiled) return compiled.error();
      auto invalid = schema::validate(**compiled, json, kind.rule_prefix);
      for (const finding::Finding& finding : invalid) refused.insert(finding.json_pointer);
      append(findings, std::move(invalid));
    }
    const rules::JsonSubject subject{json.root(), documents_, repository_};
    for (const std::string& name : kind.packs) {
      auto pack = book_.pack(name);
      if (!pack) return pack.error();
      auto found = rules::check_json(**pack, subject);
      if (!found) return found;
      append(findings, leave_out_refused(std::move(*found), refused));
    }
    for (const KindCheck& check : validator_.checks) {
      if (check.kind == kind.name) append(findings, check.run(subject));
    }
    return findings;
  }

  base::Result<void> list_rules(CheckOutcome& outcome) {
    RuleTable table;
    for (const auto& document : loaded_.documents) {
      if (auto added = add_kind_rules(table, book_, document->binding.kind, validator_); !added) return added;
      if (auto added = add_document_rules(table, document->binding, by_audience_, workspace_, validator_); !added)
        return added;
    }
    if (catalogue_kind_ != nullptr) {
      if (auto added = add_kind_rules(table, book_, *catalogue_kind_, validator_); !added) return added;
    }
    for (const SuiteCheck& check : validator_.suite_checks) table.add(check.rules);
    outcome.rules = table.take();
    return {};
  }

  Workspace& workspace_;
  const Validator& validator_;
  const bool some_paths_;
  const std::vector<DocumentBinding> bindings_;
  Rulebook& book_;
  const WorkspaceRepository repository_;
  LoadOutcome loaded_;
  LoadOutcome support_;  // documents that rules refer to
  rules::Documents documents_;
  const Kind* catalogue_kind_ = nullptr;
  AudienceRules by_audience_;
  std::deque<std::optional<Findings>> found_;
  std::mutex told_mutex_;
  finding::Tally more_;
  std::vector<finding::Allowed> allowed_;  // in the order of the threads: sorted where they are reported
  base::TaskQueue tasks_;
};

}  // namespace

base::Result<CheckOutcome> check_documents(Workspace& workspace, const Validator& validator,
                                           const std::vector<std::string>& paths) {
  CheckOutcome outcome;
  Chosen chosen = choose(workspace, validator, paths);
  outcome.skipped = std::move(chosen.skipped);
  if (!chosen.missing.empty()) {
    return base::Error{
        base::ErrorCategory::input, chosen.missing.front(), {}, "does not exist", "name a file or folder that does"};
  }
  CheckRun run(workspace, validator, !paths.empty(), std::move(chosen.bindings));
  if (auto done = run.run(outcome); !done) return done.error();
  return outcome;
}

std::vector<DocumentBinding> choose_bindings(const Workspace& workspace, const Validator& validator,
                                             const std::vector<std::string>& paths) {
  return choose(workspace, validator, paths).bindings;
}

base::Result<std::vector<finding::RuleInfo>> list_rules(Workspace& workspace, const Validator& validator) {
  Rulebook book(workspace.resources());
  RuleTable table;
  const std::vector<DocumentBinding> bindings = bindings_of(workspace, validator);
  AudienceRules by_audience;
  by_audience.read(bindings, workspace, validator);
  for (const DocumentBinding& binding : bindings) {
    if (auto added = add_kind_rules(table, book, binding.kind, validator); !added) return added.error();
    if (auto added = add_document_rules(table, binding, by_audience, workspace, validator); !added)
      return added.error();
  }
  for (const std::string& name : validator.kinds) {
    const auto kind = workspace.configuration().kinds.find(name);
    if (kind == workspace.configuration().kinds.end()) continue;
    if (auto added = add_kind_rules(table, book, kind->second, validator); !added) return added.error();
  }
  for (const SuiteCheck& check : validator.suite_checks) table.add(check.rules);
  return table.take().read();
}

}  // namespace launchgate::suite
