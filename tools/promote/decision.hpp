#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/base/rfc3339.hpp"
#include "lib/document/json_document.hpp"
#include "lib/evidence/findings.hpp"
#include "lib/evidence/policy.hpp"
#include "lib/suite/waivers.hpp"

// A promotion's outcome and its renderings. Equal outcomes give equal bytes.
namespace launchgate::promote {

enum class RequirementStatus : std::uint8_t { met, unmet, stale, waived };
std::string_view name(RequirementStatus status);

struct Requirement {
  std::string id;
  std::string item;  // empty: none
  RequirementStatus status = RequirementStatus::met;
  std::optional<document::JsonValue> evidence;  // the record's entry
  std::vector<finding::Finding> reasons;
};

struct Input {
  std::string role;
  std::string path;
  std::string sha256;
};

struct Decision {
  evidence::Rung rung;
  base::Milliseconds now = 0;
  bool promoted = false;
  bool unpinned = false;
  std::string commit;                          // empty: none
  std::map<std::string, std::string> digests;  // by image
  std::vector<Requirement> requirements;
  std::set<std::string> signed_items;  // every run of theirs is signed by a key that was given
  std::vector<suite::AppliedWaiver> waivers;
  std::vector<Input> inputs;
  std::string rules_digest;  // 64 hexadecimal digits
  std::string version;
};

// The requirements in a fixed order: claim, documents, then for a hosted tier record, pins and each item. `path` is the
// record's, empty when none was given; it may be that of a record that could not be read.
std::vector<Requirement> make_requirements(const evidence::Policy& policy, const evidence::Rung& rung,
                                           const std::vector<std::string>& items,
                                           const std::optional<document::JsonValue>& record, const std::string& path,
                                           const std::vector<finding::Finding>& findings);

// How far an item's evidence can be trusted: "says" (the record's word), "shows" (figures), "recomputes" (a timeline).
// The requirement has evidence.
std::string_view proof_of(const evidence::Policy& policy, const Decision& decision, const Requirement& requirement);

// What stands for the record's path in a decision: a file outside the root by its name alone, because a decision is
// published.
std::string published_path(const std::string& path);

// schemas/decision.schema.json
std::string decision_json(const evidence::Policy& policy, const Decision& decision);

// An in-toto Statement v1 over the image digests with a SLSA verification summary
// (https://slsa.dev/verification_summary/v1) that holds the decision itself as well. None where there is no digest to
// speak about.
std::optional<std::string> statement_json(const evidence::Policy& policy, const Decision& decision);

// For people: the verdict, what is not met and why, then what is.
std::string decision_text(const evidence::Policy& policy, const Decision& decision, bool color, bool quiet);

// The same as a page.
std::string decision_page(const evidence::Policy& policy, const Decision& decision);

}  // namespace launchgate::promote
