#include "leaks/leaks_rules.hpp"

#include <utility>

namespace launchgate::leaks {

std::vector<finding::RuleInfo> own_rules() {
  using finding::Severity;
  return {
      {"leaks/allow", Severity::warning, "an allowance that allows nothing",
       "write launchgate:allow, the rule and a reason on the line of the finding or on the line above it, or take the "
       "comment out",
       "an allowance that is wrong or no longer needed hides the next value that is put there", "", ""},
      {"leaks/baseline-stale", Severity::warning, "a baseline entry whose finding is gone",
       "write the baseline anew with --write-baseline",
       "a baseline should only shrink: an entry that matches nothing would hide the value when it comes back", "", ""},
      {"leaks/unreadable", Severity::error, "a file that could not be read",
       "make it readable, or exclude it in the configuration", "what was not read was not checked", "", ""},
  };
}

finding::Finding own_finding(OwnRule rule, std::string file, std::string message) {
  const finding::RuleInfo info = own_rules()[static_cast<std::size_t>(rule)];
  finding::Finding finding;
  finding.rule_id = info.id;
  finding.severity = info.severity;
  finding.file = std::move(file);
  finding.message = std::move(message);
  finding.help = info.help;
  return finding;
}

}  // namespace launchgate::leaks
