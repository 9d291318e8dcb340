#pragma once

#include <string>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/cli/tool.hpp"
#include "lib/io/file_system.hpp"
#include "lib/report/report.hpp"
#include "lib/validator/common_options.hpp"

namespace launchgate::validator {

// Where a report goes: a format, and a file or standard output.
struct Target {
  const report::Format* format = nullptr;
  std::string path;  // empty: standard output
};

// Parses `--format NAME[=FILE]` values and makes sure that each file can be written, before any work is done. Without a
// format for standard output, text goes there.
base::Result<std::vector<Target>> output_targets(const std::vector<std::string>& formats, const io::FileSystem& disk);

// From here on the process opens no sockets, starts no program but git, and writes nothing but these outputs and
// `more`, as far as the kernel can see to it. To be called before there are other threads.
void confine_to_outputs(const cli::Process& process, const std::vector<Target>& targets,
                        const std::vector<std::string>& more = {});

// Writes the report to every target; the exit code is the report's, or `input` when a target could not be written.
cli::ExitCode deliver(cli::Process& process, const report::Report& report, const std::vector<Target>& targets,
                      const CommonOptions& options, const std::string& elapsed);

}  // namespace launchgate::validator
