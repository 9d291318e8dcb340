#include <algorithm>
#include <iterator>
#include <mutex>
#include <optional>
#include <utility>

#include "lib/secrets/text_scan.hpp"
#include "lib/validator/checks.hpp"

namespace launchgate::validator {
namespace {

// One rulebook for every document: a document that is not public-safe is checked by the packs that come first in it.
// Made when the first document asks, with the stricter packs only where some document is public-safe.
class Book {
 public:
  struct Part {
    const secrets::Rulebook& book;
    std::size_t packs;
  };

  base::Result<Part> get(suite::Workspace& workspace, bool public_safe) {
    std::call_once(once_, [&] {
      const suite::Configuration& configuration = workspace.configuration();
      const auto add = [&](const std::vector<std::string>& names) {
        auto some = workspace.resources().packs(names);
        if (!some)
          error_ = std::move(some).error();
        else
          std::move(some->begin(), some->end(), std::back_inserter(packs_));
      };
      add(configuration.leaks.packs);
      everywhere_ = packs_.size();
      const auto& documents = configuration.documents;
      const bool any = std::any_of(documents.begin(), documents.end(),
                                   [](const suite::DocumentBinding& binding) { return binding.public_safe; });
      if (any && !error_) add(configuration.leaks.public_safe_packs);
      if (!error_) book_.emplace(std::move(packs_));
    });
    if (error_) return *error_;
    return Part{*book_, public_safe ? secrets::all_packs : everywhere_};
  }

 private:
  std::once_flag once_;
  std::vector<rules::SharedPack> packs_;
  std::size_t everywhere_ = 0;
  std::optional<base::Error> error_;
  std::optional<secrets::Rulebook> book_;
};

bool is_allowed(const finding::Finding& finding, const std::vector<suite::LeakAllowance>& allow) {
  return std::any_of(allow.begin(), allow.end(), [&](const suite::LeakAllowance& one) {
    return one.rule == finding.rule_id && one.path == finding.file &&
           (!one.pointer || *one.pointer == finding.json_pointer);
  });
}

}  // namespace

suite::DocumentCheck leaks_check() {
  const auto shared = std::make_shared<Book>();
  suite::DocumentCheck check;
  check.run = [shared](const suite::DocumentContext& context) -> base::Result<std::vector<finding::Finding>> {
    const auto book = shared->get(context.workspace, context.document.binding.public_safe);
    if (!book) return book.error();
    auto found = secrets::check_document(book->book, *context.document.source, book->packs);
    if (!found) return found;
    const auto& allow = context.workspace.configuration().leaks.allow;
    std::erase_if(*found, [&](const finding::Finding& finding) { return is_allowed(finding, allow); });
    return found;
  };
  check.rules = [shared](const suite::DocumentBinding& binding,
                         suite::Workspace& workspace) -> base::Result<finding::RuleList> {
    const auto book = shared->get(workspace, binding.public_safe);
    if (!book) return book.error();
    return book->book.list(book->packs);
  };
  check.rules_by_audience = true;
  return check;
}

}  // namespace launchgate::validator
