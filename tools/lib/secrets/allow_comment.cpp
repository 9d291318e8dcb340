#include "lib/secrets/allow_comment.hpp"

#include <algorithm>

#include "lib/base/ascii.hpp"
#include "lib/base/similar.hpp"
#include "lib/secrets/engine.hpp"

namespace launchgate::secrets {
namespace {

constexpr std::size_t longest_allow = 500;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
bool is_of_rule(char c) { return base::is_lower(c) || base::is_digit(c) || c == '-' || c == '/'; }

// What is wrong with an allowance of `rule` that `rest` follows; empty: nothing.
std::string problem_of(std::string_view rule, std::string_view rest, const std::vector<std::string>& rules) {
  if (rule.empty()) return "names no rule";
  std::vector<std::string> names;
  bool known = false;
  for (const std::string& id : rules) {
    known = known || id == rule || short_name(id) == rule;
    names.emplace_back(short_name(id));
    names.push_back(id);
  }
  if (!known) {
    const std::string near = base::did_you_mean(rule, names);
    return "names a rule that does not exist" + (near.empty() ? near : "; " + near);
  }
  const bool reason =
      std::any_of(rest.begin(), rest.end(), [](char c) { return base::is_alnum(c) || !base::is_ascii(c); });
  return reason ? "" : "gives no reason";
}

}  // namespace

std::optional<Allow> read_allow(std::string_view text, std::size_t marker, const std::vector<std::string>& rules) {
  std::string_view rest = text.substr(marker + Engine::marker.size(), longest_allow);
  rest = rest.substr(0, rest.find('\n'));
  // Quoted in a text about it, or with a stand-in for the rule: no allowance is meant.
  if (!rest.empty() && !is_blank(rest.front())) return std::nullopt;
  while (!rest.empty() && is_blank(rest.front())) rest.remove_prefix(1);
  const auto length = static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), is_of_rule) - rest.begin());
  if (length == 0 && !rest.empty() &&
      (rest.starts_with("RULE") || std::string_view("<{[$").find(rest.front()) != std::string_view::npos))
    return std::nullopt;
  Allow allow;
  allow.rule = std::string(rest.substr(0, length));
  allow.problem = problem_of(allow.rule, rest.substr(length), rules);
  return allow;
}

std::size_t apply_allows(std::vector<Allow>& allows, std::vector<Leak>& leaks) {
  if (allows.empty()) return 0;
  return std::erase_if(leaks, [&](const Leak& leak) {
    bool any = false;
    const std::uint32_t line = leak.finding.span.begin.line;
    for (Allow& allow : allows) {
      if (!allow.problem.empty()) continue;
      if (allow.rule != leak.finding.rule_id && allow.rule != short_name(leak.finding.rule_id)) continue;
      if (allow.span.begin.line != line && allow.span.begin.line + 1 != line) continue;
      allow.used = any = true;
    }
    return any;
  });
}

}  // namespace launchgate::secrets
