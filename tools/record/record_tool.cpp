#include "record/record_tool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/evidence/policy.hpp"
#include "lib/evidence/reasons.hpp"
#include "lib/evidence/record_checks.hpp"
#include "lib/privacy/privacy.hpp"
#include "lib/rules/json_rule.hpp"
#include "record/attach_verb.hpp"
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

// What tells one finding of a run from another.
using Place = std::tuple<std::string, std::string, std::string, std::string>;
Place place_of(const finding::Finding& finding) {
  return {finding.file, finding.rule_id, finding.json_pointer, finding.message};
}

template <typename T>
std::unique_ptr<cli::Tool> make() {
  return std::make_unique<T>();
}

}  // namespace

suite::Validator validator() { return {{"evidence-record"}, {}, "evidence-record"}; }

std::vector<cli::Tool::Verb> RecordTool::verbs() const {
  return {{"check", make<CheckVerb>}, {"init", make<InitVerb>}, {"run", make<RunVerb>}, {"attach", make<AttachVerb>}};
}

void RecordTool::describe_own(cli::OptionSet& options) {
  options.list("--manifest", "FILE", manifests_, "The record to check; without it, the committed one.").completion =
      cli::Completion::file;
  options.flag("--require-private-pass", require_private_pass_,
               "Also asks for all that a go needs: every item passed, complete and believable.");
  options.text("--expected-target-tier", "TIER", expected_tier_,
               "The tier that the record must be for, by its claim name or as the record writes it.");
}

base::Result<void> RecordTool::check_more(cli::Process&, suite::Workspace& workspace, suite::CheckOutcome& outcome) {
  checked_ = true;
  if (!require_private_pass_ && !expected_tier_) return {};
  const auto policy = evidence::load_policy(workspace.tiers());
  if (!policy) return base::Error(policy.error());
  const auto guard = privacy::Guard::load(workspace, *policy);
  if (!guard) return base::Error(guard.error());
  const evidence::Rung* expected = nullptr;
  if (expected_tier_) {
    expected = policy->ladder.by_record_tier(*expected_tier_);
    if (expected == nullptr) expected = policy->ladder.by_claim(*expected_tier_);
    if (expected == nullptr || !expected->record_tier) {
      std::vector<std::string> known;
      for (const evidence::Rung& rung : policy->ladder.rungs) {
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
  }
  const auto now = common().time();
  if (!now) return base::Error(now.error());
  const suite::LoadOutcome records = workspace.load(suite::choose_bindings(workspace, validator(), common().paths));
  const suite::LoadOutcome matrix = workspace.load(workspace.bindings({"evidence-matrix"}));
  const suite::LoadOutcome targets = workspace.load(workspace.bindings({"target-profiles"}));
  const auto first = [](const suite::LoadOutcome& loaded) {
    return loaded.documents.empty() || !loaded.documents.front()->json
               ? std::nullopt
               : std::optional(loaded.documents.front()->json->root());
  };
  if (!first(matrix)) {
    for (const suite::LoadOutcome* loaded : {&matrix})
      outcome.findings.insert(outcome.findings.end(), loaded->findings.begin(), loaded->findings.end());
    return {};
  }
  evidence::Reasons reasons;
  for (const auto& document : records.documents) {
    if (!document->json) continue;
    const document::JsonValue record = document->json->root();
    const auto named = evidence::find_at(record, policy->record.target_tier);
    if (expected != nullptr && (!named || named->string() != *expected->record_tier)) {
      reasons.add(
          "target-tier", "", named.value_or(record),
          fmt::format("targetTier must be {}{}", *expected->record_tier, named ? ", is " + rules::shown(*named) : ""));
    }
    if (!require_private_pass_) continue;
    evidence::RecordSettings settings;
    settings.rung = expected != nullptr ? expected : named ? policy->ladder.by_record_tier(named->string()) : nullptr;
    settings.now = *now;
    settings.scan = guard->scan();
    evidence::check_record(*policy, {record, *first(matrix), first(targets)}, settings, reasons);
    if (settings.rung != nullptr) outcome.tier = settings.rung->claim;
  }
  evidence::mask(reasons, [&](std::string_view text) { return guard->redact(text); });
  std::map<Place, std::string> items;
  for (evidence::Reason& reason : reasons.all()) {
    const bool known = std::any_of(outcome.findings.begin(), outcome.findings.end(), [&](const finding::Finding& one) {
      return one.file == reason.finding.file && one.rule_id == reason.finding.rule_id &&
             one.span == reason.finding.span && one.message == reason.finding.message;
    });
    if (known) continue;
    if (!reason.item.empty()) items.emplace(place_of(reason.finding), reason.item);
    outcome.findings.push_back(std::move(reason.finding));
  }
  outcome.item_of = [items](const finding::Finding& finding) {
    const auto item = items.find(place_of(finding));
    return item == items.end() ? std::string() : item->second;
  };
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
