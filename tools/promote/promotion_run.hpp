#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lib/attestation/verifier.hpp"
#include "lib/base/result.hpp"
#include "lib/base/rfc3339.hpp"
#include "lib/cli/tool.hpp"
#include "lib/evidence/findings.hpp"
#include "lib/evidence/policy.hpp"
#include "lib/judgement/timeline.hpp"
#include "lib/privacy/privacy.hpp"
#include "lib/suite/check.hpp"
#include "promote/decision.hpp"
#include "promote/gather.hpp"
#include "promote/promotion.hpp"

namespace launchgate::promote {

struct RunSettings {
  judgement::Recompute recompute;                  // what the load engine makes of a timeline
  std::map<std::string, std::string> image_files;  // by image
  std::optional<std::string> manifest;
  std::optional<std::string> commit;
  std::optional<std::string> evidence_root;
  std::vector<attestation::NamedKey> evidence_keys;
  std::optional<base::Milliseconds> max_age;
  base::Milliseconds now = 0;
  bool rules_replaced = false;
};

// One promotion: reads what it rests on, applies the rules and the waivers, and concludes.
class PromotionRun {
 public:
  PromotionRun(cli::Process& process, suite::Workspace& workspace, RunSettings settings, evidence::Policy policy)
      : process_(process),
        workspace_(workspace),
        settings_(std::move(settings)),
        policy_(std::move(policy)),
        gatherer_(workspace, findings_) {}

  base::Result<Decision> decide(const evidence::Rung& rung);

  const evidence::Findings& findings() const { return findings_; }
  bool unreadable() { return gatherer_.all().unreadable; }
  const suite::CheckOutcome& checked() const { return checked_; }

 private:
  void add(suite::CheckOutcome outcome);
  bool is_known(const finding::Finding& finding) const;
  std::string item_of(const finding::Finding& finding);
  base::Result<void> judge_repository();
  base::Result<void> judge_documents();
  std::string evidence_folder() const;
  void judge_timelines(const document::JsonValue& record);
  void judge_signatures(const evidence::Rung& rung, const document::JsonValue& record);
  void judge_runs(const evidence::Rung& rung, const document::JsonValue& record);
  base::Result<void> judge_record(const evidence::Rung& rung, const privacy::Guard& guard);
  bool names_what_is_required(const finding::Finding& finding) const;
  suite::WaiverContext waiver_context(const evidence::Rung& rung) const;
  bool is_template(const document::JsonValue& record) const;
  void refuse_record(const evidence::Rung& rung);
  base::Result<std::vector<suite::AppliedWaiver>> waive(const evidence::Rung& rung);
  base::Result<Decision> conclude(const evidence::Rung& rung);

  cli::Process& process_;
  suite::Workspace& workspace_;
  RunSettings settings_;
  evidence::Policy policy_;
  evidence::Findings findings_;
  Gatherer gatherer_;
  suite::CheckOutcome checked_;
  Pins pins_;
  std::set<std::string> signed_items_;
  std::vector<std::shared_ptr<const document::JsonDocument>> kept_;  // findings refer to them
};

}  // namespace launchgate::promote
