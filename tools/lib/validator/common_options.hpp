#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/base/rfc3339.hpp"
#include "lib/cli/options.hpp"
#include "lib/cli/tool.hpp"
#include "lib/finding/finding.hpp"
#include "lib/report/report.hpp"
#include "lib/suite/workspace.hpp"

namespace launchgate::validator {

// The options that all validators share.
struct CommonOptions {
  std::optional<std::string> root;
  std::optional<std::string> config;
  std::optional<std::string> schemas;
  std::optional<std::string> rules;
  std::vector<std::string> formats;
  std::string fail_on = "error";
  std::string color = "auto";
  bool quiet = false;
  bool list_rules = false;
  std::optional<std::string> explain;
  std::optional<std::string> now;
  std::vector<std::string> paths;

  void describe(cli::OptionSet& options);
  suite::WorkspaceSettings workspace() const { return {root, config, schemas, rules}; }
  // --now, else the clock; a `usage` error when it is no date-time.
  base::Result<base::Milliseconds> time() const;
  finding::Severity fail_severity() const;
  bool use_color(const cli::Process& process) const;  // also --color=auto and NO_COLOR
};

// Where a report goes: a format, and a file or standard output.
struct Target {
  const report::Format* format = nullptr;
  std::string path;  // empty: standard output
};

// Parses `--format NAME[=FILE]` values and makes sure that each file can be written, before any work is done. Without a
// format for standard output, text goes there.
base::Result<std::vector<Target>> output_targets(const std::vector<std::string>& formats, const io::FileSystem& disk);

// Opens the workspace; what is wrong with the configuration is shown on stderr and becomes the exit code.
std::unique_ptr<suite::Workspace> open_workspace(cli::Process& process, std::string_view tool,
                                                 const CommonOptions& options, cli::ExitCode& code);

// Writes the report to every target; the exit code is the report's, or `input` when a target could not be written.
cli::ExitCode deliver(cli::Process& process, const report::Report& report, const std::vector<Target>& targets,
                      const CommonOptions& options, const std::string& elapsed);

std::string rules_text(const std::vector<finding::RuleInfo>& rules);
// None for an unknown rule.
std::optional<std::string> explain_text(const std::vector<finding::RuleInfo>& rules, const std::string& id);
base::Error unknown_rule(const std::vector<finding::RuleInfo>& rules, const std::string& id);

}  // namespace launchgate::validator
