#pragma once

#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"
#include "lib/finding/finding.hpp"
#include "lib/rules/pack.hpp"
#include "lib/secrets/engine.hpp"
#include "lib/secrets/literal_set.hpp"

namespace launchgate::secrets {

// The leak rules of some packs (and of other sources), ready to be applied by any number of threads.
class Rulebook {
 public:
  // `more` are rules that stand in no pack.
  explicit Rulebook(std::vector<std::shared_ptr<const rules::Pack>> packs, std::vector<SecretRule> more = {});

  const Engine& engine() const { return *engine_; }

  // Of kind `json-key`, in the order of the packs.
  const std::vector<const rules::Rule*>& key_rules() const { return key_rules_; }
  // False for a JSON text in which no word stands that the names of keys must have. Thread-safe.
  bool may_have_keys(std::string_view text) const;

  // Of all rules, sorted by id. They live as long as the rulebook.
  std::vector<const finding::RuleInfo*> infos() const;

 private:
  std::vector<std::shared_ptr<const rules::Pack>> packs_;
  std::vector<const rules::Rule*> key_rules_;
  // Made for the first JSON text.
  mutable std::once_flag once_;
  mutable std::unique_ptr<LiteralSet> key_words_;  // none: any text may have such keys
  std::unique_ptr<Engine> engine_;
};

}  // namespace launchgate::secrets
