#pragma once

#include <optional>
#include <string>

#include "lib/cli/tool.hpp"
#include "record/evidence_target.hpp"

namespace launchgate::record {

// Withdraws a run: it stays in the record, and counts no longer.
class DropVerb final : public cli::Tool {
 public:
  std::string name() const override { return "launchgate-record drop"; }
  std::string summary() const override {
    return "Withdraws a run of an item: it stays in the record with the reason, and counts no longer.";
  }
  void describe(cli::OptionSet& options) override;
  cli::ExitCode run(cli::Process& process) override;

 private:
  EvidenceOptions options_;
  std::optional<std::int64_t> run_;
  std::optional<std::string> reason_;
};

}  // namespace launchgate::record
