#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/finding/finding.hpp"

namespace launchgate::leaks {

// Rules that the scan applies besides the packs, in the order of own_rules().
enum class OwnRule : std::uint8_t { allow, baseline_stale, unreadable };

std::vector<finding::RuleInfo> own_rules();
finding::Finding own_finding(OwnRule rule, std::string file, std::string message);

}  // namespace launchgate::leaks
