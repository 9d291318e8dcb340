#include "lib/validator/common_options.hpp"

#include <fmt/format.h>

#include "lib/base/utf8.hpp"
#include "lib/io/system.hpp"
#include "lib/io/terminal.hpp"
#include "lib/report/report.hpp"
#include "lib/validator/outputs.hpp"

namespace launchgate::validator {

void CommonOptions::describe(cli::OptionSet& options) {
  options.positionals("PATH", paths, "Files or folders to check; none means what the configuration names.");
  options
      .text("--root", "DIR", root,
            "The repository: by default the nearest folder above that holds launchgate.json or .git.")
      .completion = cli::Completion::folder;
  options
      .text("--config", "FILE", config,
            "The configuration: by default launchgate.json in the root, else the built-in one.")
      .completion = cli::Completion::file;
  std::string names;
  for (const report::Format& format : report::formats()) names += (names.empty() ? "" : "|") + std::string(format.name);
  cli::Option& format = options.list("--format", names + "[=FILE]", formats,
                                     "Output format, to standard output or to FILE; text by default.");
  format.writes = cli::Writes::format;
  for (const report::Format& one : report::formats()) format.suggestions.emplace_back(one.name);
  options.choice("--fail-on", {"error", "warning", "note"}, fail_on,
                 "The least severity that fails the run; error by default.");
  options.choice("--color", {"auto", "always", "never"}, color,
                 "Colours; auto means on a terminal, unless NO_COLOR is set.");
  options.flag("--quiet", quiet, "Findings only, no summary.");
  options.flag("--list-rules", question.list, "List the rules that would be applied.");
  options.text("--explain", "RULE", question.explain,
               "Tell what a rule wants, why, a wrong and a right example, and how to fix it.");
  options.text("--schemas", "DIR", schemas, "JSON Schemas in place of the built-in ones.").completion =
      cli::Completion::folder;
  options.text("--rules", "DIR", rules, "Rule packs in place of the built-in ones.").completion =
      cli::Completion::folder;
  options.text("--now", "TIME", now, "The time (RFC 3339) that expiry dates are compared with, for reproducible runs.");
}

base::Result<std::optional<std::string>> environment_value(const cli::Process& process,
                                                           const suite::Workspace& workspace, const std::string& name,
                                                           bool chooses) {
  constexpr std::string_view own_prefix = "LAUNCHGATE_";
  const std::string& prefix = workspace.configuration().environment_prefix;
  for (const std::string& full : {prefix + name, std::string(own_prefix) + name}) {
    if (chooses && io::is_set_but_empty(full)) return cli::empty_variable(full);
  }
  auto value = process.environment(prefix + name);
  auto own = process.environment(std::string(own_prefix) + name);
  if (value && own && *value != *own)
    return cli::usage(fmt::format("{}{} and {}{} are set, and differ", prefix, name, own_prefix, name),
                      "unset one of them, or give the option");
  return value ? std::move(value) : std::move(own);
}

base::Result<base::Milliseconds> time_of_run(const std::optional<std::string>& now) {
  if (!now) return io::now_ms();
  if (const auto given = base::parse_date_time(*now)) return *given;
  return cli::usage(fmt::format("--now \"{}\" is no RFC 3339 date-time with an offset", base::printable(*now)),
                    "write 2026-03-01T12:00:00Z");
}

finding::Severity CommonOptions::fail_severity() const {
  return finding::severity_from(fail_on).value_or(finding::Severity::error);
}

bool CommonOptions::use_color(const cli::Process& process) const {
  if (color != "auto") return color == "always";
  return process.out.is_terminal() && !process.environment("NO_COLOR");
}

base::Result<std::unique_ptr<suite::Workspace>> open_workspace(cli::Process& process,
                                                               const suite::WorkspaceSettings& settings, bool color,
                                                               std::vector<finding::Finding>* told,
                                                               OpenedWorkspace* opened) {
  std::vector<finding::Finding> problems;
  const bool known = opened != nullptr && opened->disk == &process.disk && opened->workspace &&
                     opened->settings.root == settings.root && opened->settings.config == settings.config &&
                     opened->settings.schemas_folder == settings.schemas_folder &&
                     opened->settings.rules_folder == settings.rules_folder;
  if (known) problems = std::move(opened->problems);
  auto workspace = known ? std::move(*opened->workspace) : suite::Workspace::open(process.disk, settings, problems);
  if (!workspace && !problems.empty()) {
    report::Report report;
    report.findings = std::move(problems);
    finding::sort_findings(report.findings);
    report.documents = 1;
    process.err.write(
        report::print_text(report, {process.err.is_terminal() && color, true, "", io::terminal_columns(2)}));
    if (told != nullptr) *told = std::move(report.findings);
  }
  return workspace;
}

}  // namespace launchgate::validator
