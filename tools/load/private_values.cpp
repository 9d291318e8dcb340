#include "load/private_values.hpp"

#include "lib/secrets/redactor.hpp"

namespace launchgate::load {

base::Result<Redactor> pack_redactor(suite::Workspace& workspace) {
  auto packs = workspace.resources().packs(workspace.configuration().leaks.packs);
  if (!packs) return packs.error();
  auto redactor = std::make_shared<secrets::Redactor>(std::make_shared<const secrets::Rulebook>(std::move(*packs)));
  return Redactor([redactor](std::string_view text) { return redactor->redact(text); });
}

}  // namespace launchgate::load
