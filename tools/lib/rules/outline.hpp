#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"
#include "lib/finding/finding.hpp"
#include "lib/finding/rule_list.hpp"
#include "lib/rules/harmless.hpp"
#include "lib/rules/pack.hpp"

// A built-in pack of which only what is asked for gets parsed. Parsing a pack of hundreds of rules takes longer than
// searching a small file with it, and most runs look closely at few rules. tools/cmake/outline_pack.cpp writes, when
// the executable is built, where the parts of a pack stand in its text: numbers of 32 bits, little-endian; places are
// an offset and a length, strings without their quotes, escapes as written.
//
//   "LGO1", length of the text, name, placeholders, published, number of rules, number of keywords
//   per rule: the rule, id, kind, severity, message, help, why, first match example, first pass example, first keyword,
//   number of keywords per keyword: its place
namespace launchgate::rules {

class PackOutline {
 public:
  // A rule with the document that it refers to.
  struct OwnedRule {
    std::shared_ptr<const document::JsonDocument> document;
    Rule rule;
  };

  // None: `places` does not belong to `text`. They must outlive the outline.
  static std::shared_ptr<const PackOutline> read(std::string path, std::string text, std::string_view places);

  std::size_t size() const { return rules_; }
  std::string id(std::size_t rule) const;  // "<pack>/<id>"
  std::string_view kind(std::size_t rule) const;
  finding::RuleInfo info(std::size_t rule) const;
  std::vector<std::string> keywords(std::size_t rule) const;

  // Parsed now. Errors are those of load_pack().
  base::Result<OwnedRule> rule(std::size_t rule) const;
  // Parsed when first asked for; thread-safe.
  base::Result<std::shared_ptr<const Harmless>> harmless() const;

 private:
  struct Lazy;
  PackOutline() = default;
  std::uint32_t number(std::size_t index) const;
  std::string_view place(std::size_t index) const;  // of the text
  std::string decoded(std::size_t index) const;
  std::size_t at(std::size_t rule) const;  // index of its first number

  std::string path_;
  std::string text_;
  std::string_view places_;
  std::string name_;
  std::size_t rules_ = 0;
  std::shared_ptr<Lazy> lazy_;
};

// A pack, or the outline of one.
using PackSource = std::variant<std::shared_ptr<const Pack>, std::shared_ptr<const PackOutline>>;

finding::RuleList rule_list(const PackSource& source);

}  // namespace launchgate::rules
