#pragma once

#include "lib/cli/tool.hpp"

namespace launchgate::suite_tool {

// `launchgate VERB`: its own verbs, and `launchgate X …` for `launchgate-X …`.
class LaunchgateTool final : public cli::Tool {
 public:
  std::string name() const override { return "launchgate"; }
  std::string summary() const override {
    return "Decides whether a build may be promoted to a launch tier, and what proves it. `launchgate X …` runs "
           "launchgate-X: profiles, matrix, report, wording, leaks, record, promote, decide, load, standin.";
  }
  void describe(cli::OptionSet&) override {}
  cli::ExitCode run(cli::Process&) override { return cli::ExitCode::usage; }
  std::vector<Verb> verbs() const override;
  bool needs_verb() const override { return true; }
};

}  // namespace launchgate::suite_tool
