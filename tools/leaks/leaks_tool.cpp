#include "leaks/leaks_tool.hpp"

#include <fmt/format.h>

#include <chrono>

#include "lib/validator/validator_tool.hpp"

namespace launchgate::leaks {
namespace {

// What the scan found it has masked by its own rules. Where those are fewer than what must not be shown, they are not
// enough.
base::Result<void> mask(suite::Workspace& workspace, ScanOutcome& outcome) {
  if (auto done = validator::mask_secrets(workspace, outcome.checked.skipped); !done) return done;
  const auto all = workspace.masking_rules();
  if (!all) return all.error();
  return outcome.rules == *all ? base::Result<void>() : validator::mask_secrets(workspace, outcome.checked.findings);
}

}  // namespace

void LeaksTool::describe(cli::OptionSet& options) {
  common_.describe(options);
  options.flag("--staged", options_.staged,
               "Scan what the index has and HEAD has not: the staged content, not the files.");
  options.text("--diff", "REV[..REV]", options_.diff,
               "Scan the lines that the second revision (HEAD by default) adds to the first.");
  options.flag("--history", options_.history, "Scan every blob that any reference reaches, once.");
  options.text("--history-range", "RANGE", options_.history_range,
               "Scan every blob that the commits of a range reach, once.");
  options.flag("--allow-shallow", options_.allow_shallow,
               "Let a history pass that a shallow clone has cut off; what it could not see is listed as skipped.");
  options
      .text("--commit-msg", "FILE", options_.commit_message,
            "Scan FILE as the message of the next commit, and its author: for commit-msg hooks.")
      .completion = cli::Completion::file;
  options.flag("--no-ignore", no_ignore_, "Scan what .gitignore and .launchgateignore name, too.");
  options.flag("--force-exclude", options_.force_exclude,
               "Leave out what the configuration excludes even where it is named, as hooks name files.");
  options.command_after_dashes(common_.paths);
  options.flag("--public-safe", options_.public_safe, "Apply the packs for public-safe documents to every file.");
  options.list("--pack", "NAME", options_.packs, "Rule packs in place of those that the configuration names.");
  options
      .text("--gitleaks-config", "FILE", options_.gitleaks_config,
            "Rules of a .gitleaks.toml; the packs apply too where it extends the default.")
      .completion = cli::Completion::file;
  options
      .text("--baseline", "FILE", options_.baseline,
            "Known findings, which do not fail the run; entries without a finding are reported.")
      .completion = cli::Completion::file;
  cli::Option& baseline = options.output("--write-baseline", "FILE", options_.write_baseline,
                                         "Write all findings of this run to FILE as known.");
  baseline.writes = cli::Writes::file;
  baseline.may_replace = {"--baseline", "the baseline"};
  cli::Option& key =
      options.text("--baseline-key-file", "FILE", options_.baseline_key_file,
                   "A key from outside of the repository, with which the entries of a baseline are made.");
  key.completion = cli::Completion::file;
  key.environment = {std::string(baseline_key_variable)};
  options.integer("--threads", "N", threads_, 1, "Threads that scan; 2 by default, at most one per processor.");
}

ScanRequest LeaksTool::request() const {
  ScanRequest request = options_;
  request.paths = common_.paths;
  request.ignore_files = !no_ignore_;
  if (threads_) request.threads = static_cast<std::size_t>(*threads_);
  return request;
}

cli::ExitCode LeaksTool::run(cli::Process& process) {
  const auto started = std::chrono::steady_clock::now();
  const auto fail = [&](const base::Error& error) { return cli::fail(process, name(), error); };
  const ScanRequest wanted = request();
  if (const auto usable = check_request(wanted); !usable) return fail(usable.error());
  const auto targets = validator::output_targets(common_.formats, process.disk);
  if (!targets) return fail(targets.error());
  const std::vector<std::string> more(wanted.write_baseline ? 1 : 0, wanted.write_baseline.value_or(""));
  validator::confine_to_outputs(process, *targets, more);
  std::vector<finding::Finding> problems;
  const auto opened = common_.open_workspace(process, &problems);
  if (!opened) return validator::refuse(process, name(), opened.error(), std::move(problems), *targets);
  suite::Workspace& workspace = **opened;
  if (common_.question) {
    const auto rules = rules_of(wanted, workspace, process.disk);
    if (!rules) return fail(rules.error());
    return validator::answer(process, name(), common_.question, list_rules(**rules).read());
  }
  auto outcome = scan(wanted, workspace, process.disk);
  if (!outcome) return fail(outcome.error());
  if (const auto masked = mask(workspace, *outcome); !masked) return fail(masked.error());
  auto report = validator::make_report(name(), outcome->checked, common_.fail_severity());
  report.root = workspace.root();
  if (const auto waived = validator::waive(workspace, report, common_); !waived) return fail(waived.error());
  report::limit(report);
  const auto elapsed =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
  return validator::deliver(
      process, report, *targets, common_,
      fmt::format("{:.1f} MB, {} ms", static_cast<double>(outcome->bytes) / 1e6, elapsed.count()));
}

}  // namespace launchgate::leaks
