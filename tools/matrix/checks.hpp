#pragma once

#include <vector>

#include "lib/finding/finding.hpp"
#include "lib/rules/json_rule.hpp"

namespace launchgate::matrix {

// Exactly one tier has the ladder's accepted status, and it is the one that the matrix and the ladder name as accepted;
// the tiers are those of the ladder. All names come from the tier ladder.
std::vector<finding::Finding> check_tiers(const rules::JsonSubject& subject);

std::vector<finding::RuleInfo> tier_rules();

}  // namespace launchgate::matrix
