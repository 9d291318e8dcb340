#include "report/report_tool.hpp"

#include <chrono>

#include "lib/schema/schema.hpp"
#include "lib/validator/checks.hpp"
#include "report/figures.hpp"
#include "report/filled.hpp"

namespace launchgate::report_tool {
namespace {

constexpr std::string_view load_report_prefix = "load-report";

base::Result<markdown::MarkdownDocument> read_markdown(const suite::Workspace& workspace, const std::string& path) {
  auto text = workspace.source(workspace.to_root_relative(path));
  if (!text) return text.error();
  return markdown::MarkdownDocument::parse(std::move(*text));
}

void append(std::vector<finding::Finding>& all, std::vector<finding::Finding> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

base::Result<std::vector<finding::Finding>> validate(suite::Workspace& workspace,
                                                     const document::JsonDocument& report) {
  auto compiled = workspace.resources().compiled_schema(std::string(load_report_prefix));
  if (!compiled) return compiled.error();
  return schema::validate(**compiled, report, load_report_prefix);
}

}  // namespace

suite::Validator validator() {
  return {{"report-template"}, {}, "report-template", {validator::markdown_check()}, suite::DocumentFormat::markdown};
}

void ReportTool::describe_own(cli::OptionSet& options) {
  options
      .text("--filled", "FILE", filled_, "A filled report: it must keep the structure of --template and complete it.")
      .completion = cli::Completion::file;
  options.text("--template", "FILE", template_, "The template of --filled.").completion = cli::Completion::file;
  options
      .list("--load-report", "FILE", load_reports_,
            "A JSON report of a load or soak run, checked against its schema; figures of --filled must be those in it. "
            "Repeatable.")
      .completion = cli::Completion::file;
}

base::Result<std::vector<finding::RuleInfo>> ReportTool::more_rules(suite::Workspace&) {
  std::vector<finding::RuleInfo> rules = filled_rules();
  for (auto& list : {figure_rules(), schema::rule_infos(load_report_prefix)})
    rules.insert(rules.end(), list.begin(), list.end());
  return rules;
}

base::Result<suite::CheckOutcome> ReportTool::check_filled_report(suite::Workspace& workspace) const {
  const auto filled = read_markdown(workspace, *filled_);
  if (!filled) return filled.error();
  const auto form = read_markdown(workspace, *template_);
  if (!form) return form.error();
  suite::CheckOutcome outcome;
  outcome.documents = 2;
  outcome.rules = filled_rules();
  append(outcome.findings, check_filled(*filled, *form));
  if (load_reports_.empty()) {
    outcome.idle_rules = figure_rules();
    return outcome;
  }

  outcome.rules.add(figure_rules());
  outcome.rules.add(schema::rule_infos(load_report_prefix));
  auto figures = workspace.resources().rules("report-figures");
  if (!figures) return figures.error();
  std::vector<std::unique_ptr<document::JsonDocument>> reports;
  std::vector<const document::JsonDocument*> views;
  for (const std::string& path : load_reports_) {
    auto text = workspace.source(workspace.to_root_relative(path));
    if (!text) return text.error();
    auto report = document::JsonDocument::parse(std::move(*text));
    if (!report) return report.error();
    auto found = validate(workspace, *report);
    if (!found) return found.error();
    append(outcome.findings, std::move(*found));
    reports.push_back(std::make_unique<document::JsonDocument>(std::move(*report)));
    views.push_back(reports.back().get());
    ++outcome.documents;
  }
  auto found = check_figures(*filled, **figures, views);
  if (!found) return found.error();
  append(outcome.findings, std::move(*found));
  return outcome;
}

std::optional<cli::ExitCode> ReportTool::run_instead(cli::Process& process, suite::Workspace& workspace) {
  if (!filled_ && !template_ && load_reports_.empty()) return std::nullopt;
  if (!filled_ || !template_) {
    return cli::fail(process, name(),
                     {base::ErrorCategory::usage,
                      "",
                      {},
                      "--filled and --template go together, and --load-report with them",
                      "name the filled report and the template that it was copied from"});
  }
  const auto targets = validator::output_targets(common().formats, process.disk);
  if (!targets) return cli::fail(process, name(), targets.error());
  auto outcome = check_filled_report(workspace);
  if (!outcome) return cli::fail(process, name(), outcome.error());
  const auto report = validator::conclude(workspace, name(), std::move(*outcome), common());
  if (!report) return cli::fail(process, name(), report.error());
  return validator::deliver(process, *report, *targets, common(), "");
}

}  // namespace launchgate::report_tool
