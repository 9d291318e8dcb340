#include "lib/secrets/rulebook.hpp"

#include <algorithm>
#include <iterator>

namespace launchgate::secrets {
namespace {

constexpr std::string_view key_kind = "json-key";

}  // namespace

// Read when the first JSON text asks for them.
struct Rulebook::KeyRules {
  std::once_flag once;
  std::vector<const rules::Rule*> rules;
};

Rulebook::Rulebook(std::vector<rules::SharedPack> packs, std::vector<SecretRule> more,
                   const std::vector<rules::SharedPack>& further)
    : packs_(std::move(packs)), own_(packs_.size()), keys_(std::make_unique<KeyRules>()) {
  packs_.insert(packs_.end(), further.begin(), further.end());
  for (const SecretRule& rule : more) more_.push_back(rule.info);
  std::vector<SecretRule> all;
  std::vector<std::size_t> parts;
  std::vector<std::string> words;
  bool known = true;
  const auto add = [&](std::vector<SecretRule> some) { std::move(some.begin(), some.end(), std::back_inserter(all)); };
  for (std::size_t i = 0; i <= packs_.size(); ++i) {
    if (i == own_) add(std::move(more));
    shares_.push_back({all.size(), key_ids_.size()});
    if (i == packs_.size()) break;
    if (i >= own_) parts.push_back(all.size());
    const rules::Pack& pack = *packs_[i];
    add(lazy_secret_rules(pack));
    for (std::size_t n = 0; n < pack.size(); ++n) {
      if (pack.kind(n) != key_kind) continue;
      key_ids_.push_back(pack.id(n));
      const std::vector<std::string> own = pack.keywords(n);
      known = known && !own.empty();
      words.insert(words.end(), own.begin(), own.end());
    }
  }
  if (known) key_words_ = std::make_unique<LiteralSet>(words);
  engine_ = std::make_unique<Engine>(std::move(all), parts);
}

Rulebook::~Rulebook() = default;

const std::vector<const rules::Rule*>& Rulebook::key_rules() const {
  std::call_once(keys_->once, [&] {
    for (const rules::SharedPack& pack : packs_) {
      for (std::size_t i = 0; i < pack->size(); ++i) {
        if (pack->kind(i) == key_kind) keys_->rules.push_back(&pack->rule(i));
      }
    }
  });
  return keys_->rules;
}

bool Rulebook::may_have_keys(std::string_view text) const {
  if (key_ids_.empty()) return false;
  if (!key_words_) return true;
  std::vector<LiteralHit> hits;
  key_words_->find(text, hits);
  return !hits.empty();
}

std::vector<std::string> Rulebook::ids(std::size_t packs) const {
  const Share some = share(packs);
  std::vector<std::string> ids(key_ids_.begin(), key_ids_.begin() + static_cast<std::ptrdiff_t>(some.keys));
  for (std::size_t i = 0; i < some.secrets; ++i) ids.push_back(engine_->rules()[i].info.id);
  return ids;
}

Rulebook::Share Rulebook::share(std::size_t packs) const { return shares_[std::min(packs, packs_.size())]; }

finding::RuleList Rulebook::list(std::size_t packs) const {
  finding::RuleList list;
  if (packs >= own_) list.add(more_);
  for (std::size_t i = 0; i < std::min(packs, packs_.size()); ++i) list.add(packs_[i]->list());
  return list;
}

}  // namespace launchgate::secrets
