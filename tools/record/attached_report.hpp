#pragma once

#include <optional>

#include "lib/document/json_document.hpp"
#include "lib/evidence/policy.hpp"
#include "lib/judgement/judgement.hpp"
#include "record/run_entry.hpp"

namespace launchgate::record {

struct AttachedReport {
  RunEntry run;
  Subject subject;
};

// Reads a JSON report (of the load engine, of `run`, or any that has the report fields) as evidence; none when the file
// holds no command. What speaks against a pass, in the report or in the verdicts beside it, makes it a failure, and so
// does a run that does not prove what the rung's profile asks. Pure. `report` must outlive the result.
std::optional<AttachedReport> read_report(const evidence::Policy& policy, const document::JsonDocument& report,
                                          const judgement::Committed* committed, const evidence::Rung* rung);

}  // namespace launchgate::record
