#pragma once

#include <optional>
#include <string>

#include "lib/base/rfc3339.hpp"
#include "lib/evidence/findings.hpp"
#include "lib/evidence/policy.hpp"
#include "lib/judgement/judgement.hpp"
#include "lib/privacy/privacy.hpp"
#include "lib/validator/validator_tool.hpp"

namespace launchgate::record {

suite::Validator validator();

// `check`, the default verb.
class RecordTool : public validator::ValidatorTool {
 public:
  std::string name() const override { return "launchgate-record"; }
  std::string summary() const override {
    return "Checks evidence records, and fills private ones in: init, run, attach, drop.";
  }
  std::vector<Verb> verbs() const override;
  cli::ExitCode run(cli::Process& process) override;

 protected:
  suite::Validator validator() const override { return record::validator(); }
  void describe_own(cli::OptionSet& options) override;
  base::Result<void> check_more(cli::Process& process, suite::Workspace& workspace,
                                suite::CheckOutcome& outcome) override;
  base::Result<std::vector<finding::RuleInfo>> more_rules(suite::Workspace& workspace) override;

 private:
  // What every record of a run is judged by.
  struct RecordCheck {
    const evidence::Policy& policy;
    const privacy::Guard& guard;
    const evidence::Rung* expected;  // none: the tier that the record names
    base::Milliseconds now;
    document::JsonValue matrix;
    std::optional<document::JsonValue> targets;
    std::optional<judgement::Committed> committed;
  };
  base::Result<const evidence::Rung*> expected_rung(const evidence::Ladder& ladder) const;
  void check_one(const RecordCheck& check, const document::JsonValue& record, evidence::Findings& findings,
                 suite::CheckOutcome& outcome) const;

  std::vector<std::string> manifests_;
  bool require_private_pass_ = false;
  std::optional<std::string> expected_tier_;
  bool checked_ = false;
};

}  // namespace launchgate::record
