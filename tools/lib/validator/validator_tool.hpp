#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/cli/tool.hpp"
#include "lib/suite/check.hpp"
#include "lib/validator/common_options.hpp"
#include "lib/validator/outputs.hpp"

namespace launchgate::validator {

// The frame of every tool that checks documents: common options, workspace, check, report, formats, exit code. A tool
// says which kinds of documents it checks and adds options of its own.
class ValidatorTool : public cli::Tool {
 public:
  void describe(cli::OptionSet& options) override;
  cli::ExitCode run(cli::Process& process) override;
  std::vector<cli::NamedFile> reads_besides(cli::Process& process, const cli::NamedFiles& named) override;

 protected:
  virtual suite::Validator validator() const = 0;
  virtual void describe_own(cli::OptionSet&) {}
  // Which of the paths on the command line choose documents.
  virtual std::vector<std::string> document_paths() const { return common_.paths; }
  // Runs in place of the check, for example --show; none to check as usual.
  virtual std::optional<cli::ExitCode> run_instead(cli::Process&, suite::Workspace&) { return std::nullopt; }
  // Work beside the documents, for example a scan; adds to the outcome.
  virtual base::Result<void> check_more(cli::Process&, suite::Workspace&, suite::CheckOutcome&) { return {}; }
  // Files that it writes beside its reports, and folders in which it may write any.
  virtual std::vector<std::string> more_outputs() const { return {}; }
  // Rules of check_more, for --list-rules and --explain.
  virtual base::Result<std::vector<finding::RuleInfo>> more_rules(suite::Workspace&) {
    return std::vector<finding::RuleInfo>();
  }

  const CommonOptions& common() const { return common_; }
  CommonOptions& common() { return common_; }

 private:
  base::Result<std::vector<finding::RuleInfo>> applied_rules(suite::Workspace& workspace);

  CommonOptions common_;
  OpenedWorkspace opened_;  // by reads_besides(), so that the configuration is read once
};

// Hides in the findings what the configuration's leak rules find in the files that they are about: messages quote
// values and excerpts show lines.
base::Result<void> mask_secrets(suite::Workspace& workspace, std::span<finding::Finding> findings);

// The same for the names of what was not looked at.
base::Result<void> mask_secrets(suite::Workspace& workspace, std::vector<suite::SkippedFile>& skipped);

// The findings of a run in order, and what else there is to tell of it; takes them out of the outcome.
report::Report make_report(std::string tool, suite::CheckOutcome& outcome, finding::Severity fail_on);

// The report of a run under the waivers of its repository: the way from findings to a verdict for every tool.
base::Result<report::Report> conclude(suite::Workspace& workspace, std::string tool, suite::CheckOutcome outcome,
                                      const CommonOptions& options);

// The same for a report that a tool has made itself.
base::Result<void> waive(suite::Workspace& workspace, report::Report& report, const CommonOptions& options,
                         const suite::CheckOutcome& run = {});

// For tools that show documents: what went wrong in loading goes to stderr as text; `input`, `findings` when nothing
// was loaded, or `ok`.
cli::ExitCode report_loading(cli::Process& process, suite::Workspace& workspace, std::string_view tool,
                             const suite::LoadOutcome& loaded);

}  // namespace launchgate::validator
