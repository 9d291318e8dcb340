#pragma once

#include "lib/validator/validator_tool.hpp"

namespace launchgate::wording {

// Every Markdown document of the configuration; a file that it does not name is checked for claims.
suite::Validator validator();

class WordingTool final : public validator::ValidatorTool {
 public:
  std::string name() const override { return "launchgate-wording"; }
  std::string summary() const override {
    return "Checks what Markdown documents say: required and forbidden phrases, order and structure, claims above the "
           "accepted tier.";
  }

  // --fix writes to documents as well, and is not known yet.
  std::vector<cli::NamedFile> reads_besides(cli::Process& process, const cli::NamedFiles& named) override {
    return validator::configured_files(process, named);
  }

 protected:
  suite::Validator validator() const override { return wording::validator(); }
  void describe_own(cli::OptionSet& options) override;
  std::optional<cli::ExitCode> run_instead(cli::Process& process, suite::Workspace& workspace) override;
  // Which documents are rewritten is known when they have been read.
  std::vector<std::string> more_outputs() const override {
    return std::vector<std::string>(fix_ ? 1 : 0, std::string("/"));
  }
  base::Result<void> check_more(cli::Process& process, suite::Workspace& workspace,
                                suite::CheckOutcome& outcome) override;

 private:
  base::Result<void> fix_all(cli::Process& process, suite::Workspace& workspace) const;

  bool fix_ = false;
};

}  // namespace launchgate::wording
