#include "launchgate/check_verb.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>

#include "launchgate/change_check.hpp"
#include "leaks/scan.hpp"
#include "lib/io/index_file_system.hpp"

namespace launchgate::suite_tool {
namespace {

constexpr std::string_view ci_stage = "ci";
constexpr std::string_view commit_stage = "pre-commit";

}  // namespace

void CheckVerb::describe_own(cli::OptionSet& options) {
  options.choice("--stage", {std::string(ci_stage), std::string(commit_stage)}, stage_,
                 "Also search for private values. ci: all documents and the whole tree; pre-commit: all documents as "
                 "they are staged, and what is "
                 "staged, or the files named.");
  options.text(
      "--base", "REV", base_,
      "With --stage ci: the branch that the change is for; what the change adds to what is left out is found.");
  cli::Option& key = options.text("--baseline-key-file", "FILE", baseline_key_file_,
                                  "With a stage: the key that the baseline's entries were made with.");
  key.completion = cli::Completion::file;
  key.environment = {std::string(leaks::baseline_key_variable)};
  options.list("--approved-by", "OWNER", approvers_,
               "Who approved the change, as the CI service says; owners stand in the configuration that it is for.");
  options.command_after_dashes(common().paths);
}

cli::ExitCode CheckVerb::run(cli::Process& process) {
  if (base_ && stage_ != ci_stage)
    return cli::fail(process, name(), cli::usage("--base goes with --stage ci", "a hook compares with HEAD anyway"));
  if (!approvers_.empty() && !base_)
    return cli::fail(process, name(),
                     cli::usage("--approved-by goes with --base", "name the branch that the change is for"));
  if (stage_ != commit_stage) return ValidatorTool::run(process);
  const auto index = io::IndexFileSystem::open(process.disk, common().root.value_or("."));
  if (!index) return cli::fail(process, name(), index.error());
  cli::Process staged{**index, process.environment, process.out, process.err, {}, process.own};
  return ValidatorTool::run(staged);
}

// A commit may break a document by what it removes, which no path names: with a stage, all documents are checked
// always.
std::vector<std::string> CheckVerb::document_paths() const {
  return stage_.empty() ? common().paths : std::vector<std::string>();
}

base::Result<void> CheckVerb::check_more(cli::Process& process, suite::Workspace& workspace,
                                         suite::CheckOutcome& outcome) {
  if (stage_.empty()) return {};
  leaks::ScanRequest request;
  request.paths = common().paths;
  request.staged = stage_ == commit_stage && request.paths.empty();
  request.force_exclude = true;
  request.baseline_key_file = baseline_key_file_;
  auto scanned = leaks::scan(request, workspace, process.disk);
  if (!scanned) return scanned.error();
  suite::CheckOutcome& more = scanned->checked;
  // What a document's own check has found already.
  using Place = std::tuple<std::string, std::string, std::uint32_t, std::uint32_t>;
  const auto place = [](const finding::Finding& one) {
    return Place{one.rule_id, one.file, one.span.begin.line, one.span.begin.column};
  };
  std::set<Place> known;
  for (const finding::Finding& one : outcome.findings) known.insert(place(one));
  for (finding::Finding& one : more.findings) {
    if (!known.contains(place(one))) outcome.findings.push_back(std::move(one));
  }
  outcome.rules.add(more.rules);
  outcome.rules = outcome.rules.sorted();
  std::move(more.skipped.begin(), more.skipped.end(), std::back_inserter(outcome.skipped));
  // The scan has read the documents again.
  if (more.more.total() > 0) outcome.more = more.more;
  std::move(more.allowed.begin(), more.allowed.end(), std::back_inserter(outcome.allowed));
  outcome.documents += more.documents;
  outcome.unreadable = outcome.unreadable || more.unreadable;
  if (!base_) return {};
  auto changed = check_change({*base_, approvers_}, workspace, outcome.allowed);
  if (!changed) return changed.error();
  std::move(changed->begin(), changed->end(), std::back_inserter(outcome.findings));
  outcome.rules.add(change_rules());
  outcome.rules = outcome.rules.sorted();
  return {};
}

base::Result<std::vector<finding::RuleInfo>> CheckVerb::more_rules(suite::Workspace&) {
  return base_ ? change_rules() : std::vector<finding::RuleInfo>();
}

}  // namespace launchgate::suite_tool
