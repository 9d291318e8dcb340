#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/cli/tool.hpp"
#include "lib/validator/common_options.hpp"

namespace launchgate::suite_tool {

// Writes launchgate.json by looking at what the repository has. Never overwrites a file.
class InitVerb final : public cli::Tool {
 public:
  std::string name() const override { return "launchgate init"; }
  std::string summary() const override { return "Writes launchgate.json by looking at what the repository has; overwrites nothing."; }
  void describe(cli::OptionSet& options) override;
  cli::ExitCode run(cli::Process& process) override;

 private:
  validator::CommonOptions common_;
};

}  // namespace launchgate::suite_tool
