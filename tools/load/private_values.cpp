#include "load/private_values.hpp"

#include "lib/rules/outline.hpp"
#include "lib/secrets/redactor.hpp"

namespace launchgate::load {

base::Result<Redactor> pack_redactor(suite::Workspace& workspace) {
  std::vector<rules::PackSource> packs;
  for (const std::string& name : workspace.configuration().leaks.packs) {
    auto pack = workspace.resources().pack_source(name);
    if (!pack) return std::move(pack).error();
    packs.push_back(std::move(*pack));
  }
  auto redactor = std::make_shared<secrets::Redactor>(std::make_shared<const secrets::Rulebook>(std::move(packs)));
  return Redactor([redactor](std::string_view text) { return redactor->redact(text); });
}

}  // namespace launchgate::load
