#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/document/json_document.hpp"
#include "lib/evidence/findings.hpp"
#include "lib/evidence/policy.hpp"

// Whether the report of a load or soak run (schemas/load-report.schema.json) proves what a committed profile asks: that
// it was measured against that profile and left nothing out, that its gates follow from its own figures, and that its
// figures agree with each other. Pure, and the same for every tool.
namespace launchgate::judgement {

// What the repository commits to.
struct Committed {
  document::JsonValue profiles;   // by name
  document::JsonValue catalogue;  // of operations, metrics and gates
  std::string targets_sha256;     // of the documents that they stand in; empty: not compared
  std::string catalogue_sha256;
};

struct Question {
  std::string item;     // for messages; may be empty
  std::string profile;  // that the run must have been made against
  std::string mode;     // "load" or "soak"; empty: either
  bool strict = true;
  // Whether the run must be a whole and passing one; otherwise what failed or was left out is another's matter.
  bool passing = true;
  const evidence::Rung* rung = nullptr;  // where the deployment must be; none: anywhere
};

void judge(const evidence::Policy& policy, const Committed& committed, const Question& question,
           const document::JsonValue& report, evidence::Findings& findings);

// The runs that the items of a record show, each against the profile of the rung; and what only says how it ended.
void judge_record(const evidence::Policy& policy, const Committed& committed, const evidence::Rung& rung,
                  const document::JsonValue& record, evidence::Findings& findings);

// None where the documents are not of their form.
std::optional<Committed> committed(const evidence::Policy& policy, const document::JsonDocument& targets,
                                   const document::JsonDocument& catalogue);

// One gate as the report's figures have it; none for what only the run itself could tell.
struct Gate {
  std::optional<bool> passes;  // none: the figures do not tell, and its own word counts
  std::string why;
  bool required = true;  // whether a report without it is incomplete
};
// By the name of the check. `thresholds` are the committed ones.
std::map<std::string, Gate> gates_of(const document::JsonValue& catalogue, const document::JsonValue& thresholds,
                                     const document::JsonValue& report);

// What in the figures of a report cannot be true together, at the value in question.
struct Disagreement {
  document::JsonValue at;
  std::string text;
};
std::vector<Disagreement> disagreements(const document::JsonValue& report);

// The hosts of the addresses in a report that are not those of a remote deployment.
std::vector<Disagreement> local_hosts(const evidence::Policy& policy, const evidence::Rung& rung,
                                      const document::JsonValue& report);

}  // namespace launchgate::judgement
