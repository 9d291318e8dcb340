#include "leaks/document_check.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

#include "lib/secrets/text_scan.hpp"

namespace launchgate::leaks {
namespace {

using Book = std::shared_ptr<const secrets::Rulebook>;
using Packs = std::vector<rules::PackSource>;

// One rulebook for every document, and one with the stricter packs added for those marked public-safe, each made when the first document asks for it; every
// pack is loaded once. The stricter one holds all rules, because an excerpt hides only what the rules of its rulebook find.
class Books {
 public:
  base::Result<Book> get(suite::Workspace& workspace, bool public_safe) {
    const std::lock_guard lock(mutex_);
    const suite::LeakSettings& settings = workspace.configuration().leaks;
    if (packs_.empty()) {
      auto packs = workspace.resources().pack_sources(settings.packs);
      if (!packs) return std::move(packs).error();
      packs_ = std::move(*packs);
    }
    if (!public_safe || settings.public_safe_packs.empty()) {
      if (!everywhere_) everywhere_ = std::make_shared<const secrets::Rulebook>(packs_);
      return everywhere_;
    }
    if (!public_safe_) {
      auto more = workspace.resources().pack_sources(settings.public_safe_packs);
      if (!more) return std::move(more).error();
      Packs all = packs_;
      std::move(more->begin(), more->end(), std::back_inserter(all));
      public_safe_ = std::make_shared<const secrets::Rulebook>(std::move(all));
    }
    return public_safe_;
  }

 private:
  std::mutex mutex_;
  Packs packs_;
  Book everywhere_;
  Book public_safe_;
};

bool is_allowed(const finding::Finding& finding, const std::vector<suite::LeakAllowance>& allow) {
  return std::any_of(allow.begin(), allow.end(), [&](const suite::LeakAllowance& one) {
    return one.rule == finding.rule_id && one.path == finding.file && (!one.pointer || *one.pointer == finding.json_pointer);
  });
}

}  // namespace

suite::DocumentCheck document_check() {
  const auto books = std::make_shared<Books>();
  suite::DocumentCheck check;
  check.run = [books](const suite::DocumentContext& context) -> base::Result<std::vector<finding::Finding>> {
    auto book = books->get(context.workspace, context.document.binding.public_safe);
    if (!book) return std::move(book).error();
    auto found = secrets::check_document(**book, *context.document.source);
    if (!found) return found;
    const auto& allow = context.workspace.configuration().leaks.allow;
    std::erase_if(*found, [&](const finding::Finding& finding) { return is_allowed(finding, allow); });
    return found;
  };
  check.rules = [books](const suite::DocumentBinding& binding, suite::Workspace& workspace) -> base::Result<std::vector<finding::RuleInfo>> {
    auto book = books->get(workspace, binding.public_safe);
    if (!book) return std::move(book).error();
    return (*book)->infos();
  };
  check.rules_by_audience = true;
  return check;
}

}  // namespace launchgate::leaks
