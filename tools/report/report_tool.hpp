#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/validator/validator_tool.hpp"

namespace launchgate::report_tool {

// Report templates; a filled report is compared with its template by --filled.
suite::Validator validator();

class ReportTool final : public validator::ValidatorTool {
 public:
  std::string name() const override { return "launchgate-report"; }
  std::string summary() const override {
    return "Checks report templates, and whether a filled report is complete and says what was measured.";
  }

 protected:
  suite::Validator validator() const override { return report_tool::validator(); }
  void describe_own(cli::OptionSet& options) override;
  std::optional<cli::ExitCode> run_instead(cli::Process& process, suite::Workspace& workspace) override;
  base::Result<std::vector<finding::RuleInfo>> more_rules(suite::Workspace& workspace) override;

 private:
  base::Result<suite::CheckOutcome> check_filled_report(suite::Workspace& workspace) const;

  std::optional<std::string> filled_;
  std::optional<std::string> template_;
  std::vector<std::string> load_reports_;
};

}  // namespace launchgate::report_tool
