#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"
#include "lib/finding/finding.hpp"
#include "lib/finding/rule_list.hpp"
#include "lib/rules/harmless.hpp"
#include "lib/rules/json_rule.hpp"
#include "lib/rules/kinds.hpp"
#include "lib/rules/pack_index.hpp"

// Rule packs: docs/rule-packs.md describes the format.
namespace launchgate::rules {

struct Rule {
  finding::RuleInfo info;  // id is "<pack>/<id>"; summary is the pack's `message`
  const Kind* kind = nullptr;
  Body body;
  // Examples that make it fire, and such that do not; none in a pack of which rules are read when they are asked for.
  std::vector<document::JsonValue> match;
  std::vector<document::JsonValue> pass;
  base::Position position;  // of the rule's id
};

// What is asked of a pack beside its structure.
struct Loading {
  bool patterns = true;  // compiled now; else each on first use
  bool examples = true;
  bool facts = false;  // of patterns, for the index
};
// Of packs that are built in: the build has compiled every pattern.
inline constexpr Loading proven{false, true};

// A pack, of which a rule is read when it is asked for, unless load_pack() has read it already. Copies share what they
// hold. For any number of threads.
class Pack {
 public:
  // A pack that the build has found well-formed; `index` is of its text, and must outlive it. None: it is of another.
  static std::optional<Pack> open(std::string path, std::string text, std::string_view index);

  const std::string& name() const;
  std::size_t size() const;  // rules
  std::string id(std::size_t rule) const;
  std::string_view kind(std::size_t rule) const;
  finding::RuleInfo info(std::size_t rule) const;
  std::vector<std::string> keywords(std::size_t rule) const;
  // Whether a rule refers to documents of a kind.
  bool refers_to(std::string_view kind) const;
  finding::RuleList list() const;

  const Rule& rule(std::size_t index) const;
  std::vector<const Rule*> rules() const;
  const std::shared_ptr<const Harmless>& harmless() const;  // never null

  // What open() takes beside the text.
  std::string_view index() const;
  // The whole; null where only an index is known.
  const std::shared_ptr<const document::JsonDocument>& document() const;
  // Without the rules of these ids, with the pack's name before them or not.
  Pack without(const std::vector<std::string>& ids) const;

 private:
  friend base::Result<Pack> load_pack(std::shared_ptr<const document::JsonDocument> document, Loading loading);
  static Pack loaded(std::string index, std::shared_ptr<const document::JsonDocument> document, PackReading reading,
                     std::vector<Rule> rules);
  struct State;
  std::shared_ptr<State> state_;
};

using SharedPack = std::shared_ptr<const Pack>;

// Strict: an unknown field or kind, a wrong type, a repeated id, fewer than two examples a side or a pattern that RE2
// refuses is a configuration error with its position.
base::Result<Pack> load_pack(std::string path, std::string text, Loading loading = {});
base::Result<Pack> load_pack(std::shared_ptr<const document::JsonDocument> document, Loading loading = {});

// One rule as a pack holds it, in the pack of that name.
Rule load_rule(const document::JsonValue& value, const std::string& pack, Loading loading, PackReading& reading,
               std::optional<base::Error>& error);
// What the members of a pack beside its rules say to these.
void load_common(Fields& fields, PackReading& reading);

// What the pack's rules over JSON find in a document; its other rules are left alone. The error is one of the pack.
base::Result<std::vector<finding::Finding>> check_json(const Pack& pack, const JsonSubject& subject);
base::Result<void> check_json(const Rule& rule, const JsonSubject& subject, std::vector<finding::Finding>& findings);

}  // namespace launchgate::rules
