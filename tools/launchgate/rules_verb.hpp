#pragma once

#include <string>
#include <vector>

#include "lib/cli/tool.hpp"
#include "lib/validator/common_options.hpp"

namespace launchgate::suite_tool {

class RulesVerb final : public cli::Tool {
 public:
  std::string name() const override { return "launchgate rules"; }
  std::string summary() const override {
    return "Lists the rules, explains one, or tests the examples of every rule pack.";
  }
  void describe(cli::OptionSet&) override {}
  cli::ExitCode run(cli::Process&) override { return cli::ExitCode::usage; }
  std::vector<Verb> verbs() const override;
  bool needs_verb() const override { return true; }
};

// Every rule of every pack that is built in or configured, and those of schemas and tools.
class RulesListVerb final : public cli::Tool {
 public:
  std::string name() const override { return "launchgate rules list"; }
  std::string summary() const override { return "Lists every rule with its severity."; }
  void describe(cli::OptionSet& options) override { common_.describe(options); }
  cli::ExitCode run(cli::Process& process) override;

 private:
  validator::CommonOptions common_;
};

class ExplainVerb final : public cli::Tool {
 public:
  std::string name() const override { return "launchgate explain"; }
  std::string summary() const override {
    return "Tells what a rule wants, why, a wrong and a right example, and how to fix it.";
  }
  void describe(cli::OptionSet& options) override;
  cli::ExitCode run(cli::Process& process) override;

 private:
  validator::CommonOptions common_;
};

class RulesTestVerb final : public cli::Tool {
 public:
  std::string name() const override { return "launchgate rules test"; }
  std::string summary() const override { return "Runs the examples of every rule; one that lies fails the run."; }
  void describe(cli::OptionSet& options) override;
  cli::ExitCode run(cli::Process& process) override;

 private:
  validator::CommonOptions common_;
};

}  // namespace launchgate::suite_tool
