#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/cli/tool.hpp"
#include "lib/io/file_system.hpp"
#include "lib/report/report.hpp"
#include "lib/suite/workspace.hpp"
#include "lib/validator/common_options.hpp"

namespace launchgate::validator {

// What was opened to see what the configuration names.
struct OpenedWorkspace {
  const io::FileSystem* disk = nullptr;  // null: nothing was
  suite::WorkspaceSettings settings;
  std::optional<base::Result<std::unique_ptr<suite::Workspace>>> workspace;
  std::vector<finding::Finding> problems;
};

// Files that the configuration names or that say what applies, whatever is wrong with it: no output may be one of them.
// Gives up what a validator has no need of first.
std::vector<cli::NamedFile> configured_files(cli::Process& process, const cli::NamedFiles& named,
                                             OpenedWorkspace& opened);
std::vector<cli::NamedFile> configured_files(cli::Process& process, const cli::NamedFiles& named);

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

// Tells an error, with what else is known to be wrong, on stderr and in every machine format that was asked for; the
// exit code is the error's.
cli::ExitCode refuse(cli::Process& process, std::string_view tool, const base::Error& error,
                     std::vector<finding::Finding> problems, const std::vector<Target>& targets);

// Writes the report to every target; the exit code is the report's, or `input` when a target could not be written.
cli::ExitCode deliver(cli::Process& process, const report::Report& report, const std::vector<Target>& targets,
                      const CommonOptions& options, const std::string& elapsed);

}  // namespace launchgate::validator
