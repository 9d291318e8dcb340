#include "load/private_values.hpp"

#include "lib/secrets/redactor.hpp"
#include "lib/suite/leak_rules.hpp"

namespace launchgate::load {

base::Result<Redactor> pack_redactor(suite::Workspace& workspace) {
  const auto rules = workspace.masking_rules();
  if (!rules) return rules.error();
  auto redactor = std::make_shared<secrets::Redactor>((*rules)->book, (*rules)->everywhere);
  return Redactor([redactor](std::string_view text) { return redactor->redact(text); });
}

}  // namespace launchgate::load
