#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/base/rfc3339.hpp"
#include "lib/cli/options.hpp"
#include "lib/cli/tool.hpp"
#include "lib/finding/finding.hpp"
#include "lib/suite/workspace.hpp"
#include "lib/validator/rule_texts.hpp"

namespace launchgate::validator {

struct OpenedWorkspace;  // outputs.hpp

// Opens the workspace; what is wrong with the configuration, beyond what the error says, is shown on stderr, and given
// to `told`. Takes what was opened from the same disk with the same settings before.
base::Result<std::unique_ptr<suite::Workspace>> open_workspace(cli::Process& process,
                                                               const suite::WorkspaceSettings& settings,
                                                               bool color = true,
                                                               std::vector<finding::Finding>* told = nullptr,
                                                               OpenedWorkspace* opened = nullptr);

// What the environment says under the configuration's prefix, or under the tools' own, LAUNCHGATE_. Two that disagree
// leave open what was meant: a `usage` error; so does one that is set to nothing, where the value chooses or pins.
base::Result<std::optional<std::string>> environment_value(const cli::Process& process,
                                                           const suite::Workspace& workspace, const std::string& name,
                                                           bool chooses = false);

// What --now says, else the clock; a `usage` error when it is no date-time.
base::Result<base::Milliseconds> time_of_run(const std::optional<std::string>& now);

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
  RuleQuestion question;
  std::optional<std::string> now;
  std::vector<std::string> paths;

  void describe(cli::OptionSet& options);
  suite::WorkspaceSettings settings() const { return {root, config, schemas, rules}; }
  base::Result<std::unique_ptr<suite::Workspace>> open_workspace(cli::Process& process,
                                                                 std::vector<finding::Finding>* told = nullptr,
                                                                 OpenedWorkspace* opened = nullptr) const {
    return validator::open_workspace(process, settings(), color != "never", told, opened);
  }
  base::Result<base::Milliseconds> time() const { return time_of_run(now); }
  finding::Severity fail_severity() const;
  bool use_color(const cli::Process& process) const;  // also --color=auto and NO_COLOR
};

}  // namespace launchgate::validator
