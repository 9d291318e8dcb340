#include "lib/prose/page.hpp"

#include <map>
#include <optional>

namespace launchgate::prose {
namespace {

finding::Finding syntax_finding(const base::SourceText& source, const base::Error& error, std::string_view prefix) {
  finding::RuleInfo rule;
  rule.id = std::string(prefix) + "/syntax";
  return finding::make_finding(rule, source, {error.position, error.position}, error.message, error.help);
}

// Other Markdown files that links lead to, each parsed once.
class Neighbours {
 public:
  explicit Neighbours(const rules::TextSubject& subject) : subject_(subject) {}

  const markdown::MarkdownDocument* find(const std::string& path) {
    const auto known = documents_.find(path);
    if (known != documents_.end()) return known->second ? &*known->second : nullptr;
    std::optional<markdown::MarkdownDocument> document;
    if (const auto source = subject_.read ? subject_.read(path) : nullptr) {
      auto parsed = markdown::MarkdownDocument::parse(source);
      if (parsed) document.emplace(std::move(*parsed));
    }
    const auto [added, fresh] = documents_.emplace(path, std::move(document));
    return added->second ? &*added->second : nullptr;
  }

 private:
  const rules::TextSubject& subject_;
  std::map<std::string, std::optional<markdown::MarkdownDocument>> documents_;
};

}  // namespace

base::Result<std::vector<finding::Finding>> check_page(std::span<const rules::Pack* const> packs,
                                                       const rules::TextSubject& subject, std::string_view prefix) {
  const auto document = markdown::MarkdownDocument::parse(subject.source);
  if (!document) return std::vector<finding::Finding>{syntax_finding(*subject.source, document.error(), prefix)};
  const AcceptedTier accepted = accepted_tier(subject.documents);
  Neighbours neighbours(subject);
  const Subject page{*document, &accepted, &subject.repository,
                     [&](const std::string& path) { return neighbours.find(path); }};
  std::vector<finding::Finding> findings;
  for (const rules::Pack* pack : packs) {
    auto some = check(*pack, page);
    if (!some) return some.error();
    findings.insert(findings.end(), std::make_move_iterator(some->begin()), std::make_move_iterator(some->end()));
  }
  return findings;
}

}  // namespace launchgate::prose
