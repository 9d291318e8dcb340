#include "lib/validator/common_options.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/io/system.hpp"

namespace launchgate::validator {

void CommonOptions::describe(cli::OptionSet& options) {
  options.positionals("PATH", paths, "Files or folders to check; none means what the configuration names.");
  options
      .text("--root", "DIR", root,
            "The repository: by default the nearest folder above that holds launchgate.json, else .git.")
      .completion = cli::Completion::folder;
  options
      .text("--config", "FILE", config,
            "The configuration: by default launchgate.json in the root, else the built-in one.")
      .completion = cli::Completion::file;
  std::string names;
  for (const report::Format& format : report::formats()) names += (names.empty() ? "" : "|") + std::string(format.name);
  cli::Option& format = options.list("--format", names + "[=FILE]", formats,
                                     "Output format, to standard output or to FILE; text by default.");
  for (const report::Format& one : report::formats()) format.suggestions.emplace_back(one.name);
  options.choice("--fail-on", {"error", "warning", "note"}, fail_on,
                 "The least severity that fails the run; error by default.");
  options.choice("--color", {"auto", "always", "never"}, color,
                 "Colours; auto means on a terminal, unless NO_COLOR is set.");
  options.flag("--quiet", quiet, "Findings only, no summary.");
  options.flag("--list-rules", list_rules, "List the rules that would be applied.");
  options.text("--explain", "RULE", explain,
               "Tell what a rule wants, why, a wrong and a right example, and how to fix it.");
  options.text("--schemas", "DIR", schemas, "JSON Schemas in place of the built-in ones.").completion =
      cli::Completion::folder;
  options.text("--rules", "DIR", rules, "Rule packs in place of the built-in ones.").completion =
      cli::Completion::folder;
  options.text("--now", "TIME", now, "The time (RFC 3339) that expiry dates are compared with, for reproducible runs.");
}

base::Result<base::Milliseconds> CommonOptions::time() const {
  if (!now) return io::now_ms();
  if (const auto given = base::parse_date_time(*now)) return *given;
  return base::Error{base::ErrorCategory::usage,
                     "",
                     {},
                     fmt::format("--now \"{}\" is no RFC 3339 date-time with an offset", base::printable(*now)),
                     "write 2026-03-01T12:00:00Z"};
}

finding::Severity CommonOptions::fail_severity() const {
  return finding::severity_from(fail_on).value_or(finding::Severity::error);
}

bool CommonOptions::use_color(const cli::Process& process) const {
  if (color != "auto") return color == "always";
  return process.out.is_terminal() && !process.environment("NO_COLOR");
}

base::Result<std::vector<Target>> output_targets(const std::vector<std::string>& formats, const io::FileSystem& disk) {
  std::vector<Target> targets;
  bool stdout_taken = false;
  for (const std::string& text : formats) {
    const std::size_t equals = text.find('=');
    const std::string name = text.substr(0, equals);
    Target target;
    target.format = report::find_format(name);
    if (target.format == nullptr) {
      std::vector<std::string> names;
      for (const report::Format& format : report::formats()) names.emplace_back(format.name);
      std::string help = base::did_you_mean(name, names);
      if (help.empty()) help = "known: " + base::quoted_list(names, "and");
      return base::Error{base::ErrorCategory::usage,
                         "",
                         {},
                         fmt::format("--format: unknown format \"{}\"", base::printable(name)),
                         help};
    }
    if (equals != std::string::npos) {
      target.path = text.substr(equals + 1);
      if (target.path.empty())
        return base::Error{
            base::ErrorCategory::usage, "", {}, fmt::format("--format {}: the file name is empty", text), ""};
      if (const auto writable = disk.check_writable(target.path); !writable) return writable.error();
    } else if (stdout_taken) {
      return base::Error{base::ErrorCategory::usage,
                         "",
                         {},
                         "--format: two formats cannot share standard output",
                         "write one to a file: --format " + text + "=FILE"};
    }
    stdout_taken = stdout_taken || target.path.empty();
    targets.push_back(std::move(target));
  }
  if (!stdout_taken) targets.insert(targets.begin(), Target{report::find_format("text"), ""});
  return targets;
}

std::unique_ptr<suite::Workspace> open_workspace(cli::Process& process, std::string_view tool,
                                                 const CommonOptions& options, cli::ExitCode& code) {
  std::vector<finding::Finding> problems;
  auto workspace = suite::Workspace::open(process.disk, options.workspace(), problems);
  if (workspace) return std::move(*workspace);
  if (!problems.empty()) {
    report::Report report;
    report.findings = std::move(problems);
    finding::sort_findings(report.findings);
    report.documents = 1;
    process.err.write(report::print_text(report, {process.err.is_terminal() && options.color != "never", true, ""}));
  }
  code = cli::fail(process, tool, workspace.error());
  return nullptr;
}

namespace {

// The runner gives every step a file of its own and reads it at the end; other commands of the step may have written to
// it.
base::Result<void> append_step_summary(cli::Process& process, const report::Report& report) {
  constexpr std::uint64_t most_bytes = 1UL << 20U;  // the runner refuses more
  const auto path = process.environment("GITHUB_STEP_SUMMARY");
  if (!path) return {};
  const auto before = process.disk.read(*path, most_bytes);
  const std::string text = (before ? *before : std::string()) + report::github_summary(report);
  return process.disk.write(*path, base::utf8_prefix(text, most_bytes));
}

}  // namespace

cli::ExitCode deliver(cli::Process& process, const report::Report& report, const std::vector<Target>& targets,
                      const CommonOptions& options, const std::string& elapsed) {
  cli::ExitCode code = report::passed(report) ? cli::ExitCode::ok : cli::ExitCode::findings;
  if (report.unreadable_input) code = cli::ExitCode::input;
  for (const Target& target : targets) {
    const bool to_terminal = target.path.empty() && process.out.is_terminal();
    const report::PrintOptions print{target.path.empty() && options.use_color(process), options.quiet,
                                     to_terminal ? elapsed : ""};
    const std::string text = target.format->print(report, print);
    if (target.format->print == report::print_github) {
      if (const auto written = append_step_summary(process, report); !written)
        code = cli::fail(process, report.tool, written.error());
    }
    if (target.path.empty()) {
      process.out.write(text);
      continue;
    }
    if (const auto written = process.disk.write(target.path, text); !written)
      code = cli::fail(process, report.tool, written.error());
  }
  return code;
}

std::string rules_text(const std::vector<finding::RuleInfo>& rules) {
  std::size_t width = 0;
  for (const finding::RuleInfo& rule : rules) width = std::max(width, rule.id.size());
  std::string text;
  for (const finding::RuleInfo& rule : rules)
    text += fmt::format("{:<7}  {:<{}}  {}\n", name(rule.severity), rule.id, width, rule.summary);
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
  std::string text = fmt::format("{} ({})\n\n  {}\n", rule->id, name(rule->severity), rule->summary);
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

}  // namespace launchgate::validator
