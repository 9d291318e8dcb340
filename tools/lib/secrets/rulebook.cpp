#include "lib/secrets/rulebook.hpp"

#include <algorithm>

#include "lib/secrets/pattern_shape.hpp"

namespace launchgate::secrets {
namespace {

// Words one of which stands in every key that the rule names; empty: unknown.
std::vector<std::string> words_of(const rules::Pack& pack, const rules::Rule& rule) {
  const std::string id = rule.info.id.substr(rule.info.id.find('/') + 1);
  const auto list = pack.document->root().find("rules");
  if (!list) return {};
  for (const document::JsonValue value : list->elements()) {
    if (value.string_member("id") != id) continue;
    const auto shape = PatternShape::analyse(value.string_member("keyPattern"));
    return shape ? shape->required() : std::vector<std::string>();
  }
  return {};
}

}  // namespace

Rulebook::Rulebook(std::vector<std::shared_ptr<const rules::Pack>> packs, std::vector<SecretRule> more) : packs_(std::move(packs)) {
  std::vector<SecretRule> all;
  for (const auto& pack : packs_) {
    std::vector<SecretRule> secrets = secret_rules(*pack);
    std::move(secrets.begin(), secrets.end(), std::back_inserter(all));
    for (const rules::Rule& rule : pack->rules) {
      if (rule.kind->name == "json-key") key_rules_.push_back(&rule);
    }
  }
  std::move(more.begin(), more.end(), std::back_inserter(all));
  engine_ = std::make_unique<Engine>(std::move(all));
}

bool Rulebook::may_have_keys(std::string_view text) const {
  if (key_rules_.empty()) return false;
  std::call_once(once_, [&] {
    std::vector<std::string> all;
    for (const auto& pack : packs_) {
      for (const rules::Rule& rule : pack->rules) {
        if (rule.kind->name != "json-key") continue;
        const std::vector<std::string> words = words_of(*pack, rule);
        if (words.empty()) return;
        all.insert(all.end(), words.begin(), words.end());
      }
    }
    key_words_ = std::make_unique<LiteralSet>(all);
  });
  if (!key_words_) return true;
  std::vector<LiteralHit> hits;
  key_words_->find(text, hits);
  return !hits.empty();
}

std::vector<const finding::RuleInfo*> Rulebook::infos() const {
  std::vector<const finding::RuleInfo*> infos;
  for (const SecretRule& rule : engine_->rules()) infos.push_back(&rule.info);
  for (const rules::Rule* rule : key_rules_) infos.push_back(&rule->info);
  std::sort(infos.begin(), infos.end(), [](const auto* a, const auto* b) { return a->id < b->id; });
  return infos;
}

}  // namespace launchgate::secrets
