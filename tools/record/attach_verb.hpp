#pragma once

#include <optional>
#include <string>

#include "lib/cli/tool.hpp"
#include "record/evidence_target.hpp"

namespace launchgate::record {

class AttachVerb final : public cli::Tool {
 public:
  std::string name() const override { return "launchgate-record attach"; }
  std::string summary() const override { return "Attaches an existing report to evidence items, with its checksum."; }
  void describe(cli::OptionSet& options) override;
  cli::ExitCode run(cli::Process& process) override;

 private:
  EvidenceOptions options_;
  std::optional<std::string> file_;
  std::optional<std::string> reference_;
};

}  // namespace launchgate::record
