#include "lib/secrets/rulebook.hpp"

#include <algorithm>

#include "lib/secrets/pattern_shape.hpp"

namespace launchgate::secrets {
namespace {

// The words that stand in every key which the rule names; empty: unknown.
std::vector<std::string> words_of(const rules::Pack& pack, std::size_t index) {
  const auto list = pack.document->root().find("rules");
  if (!list) return {};
  std::size_t at = 0;
  for (const document::JsonValue rule : list->elements()) {
    if (at++ != index) continue;
    const auto shape = PatternShape::analyse(rule.string_member("keyPattern"));
    return shape ? shape->required() : std::vector<std::string>();
  }
  return {};
}

}  // namespace

Rulebook::Rulebook(std::vector<std::shared_ptr<const rules::Pack>> packs, std::vector<SecretRule> more) : packs_(std::move(packs)) {
  std::vector<SecretRule> all;
  std::vector<std::string> watch;
  for (const auto& pack : packs_) {
    std::vector<SecretRule> secrets = secret_rules(*pack);
    std::move(secrets.begin(), secrets.end(), std::back_inserter(all));
    for (std::size_t i = 0; i < pack->rules.size(); ++i) {
      const rules::Rule& rule = pack->rules[i];
      if (rule.kind->name != "json-key") continue;
      key_rules_.push_back(&rule);
      const std::vector<std::string> words = words_of(*pack, i);
      if (words.empty()) watch_all_ = true;
      watch.insert(watch.end(), words.begin(), words.end());
    }
  }
  std::move(more.begin(), more.end(), std::back_inserter(all));
  engine_ = std::make_unique<Engine>(std::move(all), watch);
}

std::vector<finding::RuleInfo> Rulebook::infos() const {
  std::vector<finding::RuleInfo> infos;
  for (const SecretRule& rule : engine_->rules()) infos.push_back(rule.info);
  for (const rules::Rule* rule : key_rules_) infos.push_back(rule->info);
  std::sort(infos.begin(), infos.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return infos;
}

}  // namespace launchgate::secrets
