#include "lib/validator/rule_texts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/suite/waivers.hpp"

namespace launchgate::validator {

std::string rules_text(const std::vector<finding::RuleInfo>& rules) {
  std::size_t width = 0;
  for (const finding::RuleInfo& rule : rules) width = std::max(width, rule.id.size());
  std::string text;
  for (const finding::RuleInfo& rule : rules)
    text += fmt::format("{:<7}  {:<{}}  {}\n", name(rule.severity), base::printable(rule.id), width,
                        base::printable(rule.summary));
  return text;
}

namespace {

// Lines of an example as they stood in the pack, without the indentation of that place, and not more than a screen of
// them.
std::vector<std::string> example_lines(const std::string& body) {
  constexpr std::size_t most_lines = 20;
  std::vector<std::string> lines;
  std::size_t indent = std::string::npos;
  for (std::size_t at = 0; at < body.size();) {
    const std::size_t end = std::min(body.find('\n', at), body.size());
    lines.push_back(body.substr(at, end - at));
    const std::size_t text = lines.back().find_first_not_of(' ');
    if (lines.size() > 1 && text != std::string::npos) indent = std::min(indent, text);
    at = end + 1;
  }
  for (std::size_t i = 1; i < lines.size(); ++i) lines[i].erase(0, std::min(indent, lines[i].size()));
  if (lines.size() > most_lines) {
    lines.resize(most_lines);
    lines.emplace_back("…");
  }
  return lines;
}

}  // namespace

std::optional<std::string> explain_text(const std::vector<finding::RuleInfo>& rules, const std::string& id) {
  const auto rule =
      std::find_if(rules.begin(), rules.end(), [&](const finding::RuleInfo& one) { return one.id == id; });
  if (rule == rules.end()) return std::nullopt;
  std::string text =
      fmt::format("{} ({})\n\n  {}\n", base::printable(rule->id), name(rule->severity), base::printable(rule->summary));
  const auto part = [&](std::string_view title, const std::string& body) {
    if (body.empty()) return;
    text += fmt::format("\n{}\n", title);
    for (const std::string& line : example_lines(body)) text += "  " + base::printable(line) + '\n';
  };
  part("Why", rule->why);
  part("How to fix it", rule->help);
  part("Wrong", rule->wrong);
  part("Right", rule->right);
  return text;
}

base::Error unknown_rule(const std::vector<finding::RuleInfo>& rules, const std::string& id) {
  std::vector<std::string> ids;
  for (const finding::RuleInfo& rule : rules) ids.push_back(rule.id);
  std::string help = base::did_you_mean(id, ids);
  if (help.empty()) help = "--list-rules shows all";
  return {base::ErrorCategory::usage, "", {}, fmt::format("there is no rule \"{}\"", base::printable(id)), help};
}

cli::ExitCode answer(cli::Process& process, std::string_view tool, const RuleQuestion& question,
                     std::vector<finding::RuleInfo> rules) {
  std::sort(rules.begin(), rules.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  if (question.list) {
    process.out.write(rules_text(rules));
    return cli::ExitCode::ok;
  }
  const auto text = explain_text(rules, *question.explain);
  if (!text) return cli::fail(process, tool, unknown_rule(rules, *question.explain));
  process.out.write(*text);
  return cli::ExitCode::ok;
}

}  // namespace launchgate::validator
