#include "lib/validator/validator_tool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <span>

#include "lib/secrets/finding_mask.hpp"
#include "lib/suite/leak_rules.hpp"
#include "lib/suite/waivers.hpp"

namespace launchgate::validator {

report::Report make_report(std::string tool, suite::CheckOutcome& outcome, finding::Severity fail_on) {
  report::Report report;
  report.tool = std::move(tool);
  report.version = cli::version();
  report.findings = std::move(outcome.findings);
  finding::sort_findings(report.findings);
  finding::assign_fingerprints(report.findings);
  for (suite::SkippedFile& skipped : outcome.skipped)
    report.skipped.push_back({std::move(skipped.file), std::move(skipped.reason)});
  std::sort(outcome.allowed.begin(), outcome.allowed.end());
  outcome.allowed.erase(std::unique(outcome.allowed.begin(), outcome.allowed.end()), outcome.allowed.end());
  report.allowed = std::move(outcome.allowed);
  report.more = outcome.more;
  report.rules = std::move(outcome.rules);
  report.documents = outcome.documents;
  report.fail_on = fail_on;
  report.unreadable_input = outcome.unreadable;
  return report;
}

base::Result<void> mask_secrets(suite::Workspace& workspace, std::span<finding::Finding> findings) {
  constexpr std::uint64_t most_bytes = 16UL * 1024 * 1024;
  if (findings.empty()) return {};
  const auto rules = workspace.masking_rules();
  if (!rules) return rules.error();
  std::map<std::string, std::vector<finding::Finding*>> by_file;
  for (finding::Finding& finding : findings) by_file[finding.file].push_back(&finding);
  for (const auto& [file, list] : by_file) {
    // A file that cannot be read has no lines to show; what its findings say is looked at all the same.
    const auto source = workspace.source(file);
    const bool shown = source && (*source)->text().size() <= most_bytes;
    auto mask = secrets::FindingMask::of(*(*rules)->book, file, shown ? (*source)->text() : std::string_view(),
                                         (*rules)->everywhere);
    if (!mask) return mask.error();
    for (finding::Finding* finding : list) {
      if (auto done = mask->apply(*finding); !done) return done;
    }
  }
  return {};
}

base::Result<void> mask_secrets(suite::Workspace& workspace, std::vector<suite::SkippedFile>& skipped) {
  if (skipped.empty()) return {};
  const auto rules = workspace.masking_rules();
  if (!rules) return rules.error();
  auto mask = secrets::FindingMask::of(*(*rules)->book, "", "", (*rules)->everywhere);
  if (!mask) return mask.error();
  for (suite::SkippedFile& one : skipped) {
    finding::Finding name;
    name.message = std::move(one.file);
    if (auto done = mask->apply(name); !done) return done;
    one.file = std::move(name.message);
  }
  return {};
}

base::Result<void> waive(suite::Workspace& workspace, report::Report& report, const CommonOptions& options,
                         const suite::CheckOutcome& run) {
  const auto now = options.time();
  if (!now) return now.error();
  const std::size_t before = report.findings.size();
  const auto waivers = suite::apply_waivers(workspace, report.findings, *now, [&] {
    suite::WaiverContext context;
    context.tier = run.tier;
    context.items_judged = run.items_judged;
    context.rules = report.rules.ids();
    // A change does not lift what is said of the change.
    context.is_protected = [](const finding::Finding& finding) { return finding.rule_id.starts_with("change/"); };
    for (const finding::RuleInfo& rule : run.idle_rules) context.idle.insert(rule.id);
    return context;
  });
  if (!waivers) return waivers.error();
  report.unreadable_input = report.unreadable_input || waivers->unreadable;
  if (waivers->document) report.rules.add(suite::waiver_rules());
  if (report.findings.size() == before) return {};
  if (auto done = mask_secrets(workspace, std::span(report.findings).subspan(before)); !done) return done;
  finding::sort_findings(report.findings);
  finding::assign_fingerprints(report.findings);
  return {};
}

base::Result<report::Report> conclude(suite::Workspace& workspace, std::string tool, suite::CheckOutcome outcome,
                                      const CommonOptions& options) {
  if (auto done = mask_secrets(workspace, outcome.findings); !done) return done.error();
  if (auto done = mask_secrets(workspace, outcome.skipped); !done) return done.error();
  report::Report report = make_report(std::move(tool), outcome, options.fail_severity());
  report.root = workspace.root();
  if (auto waived = waive(workspace, report, options, outcome); !waived) return waived.error();
  report::limit(report);
  return report;
}

cli::ExitCode report_loading(cli::Process& process, suite::Workspace& workspace, std::string_view tool,
                             const suite::LoadOutcome& loaded) {
  suite::CheckOutcome outcome;
  outcome.findings = loaded.findings;
  outcome.documents = loaded.documents.size();
  outcome.unreadable = loaded.unreadable;
  if (loaded.findings.empty() && !loaded.documents.empty()) return cli::ExitCode::ok;
  if (auto done = mask_secrets(workspace, outcome.findings); !done) return cli::fail(process, tool, done.error());
  const report::Report report = make_report(std::string(tool), outcome, finding::Severity::error);
  process.err.write(report::print_text(report, {false, true, ""}));
  return report.unreadable_input ? cli::ExitCode::input
                                 : (report::passed(report) ? cli::ExitCode::ok : cli::ExitCode::findings);
}

void ValidatorTool::describe(cli::OptionSet& options) {
  describe_own(options);
  common_.describe(options);
}

base::Result<std::vector<finding::RuleInfo>> ValidatorTool::applied_rules(suite::Workspace& workspace) {
  auto rules = suite::list_rules(workspace, validator());
  if (!rules) return rules;
  const auto more = more_rules(workspace);
  if (!more) return more;
  for (const auto& list : {*more, suite::waiver_rules()}) rules->insert(rules->end(), list.begin(), list.end());
  return rules;
}

std::vector<cli::NamedFile> ValidatorTool::reads_besides(cli::Process& process, const cli::NamedFiles& named) {
  std::vector<std::string> outputs;
  for (const cli::NamedFiles::Output& output : named.outputs) outputs.push_back(output.file.path);
  confine_to_outputs(process, {}, outputs);
  return configured_files(process, named, opened_);
}

cli::ExitCode ValidatorTool::run(cli::Process& process) {
  const auto started = std::chrono::steady_clock::now();
  const auto targets = output_targets(common_.formats, process.disk);
  if (!targets) return cli::fail(process, name(), targets.error());
  confine_to_outputs(process, *targets, more_outputs());
  std::vector<finding::Finding> problems;
  auto opened = common_.open_workspace(process, &problems, &opened_);
  if (!opened) return refuse(process, name(), opened.error(), std::move(problems), *targets);
  suite::Workspace* const workspace = &process.keeper.keep(std::move(*opened));

  if (common_.question) {
    auto rules = applied_rules(*workspace);
    if (!rules) return cli::fail(process, name(), rules.error());
    return answer(process, name(), common_.question, std::move(*rules));
  }
  if (const auto instead = run_instead(process, *workspace)) return *instead;

  auto outcome = suite::check_documents(*workspace, process.keeper.keep(validator()), document_paths());
  const auto refused = [&](const base::Error& error) { return refuse(process, name(), error, {}, *targets); };
  if (!outcome) return refused(outcome.error());
  if (auto more = check_more(process, *workspace, *outcome); !more) return refused(more.error());
  const auto& report = process.keeper.keep(conclude(*workspace, name(), std::move(*outcome), common_));
  if (!report) return refused(report.error());
  const auto elapsed =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
  return deliver(process, *report, *targets, common_, fmt::format("{} ms", elapsed.count()));
}

}  // namespace launchgate::validator
