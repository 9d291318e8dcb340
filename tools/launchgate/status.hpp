#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/rfc3339.hpp"
#include "lib/document/json_document.hpp"
#include "lib/evidence/policy.hpp"
#include "lib/suite/waivers.hpp"
#include "promote/decision.hpp"

// How far the way to a tier is: what promotion would say now, with the next command for each thing that is missing.
namespace launchgate::suite_tool {

struct StatusTier {
  std::string claim;
  std::string claim_status;  // as the matrix has it; empty: not in the matrix
  std::string description;
  std::vector<std::string> blocked_by;
  bool asked = false;
};

struct StatusLine {
  std::string id;  // of the item, or "claim", "documents", "record", "pins"
  bool is_item = false;
  std::string category;
  std::string standing;  // met, waived, stale, missing, failed
  std::string owner;
  std::optional<base::Milliseconds> finished;
  std::optional<base::Milliseconds> expires;
  std::string proof;  // says, shows, recomputes
  bool is_signed = false;
  std::vector<std::string> reasons;
  bool done() const { return standing == "met" || standing == "waived"; }
};

struct NextStep {
  std::string why;
  std::string command;  // to be typed, or what a person does
};

struct LastDecision {
  std::string file;
  std::string tier;
  std::string result;
  std::string when;
};

struct Status {
  std::string tier;
  bool complete = false;
  base::Milliseconds now = 0;
  std::string version;
  std::string commit;
  std::vector<StatusTier> tiers;
  std::vector<StatusLine> lines;
  std::vector<NextStep> next;
  std::vector<suite::AppliedWaiver> waivers;
  std::optional<LastDecision> last;

  std::size_t missing() const;
  std::size_t items_met() const;
  std::size_t items() const;
};

struct StatusRequest {
  const evidence::Policy& policy;
  const promote::Decision& decision;
  std::optional<document::JsonValue> matrix;
  std::string manifest;    // as given; empty: none
  bool is_public = false;  // only what a record allows in public: no owners, no paths, no texts of findings
};

Status make_status(const StatusRequest& request);

// For programs.
std::string status_json(const Status& status);
// At most 80 columns, but for commands.
std::string status_text(const Status& status, bool color);
std::string status_page(const Status& status);

}  // namespace launchgate::suite_tool
