#pragma once

#include "lib/validator/validator_tool.hpp"

namespace launchgate::matrix {

suite::Validator validator();

class MatrixTool final : public validator::ValidatorTool {
 public:
  std::string name() const override { return "launchgate-matrix"; }
  std::string summary() const override {
    return "Checks the evidence matrix, the package scripts that it names, and the coverage of the operation "
           "catalogue.";
  }

 protected:
  suite::Validator validator() const override { return matrix::validator(); }
  void describe_own(cli::OptionSet& options) override;
  std::optional<cli::ExitCode> run_instead(cli::Process& process, suite::Workspace& workspace) override;

 private:
  bool show_ = false;
};

}  // namespace launchgate::matrix
