#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/cli/tool.hpp"
#include "record/evidence_target.hpp"

namespace launchgate::record {

class RunVerb final : public cli::Tool {
 public:
  std::string name() const override { return "launchgate-record run"; }
  std::string summary() const override {
    return "Runs a command, keeps its log and records what happened as evidence; its exit status is the command's.";
  }
  void describe(cli::OptionSet& options) override;
  cli::ExitCode run(cli::Process& process) override;

 private:
  EvidenceOptions options_;
  std::optional<std::string> timeout_;
  std::optional<std::string> log_folder_;
  std::optional<std::string> report_;
  std::optional<std::string> tier_;
  std::vector<std::string> command_;
};

}  // namespace launchgate::record
