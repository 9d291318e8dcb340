#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"
#include "lib/finding/finding.hpp"
#include "lib/rules/pack.hpp"
#include "lib/secrets/engine.hpp"

namespace launchgate::secrets {

// The leak rules of some packs (and of other sources), ready to be applied by any number of threads.
class Rulebook {
 public:
  // `more` are rules that stand in no pack.
  explicit Rulebook(std::vector<std::shared_ptr<const rules::Pack>> packs, std::vector<SecretRule> more = {});

  const Engine& engine() const { return *engine_; }

  // Of kind `json-key`, in the order of the packs.
  const std::vector<const rules::Rule*>& key_rules() const { return key_rules_; }
  // Whether a text may have keys that a key rule names; `watched` is what the engine saw of the words it watched.
  bool may_have_keys(bool watched) const { return !key_rules_.empty() && (watched || watch_all_); }

  // Of all rules, sorted by id.
  std::vector<finding::RuleInfo> infos() const;

 private:
  std::vector<std::shared_ptr<const rules::Pack>> packs_;
  std::vector<const rules::Rule*> key_rules_;
  bool watch_all_ = false;
  std::unique_ptr<Engine> engine_;
};

}  // namespace launchgate::secrets
