#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "load/run_command.hpp"

namespace launchgate::load {

// Writes what runs the plan of `run` in segments and merges them: a manifest for "kubernetes", or a script that submits
// an array to "slurm". It names the files of tokens and holds none of them. `segments`: 0 for as many as the plan
// needs.
cli::ExitCode emit_command(cli::Process& process, const RunRequest& run, const std::string& engine,
                           std::uint32_t segments);

}  // namespace launchgate::load
