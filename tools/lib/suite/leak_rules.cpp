#include "lib/suite/leak_rules.hpp"

#include <algorithm>

#include "lib/secrets/finding_mask.hpp"
#include "lib/suite/workspace.hpp"

namespace launchgate::suite {
namespace {

base::Result<std::vector<rules::SharedPack>> load_packs(Resources& resources, const std::vector<std::string>& names,
                                                        const std::vector<std::string>& disabled) {
  auto packs = resources.packs(names);
  if (!packs || disabled.empty()) return packs;
  for (rules::SharedPack& pack : *packs) pack = std::make_shared<const rules::Pack>(pack->without(disabled));
  return packs;
}

}  // namespace

LeakRuleChoice configured_leak_rules(const Configuration& configuration) {
  LeakRuleChoice choice;
  choice.packs = configuration.leaks.packs;
  const bool any = std::any_of(configuration.documents.begin(), configuration.documents.end(),
                               [](const DocumentBinding& binding) { return binding.public_safe; });
  if (any) choice.public_packs = configuration.leaks.public_safe_packs;
  return choice;
}

base::Result<std::shared_ptr<const LeakRules>> load_leak_rules(Resources& resources, LeakRuleChoice choice) {
  auto packs = load_packs(resources, choice.packs, choice.disabled);
  if (!packs) return packs.error();
  const auto further = load_packs(resources, choice.public_packs, choice.disabled);
  if (!further) return further.error();
  packs->insert(packs->end(), choice.besides.begin(), choice.besides.end());
  LeakRules rules;
  rules.everywhere = packs->size();
  rules.book = std::make_shared<const secrets::Rulebook>(std::move(*packs), std::move(choice.more), *further);
  return std::make_shared<const LeakRules>(std::move(rules));
}

base::Result<std::shared_ptr<const LeakRules>> Workspace::leak_rules() {
  return leak_rules_.get("", [&] { return load_leak_rules(*resources_, configured_leak_rules(configuration_)); });
}

base::Result<std::shared_ptr<const LeakRules>> Workspace::masking_rules() {
  LeakRuleChoice choice = configured_leak_rules(configuration_);
  std::vector<std::string> missing;
  for (const std::string& name : usual_packs_) {
    if (std::find(choice.packs.begin(), choice.packs.end(), name) == choice.packs.end()) missing.push_back(name);
  }
  if (missing.empty()) return leak_rules();
  return leak_rules_.get("masks", [&]() -> base::Result<std::shared_ptr<const LeakRules>> {
    for (const std::string& name : missing) {
      auto pack = resources_->pack(name);
      // A folder given with --rules need not have what the built-in suite names.
      if (!pack) pack = Resources(sources_, std::nullopt, std::nullopt).pack(name);
      if (!pack) return pack.error();
      choice.besides.push_back(std::move(*pack));
    }
    return load_leak_rules(*resources_, std::move(choice));
  });
}

base::Result<std::shared_ptr<const LeakRules>> built_in_leak_rules(const std::shared_ptr<const Sources>& sources) {
  Resources resources(sources, std::nullopt, std::nullopt);
  const auto suite = resources.rules("suite");
  if (!suite) return suite.error();
  const auto configuration = make_configuration(ConfigurationSources{**suite});
  if (!configuration) return configuration.error();
  return load_leak_rules(resources, configured_leak_rules(*configuration));
}

void mask_unusable(const std::shared_ptr<const Sources>& sources, const base::SourceText* text,
                   std::vector<finding::Finding>& problems, base::Error& error) {
  const auto rules = built_in_leak_rules(sources);
  finding::Finding said;
  said.message = error.message;
  said.help = error.help;
  bool masked = rules.ok();
  if (masked) {
    auto mask = secrets::FindingMask::of(*(*rules)->book, text != nullptr ? text->path() : error.path,
                                         text != nullptr ? text->text() : std::string_view(), (*rules)->everywhere);
    masked = mask && mask->apply(said);
    for (finding::Finding& problem : problems) masked = masked && mask->apply(problem);
  }
  error.message = masked ? std::move(said.message) : "is not usable, and what is wrong cannot be shown";
  error.help = masked ? std::move(said.help) : "";
  if (!masked) problems.clear();
}

bool allows(const LeakAllowance& allowance, const finding::Finding& finding, std::string_view path) {
  return allowance.rule == finding.rule_id && allowance.path == path &&
         (!allowance.pointer || *allowance.pointer == finding.json_pointer);
}

}  // namespace launchgate::suite
