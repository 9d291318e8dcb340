#include "lib/prose/check.hpp"

#include <optional>
#include <string>
#include <variant>

#include "lib/prose/claim_text.hpp"
#include "lib/prose/kinds.hpp"

namespace launchgate::prose {

namespace {

// One document under many rules.
class Checker {
 public:
  Checker(const Subject& subject, std::vector<finding::Finding>& findings, std::vector<Edit>* edits)
      : subject_(subject), findings_(findings), edits_(edits) {}

  base::Result<void> check(const rules::Rule& rule) {
    Reporter reporter(rule.info, subject_.document, findings_);
    if (const auto* body = std::get_if<rules::Require>(&rule.body)) return match(*body, subject_, reporter);
    if (const auto* body = std::get_if<rules::Forbid>(&rule.body)) return match(*body, subject_, reporter, edits_);
    if (const auto* body = std::get_if<rules::Order>(&rule.body)) return match(*body, subject_, reporter);
    if (const auto* body = std::get_if<rules::Structure>(&rule.body)) return match(*body, subject_, reporter);
    if (const auto* body = std::get_if<rules::Claim>(&rule.body)) return match(*body, subject_, text(), reporter);
    return {};
  }

 private:
  std::string_view text() {
    if (!folded_) folded_ = folded(subject_.document.text().text());
    return *folded_;
  }

  const Subject& subject_;
  std::vector<finding::Finding>& findings_;
  std::vector<Edit>* edits_;
  std::optional<std::string> folded_;
};

}  // namespace

base::Result<std::vector<finding::Finding>> check(const rules::Pack& pack, const Subject& subject,
                                                  std::vector<Edit>* edits) {
  std::vector<finding::Finding> findings;
  Checker checker(subject, findings, edits);
  for (const rules::Rule& rule : pack.rules) {
    if (auto done = checker.check(rule); !done) return std::move(done).error();
  }
  return findings;
}

base::Result<bool> fires_on(const rules::Rule& rule, std::string_view text) {
  const auto document = markdown::MarkdownDocument::parse("example.md", std::string(text));
  if (!document) return document.error();
  std::vector<finding::Finding> findings;
  const Subject subject{*document, nullptr, nullptr, {}};
  if (auto done = Checker(subject, findings, nullptr).check(rule); !done) return std::move(done).error();
  return !findings.empty();
}

}  // namespace launchgate::prose
