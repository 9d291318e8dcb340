#pragma once

#include <string>
#include <vector>

#include "lib/cli/tool.hpp"
#include "lib/validator/outputs.hpp"
#include "load/core/redact.hpp"

namespace launchgate::load {

// Writes the report of a run from its timeline, beside it.
cli::ExitCode recover_command(cli::Process& process, std::string_view tool, const std::string& timeline,
                              const Redactor& redact, const std::vector<validator::Target>& formats);

}  // namespace launchgate::load
