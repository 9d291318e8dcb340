#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"
#include "lib/finding/finding.hpp"
#include "lib/finding/rule_list.hpp"
#include "lib/rules/pack.hpp"
#include "lib/secrets/engine.hpp"
#include "lib/secrets/literal_set.hpp"

namespace launchgate::secrets {

inline constexpr std::size_t all_packs = static_cast<std::size_t>(-1);

// The leak rules of some packs (and of other sources), ready to be applied by any number of threads.
class Rulebook {
 public:
  // `more` are rules that stand in no pack; they count as part of the last of `packs`. The packs of `further` are for
  // some texts only: they cost the others nothing.
  explicit Rulebook(std::vector<rules::SharedPack> packs, std::vector<SecretRule> more = {},
                    const std::vector<rules::SharedPack>& further = {});

  ~Rulebook();

  const Engine& engine() const { return *engine_; }

  // Of kind `json-key`, in the order of the packs. Thread-safe.
  const std::vector<const rules::Rule*>& key_rules() const;
  // Of the rules of the first `packs` packs, in no order.
  std::vector<std::string> ids(std::size_t packs = all_packs) const;
  // False for a JSON text in which no word stands that the names of keys must have. Thread-safe.
  bool may_have_keys(std::string_view text) const;

  std::size_t packs() const { return packs_.size(); }

  // All rules, or those of the first `packs` packs, in the order of the packs.
  finding::RuleList list(std::size_t packs = all_packs) const;

  // How many rules the first `packs` packs have: those of the engine, and the key rules, come in the order of the
  // packs.
  struct Share {
    std::size_t secrets = 0;
    std::size_t keys = 0;
  };
  Share share(std::size_t packs) const;

 private:
  struct KeyRules;

  std::vector<Share> shares_;  // of no pack, of the first one, of the first two, …
  std::vector<rules::SharedPack> packs_;
  std::size_t own_ = 0;  // so many of the packs come before `more_`
  std::vector<finding::RuleInfo> more_;
  std::vector<std::string> key_ids_;
  std::unique_ptr<LiteralSet> key_words_;  // none: any text may have such keys
  std::unique_ptr<KeyRules> keys_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace launchgate::secrets
