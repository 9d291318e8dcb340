#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/cli/tool.hpp"
#include "lib/finding/finding.hpp"

namespace launchgate::validator {

// --list-rules and --explain.
struct RuleQuestion {
  bool list = false;
  std::optional<std::string> explain;

  explicit operator bool() const { return list || explain; }
};

// Answers on standard output, from the rules of a tool in any order.
cli::ExitCode answer(cli::Process& process, std::string_view tool, const RuleQuestion& question,
                     std::vector<finding::RuleInfo> rules);

std::string rules_text(const std::vector<finding::RuleInfo>& rules);
// None for an unknown rule.
std::optional<std::string> explain_text(const std::vector<finding::RuleInfo>& rules, const std::string& id);
base::Error unknown_rule(const std::vector<finding::RuleInfo>& rules, const std::string& id);

}  // namespace launchgate::validator
