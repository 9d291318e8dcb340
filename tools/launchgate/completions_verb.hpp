#pragma once

#include <string>
#include <vector>

#include "lib/cli/tool.hpp"

namespace launchgate::suite_tool {

// Completion scripts of `launchgate` and of every tool that lies beside it.
class CompletionsVerb final : public cli::Tool {
 public:
  std::string name() const override { return "launchgate completions"; }
  std::string summary() const override {
    return "Writes completions for bash, zsh or fish, of all tools or of those named.";
  }
  void describe(cli::OptionSet& options) override;
  cli::ExitCode run(cli::Process& process) override;

 private:
  std::vector<std::string> words_;
};

// Man pages, one file for each tool; what packages install.
class ManVerb final : public cli::Tool {
 public:
  std::string name() const override { return "launchgate man"; }
  std::string summary() const override {
    return "Writes the man page of launchgate, or of the tool named, to standard output.";
  }
  void describe(cli::OptionSet& options) override;
  cli::ExitCode run(cli::Process& process) override;

 private:
  std::vector<std::string> words_;
};

}  // namespace launchgate::suite_tool
