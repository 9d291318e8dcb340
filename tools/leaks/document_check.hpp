#pragma once

#include "lib/suite/check.hpp"

namespace launchgate::leaks {

// Private values in the configured documents: the configuration's packs, and for documents marked public-safe the
// stricter ones too. What the configuration allows at a path and JSON pointer is left out.
suite::DocumentCheck document_check();

}  // namespace launchgate::leaks
