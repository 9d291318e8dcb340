#include "leaks/document_check.hpp"

#include <algorithm>
#include <utility>

#include "lib/secrets/text_scan.hpp"

namespace launchgate::leaks {
namespace {

using Book = std::shared_ptr<const secrets::Rulebook>;

base::Result<Book> load_book(suite::Workspace& workspace, const std::vector<std::string>& names) {
  std::vector<std::shared_ptr<const rules::Pack>> packs;
  for (const std::string& name : names) {
    auto document = workspace.resources().rules(name);
    if (!document) return std::move(document).error();
    auto pack = rules::load_pack(*document);
    if (!pack) return std::move(pack).error();
    packs.push_back(std::make_shared<const rules::Pack>(std::move(*pack)));
  }
  return Book(std::make_shared<const secrets::Rulebook>(std::move(packs)));
}

// One rulebook for every document and one more for those marked public-safe, each made when the first document asks for it.
class Books {
 public:
  base::Result<std::vector<Book>> get(suite::Workspace& workspace, bool public_safe) {
    const suite::LeakSettings& settings = workspace.configuration().leaks;
    std::vector<Book> books;
    for (auto& [book, names] : {std::pair<Book&, const std::vector<std::string>&>(everywhere_, settings.packs),
                                std::pair<Book&, const std::vector<std::string>&>(public_safe_, settings.public_safe_packs)}) {
      if (&book == &public_safe_ && (!public_safe || names.empty())) break;
      if (!book) {
        auto loaded = load_book(workspace, names);
        if (!loaded) return std::move(loaded).error();
        book = std::move(*loaded);
      }
      books.push_back(book);
    }
    return books;
  }

 private:
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
    auto all = books->get(context.workspace, context.document.binding.public_safe);
    if (!all) return std::move(all).error();
    std::vector<finding::Finding> findings;
    for (const Book& book : *all) {
      auto found = secrets::check_document(*book, *context.document.source);
      if (!found) return found;
      findings.insert(findings.end(), std::make_move_iterator(found->begin()), std::make_move_iterator(found->end()));
    }
    const auto& allow = context.workspace.configuration().leaks.allow;
    std::erase_if(findings, [&](const finding::Finding& finding) { return is_allowed(finding, allow); });
    return findings;
  };
  check.rules = [books](const suite::DocumentBinding& binding, suite::Workspace& workspace) -> base::Result<std::vector<finding::RuleInfo>> {
    auto all = books->get(workspace, binding.public_safe);
    if (!all) return std::move(all).error();
    std::vector<finding::RuleInfo> rules;
    for (const Book& book : *all) {
      auto infos = book->infos();
      rules.insert(rules.end(), std::make_move_iterator(infos.begin()), std::make_move_iterator(infos.end()));
    }
    return rules;
  };
  return check;
}

}  // namespace launchgate::leaks
