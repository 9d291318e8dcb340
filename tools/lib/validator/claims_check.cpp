#include "lib/prose/claim_text.hpp"
#include "lib/validator/checks.hpp"

namespace launchgate::validator {
namespace {

base::Result<std::vector<finding::Finding>> run(const suite::DocumentContext& context) {
  std::vector<finding::Finding> findings;
  if (!context.document.json) return findings;
  for (const std::string& name : context.document.binding.kind.packs) {
    const auto pack = context.pack(name);
    if (!pack) return pack.error();
    auto found = prose::check_json_claims(**pack, context.document.json->root(), context.documents);
    if (!found) return found.error();
    findings.insert(findings.end(), std::make_move_iterator(found->begin()), std::make_move_iterator(found->end()));
  }
  return findings;
}

}  // namespace

suite::DocumentCheck claims_check() { return {run, nullptr}; }

}  // namespace launchgate::validator
