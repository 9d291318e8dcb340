#pragma once

#include "lib/base/result.hpp"
#include "lib/suite/workspace.hpp"
#include "load/core/redact.hpp"

namespace launchgate::load {

// Replaces what the leak packs of the configuration know as private. An error is one of a pack, a `configuration`
// error.
base::Result<Redactor> pack_redactor(suite::Workspace& workspace);

}  // namespace launchgate::load
