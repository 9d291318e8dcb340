#include "record/record_tool.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/evidence/findings.hpp"
#include "lib/evidence/policy.hpp"
#include "lib/evidence/record_checks.hpp"
#include "lib/rules/json_rule.hpp"
#include "lib/validator/checks.hpp"
#include "record/attach_verb.hpp"
#include "record/drop_verb.hpp"
#include "record/init_verb.hpp"
#include "record/run_verb.hpp"

namespace launchgate::record {
namespace {

using cli::ExitCode;

class CheckVerb final : public RecordTool {
 public:
  std::string name() const override { return "launchgate-record check"; }
  std::string summary() const override { return "Checks evidence records."; }
  std::vector<Verb> verbs() const override { return {}; }
};

template <typename T>
std::unique_ptr<cli::Tool> make() {
  return std::make_unique<T>();
}

}  // namespace

suite::Validator validator() {
  return {{"evidence-record"}, {validator::keys_check("evidence-record")}, "evidence-record"};
}

std::vector<cli::Tool::Verb> RecordTool::verbs() const {
  return {{"check", make<CheckVerb>},
          {"init", make<InitVerb>},
          {"run", make<RunVerb>},
          {"attach", make<AttachVerb>},
          {"drop", make<DropVerb>}};
}

void RecordTool::describe_own(cli::OptionSet& options) {
  options.list("--manifest", "FILE", manifests_, "The record to check; without it, the committed one.").completion =
      cli::Completion::file;
  options.flag("--require-private-pass", require_private_pass_,
               "Also asks for all that a go needs: every item passed, complete and believable.");
  options.text("--expected-target-tier", "TIER", expected_tier_,
               "The tier that the record must be for, by its claim name or as the record writes it.");
}

base::Result<const evidence::Rung*> RecordTool::expected_rung(const evidence::Ladder& ladder) const {
  if (!expected_tier_) return nullptr;
  const evidence::Rung* expected = ladder.by_record_tier(*expected_tier_);
  if (expected == nullptr) expected = ladder.by_claim(*expected_tier_);
  if (expected != nullptr && expected->record_tier) return expected;
  std::vector<std::string> known;
  for (const evidence::Rung& rung : ladder.rungs) {
    if (rung.record_tier) known.push_back(*rung.record_tier);
  }
  std::string help = base::did_you_mean(*expected_tier_, known);
  if (help.empty()) help = "known: " + base::quoted_list(known, "and");
  return base::Error{
      base::ErrorCategory::usage,
      "",
      {},
      fmt::format("--expected-target-tier \"{}\" is no tier of a record", base::printable(*expected_tier_)),
      help};
}

void RecordTool::check_one(const RecordCheck& check, const document::JsonValue& record, evidence::Findings& findings,
                           suite::CheckOutcome& outcome) const {
  const auto named = evidence::find_at(record, check.policy.record.target_tier);
  if (check.expected != nullptr && (!named || named->string() != *check.expected->record_tier)) {
    findings.add("target-tier", "", named.value_or(record),
                 fmt::format("targetTier must be {}{}", *check.expected->record_tier,
                             named ? ", is " + rules::shown(*named) : ""));
  }
  if (!require_private_pass_) return;
  evidence::RecordSettings settings;
  settings.rung = check.expected != nullptr ? check.expected
                  : named                   ? check.policy.ladder.by_record_tier(named->string())
                                            : nullptr;
  settings.now = check.now;
  if (settings.rung != nullptr) settings.told_age = settings.rung->stale_after_days * base::milliseconds_per_day;
  settings.scan = check.guard.scan();
  settings.public_scan = check.guard.public_scan();
  evidence::check_record(check.policy, {record, check.matrix, check.targets}, settings, findings);
  if (check.committed && settings.rung != nullptr)
    judgement::judge_record(check.policy, *check.committed, *settings.rung, record, findings);
  if (settings.rung != nullptr) outcome.tier = settings.rung->claim;
}

base::Result<void> RecordTool::check_more(cli::Process&, suite::Workspace& workspace, suite::CheckOutcome& outcome) {
  checked_ = true;
  if (!require_private_pass_ && !expected_tier_) return {};
  const auto policy = evidence::load_policy(workspace.tiers());
  if (!policy) return policy.error();
  const auto guard = privacy::Guard::load(workspace, *policy);
  if (!guard) return guard.error();
  const auto expected = expected_rung(policy->ladder);
  if (!expected) return expected.error();
  const auto now = common().time();
  if (!now) return now.error();
  const suite::LoadOutcome records = workspace.load(suite::choose_bindings(workspace, validator(), common().paths));
  const suite::LoadOutcome matrix = workspace.load(workspace.bindings({"evidence-matrix"}));
  const suite::LoadOutcome targets = workspace.load(workspace.bindings({"target-profiles"}));
  const auto first = [](const suite::LoadOutcome& loaded) {
    return loaded.documents.empty() || !loaded.documents.front()->json
               ? std::nullopt
               : std::optional(loaded.documents.front()->json->root());
  };
  if (!first(matrix)) {
    outcome.findings.insert(outcome.findings.end(), matrix.findings.begin(), matrix.findings.end());
    return {};
  }
  evidence::Findings findings;
  RecordCheck check{*policy, *guard, *expected, *now, *first(matrix), first(targets), std::nullopt};
  if (check.targets)
    check.committed = judgement::committed(*policy, *targets.documents.front()->json, workspace.operations());
  for (const auto& document : records.documents) {
    if (document->json) check_one(check, document->json->root(), findings, outcome);
  }
  evidence::mask(findings, [&](std::string_view text) { return guard->redact(text); });
  for (finding::Finding& found : findings.all()) {
    const bool known = std::any_of(outcome.findings.begin(), outcome.findings.end(),
                                   [&](const finding::Finding& one) { return finding::says_the_same(one, found); });
    if (!known) outcome.findings.push_back(std::move(found));
  }
  outcome.items_judged = true;
  outcome.rules.add(evidence::evidence_rules());
  return {};
}

base::Result<std::vector<finding::RuleInfo>> RecordTool::more_rules(suite::Workspace&) {
  return evidence::evidence_rules();
}

ExitCode RecordTool::run(cli::Process& process) {
  common().paths.insert(common().paths.end(), manifests_.begin(), manifests_.end());
  const ExitCode code = ValidatorTool::run(process);
  const bool text_to_stdout =
      std::all_of(common().formats.begin(), common().formats.end(),
                  [](const std::string& format) { return format == "text" || format.find('=') != std::string::npos; });
  if (code == ExitCode::ok && checked_ && text_to_stdout) process.out.write("launch evidence manifest validated\n");
  return code;
}

}  // namespace launchgate::record
