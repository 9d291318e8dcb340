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
  std::optional<std::string> attestation_;

  // How the record names the envelope of the file; empty when there is none. One that is about another file is refused.
  base::Result<std::string> envelope_of(const cli::Process& process, const Setting& setting,
                                        const EvidenceTarget& target, const std::string& sha256) const;
};

}  // namespace launchgate::record
