#pragma once

#include "lib/validator/validator_tool.hpp"

namespace launchgate::profiles {

// The documents of this tool; what they must satisfy is their schema and packs.
suite::Validator validator();

class ProfilesTool final : public validator::ValidatorTool {
 public:
  std::string name() const override { return "launchgate-profiles"; }
  std::string summary() const override {
    return "Checks target profiles: capacity targets, thresholds, durations, and that they only grow up the ladder.";
  }

 protected:
  suite::Validator validator() const override { return profiles::validator(); }
  void describe_own(cli::OptionSet& options) override;
  std::optional<cli::ExitCode> run_instead(cli::Process& process, suite::Workspace& workspace) override;

 private:
  bool show_ = false;
};

}  // namespace launchgate::profiles
