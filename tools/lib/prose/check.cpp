#include "lib/prose/check.hpp"

#include <variant>

#include "lib/prose/kinds.hpp"

namespace launchgate::prose {

base::Result<void> check(const rules::Rule& rule, const Subject& subject, std::vector<finding::Finding>& findings, std::vector<Edit>* edits) {
  Reporter reporter(rule.info, subject.document, findings);
  if (const auto* body = std::get_if<rules::Require>(&rule.body)) return match(*body, subject, reporter);
  if (const auto* body = std::get_if<rules::Forbid>(&rule.body)) return match(*body, subject, reporter, edits);
  if (const auto* body = std::get_if<rules::Order>(&rule.body)) return match(*body, subject, reporter);
  if (const auto* body = std::get_if<rules::Structure>(&rule.body)) return match(*body, subject, reporter);
  if (const auto* body = std::get_if<rules::Claim>(&rule.body)) return match(*body, subject, reporter);
  return {};
}

base::Result<std::vector<finding::Finding>> check(const rules::Pack& pack, const Subject& subject, std::vector<Edit>* edits) {
  std::vector<finding::Finding> findings;
  for (const rules::Rule& rule : pack.rules) {
    if (auto done = check(rule, subject, findings, edits); !done) return std::move(done).error();
  }
  return findings;
}

base::Result<bool> fires_on(const rules::Rule& rule, std::string_view text) {
  const auto document = markdown::MarkdownDocument::parse("example.md", std::string(text));
  if (!document) return document.error();
  std::vector<finding::Finding> findings;
  const Subject subject{*document, nullptr, nullptr, {}};
  if (auto done = check(rule, subject, findings); !done) return std::move(done).error();
  return !findings.empty();
}

}  // namespace launchgate::prose
