#include "lib/prose/check.hpp"

#include <map>
#include <string>
#include <variant>

#include "lib/prose/keyword_lines.hpp"
#include "lib/prose/kinds.hpp"

namespace launchgate::prose {

namespace {

// One document under many rules.
class Checker {
 public:
  Checker(const Subject& subject, std::vector<finding::Finding>& findings, std::vector<Edit>* edits)
      : subject_(subject), findings_(findings), edits_(edits) {}

  base::Result<void> check(const std::vector<const rules::Rule*>& all) {
    read_lines(all);
    for (const rules::Rule* rule : all) {
      if (auto done = check(*rule); !done) return done;
    }
    return {};
  }

 private:
  base::Result<void> check(const rules::Rule& rule) {
    Reporter reporter(rule.info, subject_.document, findings_);
    if (const auto* body = std::get_if<rules::Require>(&rule.body)) return match(*body, subject_, reporter);
    if (const auto* body = std::get_if<rules::Forbid>(&rule.body)) return match(*body, subject_, reporter, edits_);
    if (const auto* body = std::get_if<rules::Order>(&rule.body)) return match(*body, subject_, reporter);
    if (const auto* body = std::get_if<rules::Structure>(&rule.body)) return match(*body, subject_, reporter);
    if (const auto* body = std::get_if<rules::Claim>(&rule.body))
      return match(*body, subject_, lines_.at(body), reporter);
    return {};
  }

  // Those in which claims may stand; one pass for all rules.
  void read_lines(const std::vector<const rules::Rule*>& all) {
    std::vector<const rules::Claim*> claims;
    std::vector<const std::vector<std::string>*> keywords;
    for (const rules::Rule* rule : all) {
      const auto* claim = std::get_if<rules::Claim>(&rule->body);
      if (claim == nullptr) continue;
      claims.push_back(claim);
      keywords.push_back(&claim->keywords);
    }
    if (claims.empty()) return;
    auto lines = lines_with(keywords, subject_.document.text().text());
    for (std::size_t i = 0; i < claims.size(); ++i) lines_.emplace(claims[i], std::move(lines[i]));
  }

  const Subject& subject_;
  std::vector<finding::Finding>& findings_;
  std::vector<Edit>* edits_;
  std::map<const rules::Claim*, std::vector<markdown::Range>> lines_;
};

}  // namespace

base::Result<std::vector<finding::Finding>> check(const rules::Pack& pack, const Subject& subject,
                                                  std::vector<Edit>* edits) {
  std::vector<finding::Finding> findings;
  if (auto done = Checker(subject, findings, edits).check(pack.rules()); !done) return done.error();
  return findings;
}

base::Result<bool> fires_on(const rules::Rule& rule, std::string_view text) {
  const auto document = markdown::MarkdownDocument::parse("example.md", std::string(text));
  if (!document) return document.error();
  std::vector<finding::Finding> findings;
  const Subject subject{*document, nullptr, nullptr, {}};
  if (auto done = Checker(subject, findings, nullptr).check({&rule}); !done) return done.error();
  return !findings.empty();
}

}  // namespace launchgate::prose
