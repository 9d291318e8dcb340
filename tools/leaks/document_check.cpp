#include "leaks/document_check.hpp"

#include <algorithm>
#include <map>

#include "lib/secrets/text_scan.hpp"

namespace launchgate::leaks {
namespace {

using Book = std::shared_ptr<const secrets::Rulebook>;

base::Result<Book> load_book(suite::Workspace& workspace, bool public_safe) {
  const suite::LeakSettings& settings = workspace.configuration().leaks;
  std::vector<std::string> names = settings.packs;
  if (public_safe) names.insert(names.end(), settings.public_safe_packs.begin(), settings.public_safe_packs.end());
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

// The two rulebooks, each made when the first document asks for it.
class Books {
 public:
  base::Result<Book> get(suite::Workspace& workspace, bool public_safe) {
    Book& book = books_[public_safe];
    if (book) return book;
    auto loaded = load_book(workspace, public_safe);
    if (loaded) book = *loaded;
    return loaded;
  }

 private:
  std::map<bool, Book> books_;
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
    std::vector<finding::RuleInfo> infos;
    for (const finding::RuleInfo* info : (*book)->infos()) infos.push_back(*info);
    return infos;
  };
  return check;
}

}  // namespace launchgate::leaks
