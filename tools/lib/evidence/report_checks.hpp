#pragma once

#include <optional>
#include <string>

#include "lib/document/json_document.hpp"
#include "lib/evidence/findings.hpp"
#include "lib/evidence/policy.hpp"
#include "lib/evidence/record_checks.hpp"

// The rules over one report: what a command left behind as evidence.
namespace launchgate::evidence {

struct ReportSubject {
  std::string item;  // for messages and the item's own policy
  document::JsonValue report;
  document::JsonValue place;  // where to point for what is missing
};

// Times, duration, status, contradictions and dry runs: what makes any report believable, whatever it is for.
void check_report(const Policy& policy, const ReportSubject& subject, const RecordSettings& settings,
                  Findings& findings);

// Start, finish and duration alone: well-formed, in order, in the past, in agreement, and not older than the settings
// allow.
void check_times(const Policy& policy, const ReportSubject& subject, const RecordSettings& settings,
                 Findings& findings);

// Profile and tier of the report's environment against the rung's.
void check_environment(const Policy& policy, const ReportSubject& subject, const Rung& rung, Findings& findings);

// The report's duration against the target profile that the rung asks for.
void check_length(const Policy& policy, const ReportSubject& subject, const std::string& field, const Rung& rung,
                  const std::optional<document::JsonValue>& targets, Findings& findings);

// The same for the report and every run beneath it whose command must last for some time.
void check_run_lengths(const Policy& policy, const ReportSubject& subject, const Rung& rung,
                       const std::optional<document::JsonValue>& targets, Findings& findings);

// Runs that were withdrawn are told, with the reason.
void check_withdrawn(const Policy& policy, const ReportSubject& subject, Findings& findings);

// The evidence in a file: the object, at one of the policy's places, that holds a command.
std::optional<document::JsonValue> report_in(const Policy& policy, const document::JsonValue& root);

}  // namespace launchgate::evidence
