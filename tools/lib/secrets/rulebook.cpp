#include "lib/secrets/rulebook.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

namespace launchgate::secrets {
namespace {

using Pack = std::shared_ptr<const rules::Pack>;
using Outline = std::shared_ptr<const rules::PackOutline>;

constexpr std::string_view key_kind = "json-key";

std::vector<SecretRule> secrets_of(const rules::PackSource& source) {
  if (const auto* pack = std::get_if<Pack>(&source)) return secret_rules(**pack);
  return secret_rules(std::get<Outline>(source));
}

// Literals one of which stands in every key that the rule names; none: unknown.
std::vector<std::string> words_of(const rules::Pack& pack, const rules::Rule& rule) {
  std::vector<std::string> words;
  const auto list = pack.document->root().find("rules");
  if (!list) return words;
  const std::string_view id = std::string_view(rule.info.id).substr(rule.info.id.find('/') + 1);
  for (const document::JsonValue value : list->elements()) {
    const auto keywords = value.find("keywords");
    if (!keywords || value.string_member("id") != id) continue;
    for (const document::JsonValue word : keywords->elements()) words.emplace_back(word.string());
  }
  return words;
}

}  // namespace

// Read when the first JSON text asks for them.
struct Rulebook::KeyRules {
  std::once_flag once;
  std::vector<rules::PackOutline::OwnedRule> owned;
  std::vector<const rules::Rule*> rules;
  std::optional<base::Error> error;
};

Rulebook::Rulebook(std::vector<rules::PackSource> packs, std::vector<SecretRule> more,
                   const std::vector<rules::PackSource>& further)
    : packs_(std::move(packs)), own_(packs_.size()), keys_(std::make_unique<KeyRules>()) {
  packs_.insert(packs_.end(), further.begin(), further.end());
  for (const SecretRule& rule : more) more_.push_back(rule.info);
  std::vector<SecretRule> all;
  std::vector<std::size_t> parts;
  std::vector<std::string> words;
  bool known = true;
  const auto add = [&](std::vector<SecretRule> some) { std::move(some.begin(), some.end(), std::back_inserter(all)); };
  const auto add_key_rule = [&](std::string id, std::vector<std::string> own) {
    key_ids_.push_back(std::move(id));
    known = known && !own.empty();
    std::move(own.begin(), own.end(), std::back_inserter(words));
  };
  for (std::size_t i = 0; i <= packs_.size(); ++i) {
    if (i == own_) add(std::move(more));
    shares_.push_back({all.size(), key_ids_.size()});
    if (i == packs_.size()) break;
    if (i >= own_) parts.push_back(all.size());
    add(secrets_of(packs_[i]));
    if (const auto* pack = std::get_if<Pack>(&packs_[i])) {
      for (const rules::Rule& rule : (*pack)->rules) {
        if (rule.kind->name == key_kind) add_key_rule(rule.info.id, words_of(**pack, rule));
      }
    } else {
      const rules::PackOutline& outline = *std::get<Outline>(packs_[i]);
      for (std::size_t n = 0; n < outline.size(); ++n) {
        if (outline.kind(n) == key_kind) add_key_rule(outline.id(n), outline.keywords(n));
      }
    }
  }
  if (known) key_words_ = std::make_unique<LiteralSet>(words);
  engine_ = std::make_unique<Engine>(std::move(all), parts);
}

Rulebook::~Rulebook() = default;

base::Result<const std::vector<const rules::Rule*>*> Rulebook::key_rules() const {
  std::call_once(keys_->once, [&] {
    for (const rules::PackSource& source : packs_) {
      if (const auto* pack = std::get_if<Pack>(&source)) {
        for (const rules::Rule& rule : (*pack)->rules) {
          if (rule.kind->name == key_kind) keys_->owned.push_back({(*pack)->document, rule});
        }
        continue;
      }
      const rules::PackOutline& outline = *std::get<Outline>(source);
      for (std::size_t i = 0; i < outline.size() && !keys_->error; ++i) {
        if (outline.kind(i) != key_kind) continue;
        auto rule = outline.rule(i);
        if (rule) {
          keys_->owned.push_back(std::move(*rule));
        } else {
          keys_->error = std::move(rule).error();
        }
      }
    }
    for (const auto& owned : keys_->owned) keys_->rules.push_back(&owned.rule);
  });
  if (keys_->error) return *keys_->error;
  return &keys_->rules;
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
  for (std::size_t i = 0; i < std::min(packs, packs_.size()); ++i) list.add(rules::rule_list(packs_[i]));
  return list;
}

}  // namespace launchgate::secrets
