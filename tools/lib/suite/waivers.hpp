#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/base/rfc3339.hpp"
#include "lib/document/json_document.hpp"
#include "lib/evidence/policy.hpp"
#include "lib/finding/finding.hpp"
#include "lib/suite/workspace.hpp"

// Waivers (schemas/waivers.schema.json): findings that someone answers for, for a while. One place for all tools.
namespace launchgate::suite {

struct WaiverLimits {
  std::int64_t max_days = 90;
  std::vector<std::string> never;            // rule ids; a '*' at the end, or at the beginning, stands for the rest
  evidence::Placeholders placeholders = {};  // what is no word of a person
};

// From the tier ladder. An error is a `configuration` error.
base::Result<WaiverLimits> waiver_limits(const document::JsonDocument& tiers);

// What a tool knows about its run.
struct WaiverContext {
  std::string tier;             // claim name; empty: no tier is judged
  bool items_judged = false;    // whether findings say which evidence item they are about
  std::set<std::string> rules;  // ids that were consulted
  bool gate_checks = false;     // whether checks of gates were judged: findings "check/<name>"
  std::function<bool(const finding::Finding&)> is_protected;  // what no waiver may lift in this run; may be empty
  std::set<std::string> idle;      // ids that exist and were not consulted, beside consulted ones of their prefix
  std::set<std::string> prefixes;  // of all rules that any tool has; empty: not known
};

struct AppliedWaiver {
  std::string rule;   // or "check/<name>"
  std::string scope;  // "file …, item …, tier …"
  std::string owner;
  std::string reason;
  std::string expires;
  friend bool operator==(const AppliedWaiver&, const AppliedWaiver&) = default;
};

// Marks open findings as waived and adds a finding for each waiver that is malformed, expired, too long, forbidden,
// about no rule, or unused. A waiver is unused when its rule was consulted (its check judged, its tier the run's) and
// no finding needed it. `now` decides what has expired: a waiver is good to the end of its day, in UTC.
std::vector<AppliedWaiver> apply_waivers(std::vector<finding::Finding>& findings, const document::JsonDocument& waivers,
                                         base::Milliseconds now, const WaiverLimits& limits,
                                         const WaiverContext& context);

struct WaiversOutcome {
  std::vector<AppliedWaiver> applied;
  std::shared_ptr<const document::JsonDocument> document;  // null: there is no waivers file, or it is no JSON
  bool unreadable = false;
};

// The same with the waivers file that the configuration names; nothing happens when there is none, and then no context
// is asked for. What is wrong with the file itself becomes a finding.
base::Result<WaiversOutcome> apply_waivers(Workspace& workspace, std::vector<finding::Finding>& findings,
                                           base::Milliseconds now, const std::function<WaiverContext()>& make_context);

std::vector<finding::RuleInfo> waiver_rules();

}  // namespace launchgate::suite
