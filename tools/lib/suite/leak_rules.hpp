#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/finding/finding.hpp"
#include "lib/secrets/rulebook.hpp"
#include "lib/suite/configuration.hpp"
#include "lib/suite/resources.hpp"

namespace launchgate::suite {

// What leak rules a run applies.
struct LeakRuleChoice {
  std::vector<std::string> packs;          // to every text
  std::vector<std::string> public_packs;   // and to public-safe ones
  std::vector<secrets::SecretRule> more;   // that stand in no pack, to every text
  std::vector<std::string> disabled;       // ids of rules of packs, with or without the pack
  std::vector<rules::SharedPack> besides;  // that are loaded already, to every text
};

// As the configuration says. Where no document is public-safe, the packs for those are left out.
LeakRuleChoice configured_leak_rules(const Configuration& configuration);

// One rulebook for all texts of a run.
struct LeakRules {
  std::shared_ptr<const secrets::Rulebook> book;
  std::size_t everywhere = secrets::all_packs;  // so many of its packs apply to every text

  std::size_t packs_for(bool public_safe) const { return public_safe ? secrets::all_packs : everywhere; }
};

base::Result<std::shared_ptr<const LeakRules>> load_leak_rules(Resources& resources, LeakRuleChoice choice);

// The rules that are built in, whatever a repository says. Nothing is opened.
base::Result<std::shared_ptr<const LeakRules>> built_in_leak_rules(const std::shared_ptr<const Sources>& sources);

// Hides what those rules find in what is said of a configuration that cannot be used: `text` is what it says, null when
// it is not known. What cannot be masked is not said.
void mask_unusable(const std::shared_ptr<const Sources>& sources, const base::SourceText* text,
                   std::vector<finding::Finding>& problems, base::Error& error);

// Whether the configuration allows what was found in the file at `path`.
bool allows(const LeakAllowance& allowance, const finding::Finding& finding, std::string_view path);

}  // namespace launchgate::suite
