#include "lib/prose/page.hpp"
#include "lib/validator/checks.hpp"

namespace launchgate::validator {
namespace {

base::Result<std::vector<finding::Finding>> run(const suite::DocumentContext& context) {
  const suite::Kind& kind = context.document.binding.kind;
  if (kind.format != suite::DocumentFormat::markdown || context.document.source == nullptr)
    return std::vector<finding::Finding>();
  std::vector<const rules::Pack*> packs;
  for (const std::string& name : kind.packs) {
    const auto pack = context.pack(name);
    if (!pack) return pack.error();
    packs.push_back(pack->get());
  }
  const auto read = [&](const std::string& path) { return context.workspace.read_source(path); };
  return prose::check_page(packs, {context.document.source, context.documents, context.repository, read},
                           kind.rule_prefix);
}

}  // namespace

suite::DocumentCheck markdown_check() { return {run, nullptr}; }

}  // namespace launchgate::validator
