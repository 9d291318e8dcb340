#include "launchgate/rules_verb.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "launchgate/change_check.hpp"
#include "launchgate/origins.hpp"
#include "launchgate/rule_groups.hpp"
#include "leaks/leaks_rules.hpp"
#include "lib/base/utf8.hpp"
#include "lib/evidence/findings.hpp"
#include "lib/io/path.hpp"
#include "lib/prose/check.hpp"
#include "lib/rules/examples.hpp"
#include "lib/rules/pack.hpp"
#include "lib/secrets/trial.hpp"
#include "lib/suite/waivers.hpp"
#include "lib/validator/checks.hpp"
#include "report/figures.hpp"
#include "report/filled.hpp"

namespace launchgate::suite_tool {
namespace {

template <typename T>
std::unique_ptr<cli::Tool> make() {
  return std::make_unique<T>();
}

// A rules file that is a pack; tier ladders and catalogues live beside them.
bool is_pack(const document::JsonDocument& document) { return document.root().find("pack").has_value(); }

// Of every kind, bound or not, so that whatever a finding names can be asked for.
base::Result<std::vector<finding::RuleInfo>> all_rules(suite::Workspace& workspace) {
  suite::Validator all = validator::whole_suite();
  for (const auto& [name, kind] : workspace.configuration().kinds) all.kinds.push_back(name);
  auto rules = suite::list_rules(workspace, all);
  if (!rules) return rules;
  const suite::LeakSettings& leaks = workspace.configuration().leaks;
  std::vector<std::string> packs = leaks.packs;
  packs.insert(packs.end(), leaks.public_safe_packs.begin(), leaks.public_safe_packs.end());
  for (const std::string& name : workspace.resources().rule_names()) {
    const auto document = workspace.resources().rules(name);
    if (!document) return document.error();
    if (is_pack(**document)) packs.push_back(name);
  }
  for (const std::string& name : packs) {
    const auto pack = workspace.resources().pack(name);
    if (!pack) return pack.error();
    for (std::size_t i = 0; i < (*pack)->size(); ++i) rules->push_back((*pack)->info(i));
  }
  for (const auto& more : {suite::waiver_rules(), evidence::evidence_rules(), leaks::own_rules(), change_rules(),
                           report_tool::filled_rules(), report_tool::figure_rules(), schema_rules()})
    rules->insert(rules->end(), more.begin(), more.end());
  std::sort(rules->begin(), rules->end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  rules->erase(std::unique(rules->begin(), rules->end(), [](const auto& a, const auto& b) { return a.id == b.id; }),
               rules->end());
  return rules;
}

// What the examples of some packs came to.
struct Trial {
  std::size_t packs = 0;
  std::size_t rules = 0;
  std::size_t examples = 0;
  std::vector<base::Error> wrong;    // examples
  std::vector<base::Error> refused;  // packs
};

// The error is one of the pack beyond its examples.
base::Result<void> try_pack(suite::Resources& resources, const std::string& name, Trial& trial) {
  const auto document = resources.rules(name);
  if (!document) return document.error();
  if (!is_pack(**document)) return {};
  const auto pack = rules::load_pack(*document);  // whole, with its examples
  if (!pack) {
    if (const auto bare = rules::load_pack(*document, {true, false}); !bare) return bare.error();
    trial.wrong.push_back(pack.error());
    return {};
  }
  ++trial.packs;
  trial.rules += pack->size();
  rules::ExampleReport tested = rules::test_examples(*pack, {prose::fires_on, secrets::secret_trial(*pack)});
  trial.examples += tested.examples;
  std::move(tested.errors.begin(), tested.errors.end(), std::back_inserter(trial.wrong));
  return {};
}

}  // namespace

std::vector<cli::Tool::Verb> RulesVerb::verbs() const {
  return {{"list", make<RulesListVerb>}, {"explain", make<ExplainVerb>}, {"test", make<RulesTestVerb>}};
}

cli::ExitCode RulesListVerb::run(cli::Process& process) {
  const auto opened = common_.open_workspace(process);
  if (!opened) return cli::fail(process, name(), opened.error());
  suite::Workspace& workspace = **opened;
  const auto rules = all_rules(workspace);
  if (!rules) return cli::fail(process, name(), rules.error());
  process.out.write(validator::rules_text(*rules));
  return cli::ExitCode::ok;
}

void ExplainVerb::describe(cli::OptionSet& options) {
  common_.describe(options);
  options.positionals(
      "RULE", common_.paths,
      "Full ids of rules, such as profiles/unknown-key; or ladder, operations: what of them comes from where.");
}

cli::ExitCode ExplainVerb::run(cli::Process& process) {
  if (common_.paths.empty())
    return cli::fail(process, name(), cli::usage("name a rule", "`launchgate rules list` shows all"));
  std::vector<finding::Finding> problems;
  auto workspace = suite::Workspace::open(process.disk, common_.settings(), problems);
  auto rules = workspace ? all_rules(**workspace) : workspace.error();
  std::optional<base::Error> wrong;
  if (!rules) {
    // What is wrong with a configuration can be asked for while it is wrong.
    wrong = rules.error();
    workspace = suite::Workspace::open(process.disk, {common_.root, {}, {}, {}, true}, problems);
    if (workspace) rules = all_rules(**workspace);
    if (!rules) return cli::fail(process, name(), *wrong);
  }
  for (const std::string& id : common_.paths) {
    if (const auto origins = wrong ? std::nullopt : origins_text(**workspace, id)) {
      if (!*origins) return cli::fail(process, name(), origins->error());
      process.out.write(**origins);
      continue;
    }
    auto text = validator::explain_text(*rules, id);
    if (!text) text = group_text(**workspace, *rules, id);
    if (!text) return cli::fail(process, name(), wrong ? *wrong : validator::unknown_rule(*rules, id));
    process.out.write(*text);
  }
  return cli::ExitCode::ok;
}

void RulesTestVerb::describe(cli::OptionSet& options) {
  common_.describe(options);
  options.positionals("DIR", common_.paths, "A folder of rule packs; without one, all that are built in.");
}

cli::ExitCode RulesTestVerb::run(cli::Process& process) {
  if (common_.paths.size() > 1)
    return cli::fail(process, name(), {base::ErrorCategory::usage, "", {}, "name one folder", ""});
  if (!common_.paths.empty()) common_.rules = common_.paths.front();
  // A folder that holds a product's own packs need not hold a ladder and a catalogue.
  const std::optional<std::string> folder = common_.rules;
  common_.rules.reset();
  const auto opened = common_.open_workspace(process);
  if (!opened) return cli::fail(process, name(), opened.error());
  suite::Resources resources(process.disk, (*opened)->root(), std::nullopt, folder);

  Trial trial;
  for (const std::string& rules_name : resources.rule_names()) {
    if (const auto done = try_pack(resources, rules_name, trial); !done) trial.refused.push_back(done.error());
  }
  for (const base::Error& error : trial.wrong) process.out.write(base::printable(to_string(error)) + "\n");
  cli::ExitCode code = cli::ExitCode::ok;
  for (const base::Error& error : trial.refused) code = cli::fail(process, name(), error);
  process.out.write(fmt::format("{} pack{}, {} rule{}, {} examples, {} wrong\n", trial.packs,
                                trial.packs == 1 ? "" : "s", trial.rules, trial.rules == 1 ? "" : "s", trial.examples,
                                trial.wrong.size() + trial.refused.size()));
  if (!trial.refused.empty()) return code;
  if (trial.packs == 0 && trial.wrong.empty())
    return cli::fail(process, name(),
                     {base::ErrorCategory::input, folder.value_or(""), {}, "there is no rule pack", ""});
  return trial.wrong.empty() ? cli::ExitCode::ok : cli::ExitCode::findings;
}

}  // namespace launchgate::suite_tool
