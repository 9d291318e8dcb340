#pragma once

#include <string>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/finding/finding.hpp"
#include "lib/suite/check.hpp"
#include "lib/suite/workspace.hpp"

// What a change adds to the list of what is left out: whoever writes a private value can write the line that excludes
// it into the same change, so that neither the scan nor its report would say anything.
namespace launchgate::suite_tool {

struct Change {
  std::string base;                    // a revision; the change begins where HEAD left it
  std::vector<std::string> approvers;  // who approved it, as the CI service says
};

// The exclusions, allowances, waivers and baseline entries that the repository has now and had not where the change
// began, and the rules and documents that it no longer has. `allowed` is what this run left out by allowances. A
// revision that git does not have is an `input` error with the remedy.
base::Result<std::vector<finding::Finding>> check_change(const Change& change, suite::Workspace& workspace,
                                                         const std::vector<finding::Allowed>& allowed);

std::vector<finding::RuleInfo> change_rules();

}  // namespace launchgate::suite_tool
