#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/validator/checks.hpp"
#include "lib/validator/validator_tool.hpp"

namespace launchgate::suite_tool {

// `--stage` adds the scan for private values: of the whole tree in CI, of what is staged before a commit. Before a
// commit the documents are those of git's index, so that what is not staged neither passes nor fails a commit.
class CheckVerb : public validator::ValidatorTool {
 public:
  std::string name() const override { return "launchgate check"; }
  std::string summary() const override { return "Runs every validator that the configuration names, in one process."; }
  cli::ExitCode run(cli::Process& process) override;

 protected:
  suite::Validator validator() const override { return validator::whole_suite(); }
  void describe_own(cli::OptionSet& options) override;
  std::vector<std::string> document_paths() const override;
  base::Result<void> check_more(cli::Process& process, suite::Workspace& workspace,
                                suite::CheckOutcome& outcome) override;
  base::Result<std::vector<finding::RuleInfo>> more_rules(suite::Workspace& workspace) override;

 private:
  std::string stage_;
  std::optional<std::string> base_;
  std::optional<std::string> baseline_key_file_;
  std::vector<std::string> approvers_;
};

}  // namespace launchgate::suite_tool
