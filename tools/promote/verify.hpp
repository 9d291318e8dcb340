#pragma once

#include <optional>
#include <string>

#include "lib/base/result.hpp"
#include "lib/cli/tool.hpp"

namespace launchgate::promote {

// Checks the envelope of a statement against a public key, and says what it states.
base::Result<cli::ExitCode> verify(cli::Process& process, const std::string& file,
                                   const std::optional<std::string>& key_file);

}  // namespace launchgate::promote
