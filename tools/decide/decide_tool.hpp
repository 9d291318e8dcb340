#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/cli/tool.hpp"

namespace launchgate::decide {

class DecideTool final : public cli::Tool {
 public:
  std::string name() const override { return "launchgate-decide"; }
  std::string summary() const override {
    return "Decides go, conditional-go or no-go from load, soak and quota reports, smoke results, the filled report "
           "and the findings.";
  }
  void describe(cli::OptionSet& options) override;
  cli::ExitCode run(cli::Process& process) override;

 private:
  std::optional<std::string> profile_;
  std::optional<std::string> load_;
  std::optional<std::string> soak_;
  std::optional<std::string> quota_;
  std::vector<std::string> smokes_;
  std::vector<std::string> lower_;
  std::optional<std::string> report_;
  std::optional<std::string> findings_;
  std::optional<std::string> findings_template_;
  std::optional<std::string> decision_;
  std::optional<std::string> markdown_;
  std::vector<std::string> formats_;
  bool strict_ = false;
  std::optional<std::string> root_;
  std::optional<std::string> config_;
  std::optional<std::string> now_;
};

}  // namespace launchgate::decide
