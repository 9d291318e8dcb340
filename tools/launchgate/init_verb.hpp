#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/cli/tool.hpp"
#include "lib/validator/common_options.hpp"

namespace launchgate::suite_tool {

// Writes launchgate.json by looking at what the repository has, or a hook that checks before each commit. Never
// overwrites a file.
class InitVerb final : public cli::Tool {
 public:
  std::string name() const override { return "launchgate init"; }
  std::string summary() const override {
    return "Writes launchgate.json by looking at what the repository has, or a git hook; overwrites nothing.";
  }
  void describe(cli::OptionSet& options) override;
  cli::ExitCode run(cli::Process& process) override;

 private:
  cli::ExitCode write_hook(cli::Process& process) const;

  validator::CommonOptions common_;
  bool git_hook_ = false;
};

}  // namespace launchgate::suite_tool
