#include "load/private_values.hpp"

#include "lib/rules/pack.hpp"
#include "lib/secrets/redactor.hpp"

namespace launchgate::load {

base::Result<Redactor> pack_redactor(suite::Workspace& workspace) {
  std::vector<std::shared_ptr<const rules::Pack>> packs;
  for (const std::string& name : workspace.configuration().leaks.packs) {
    const auto document = workspace.resources().rules(name);
    if (!document) return base::Error(document.error());
    auto pack = rules::load_pack(*document);
    if (!pack) return std::move(pack).error();
    packs.push_back(std::make_shared<const rules::Pack>(std::move(*pack)));
  }
  auto redactor = std::make_shared<secrets::Redactor>(std::make_shared<const secrets::Rulebook>(std::move(packs)));
  return Redactor([redactor](std::string_view text) { return redactor->redact(text); });
}

}  // namespace launchgate::load
