#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/cli/tool.hpp"
#include "lib/validator/common_options.hpp"

namespace launchgate::suite_tool {

// How far the way to a tier is, and what to do next. Decides nothing: that is launchgate-promote's.
class StatusVerb final : public cli::Tool {
 public:
  std::string name() const override { return "launchgate status"; }
  std::string summary() const override {
    return "Says what is missing for a tier, who has it, how old it is, and the next command for each.";
  }
  void describe(cli::OptionSet& options) override;
  cli::ExitCode run(cli::Process& process) override;

 private:
  base::Result<cli::ExitCode> tell(cli::Process& process);

  validator::CommonOptions common_;
  std::optional<std::string> tier_;
  std::optional<std::string> manifest_;
  std::optional<std::string> evidence_root_;
  std::optional<std::string> decision_;
  std::optional<std::string> html_;
  std::vector<std::string> evidence_keys_;
  std::string format_ = "text";
  bool public_ = false;
};

}  // namespace launchgate::suite_tool
