#include "record/attached_report.hpp"

#include <fmt/format.h>

#include "lib/evidence/believable.hpp"
#include "lib/evidence/contradictions.hpp"
#include "lib/evidence/report_checks.hpp"
#include "lib/rules/json_rule.hpp"

namespace launchgate::record {
namespace {

using document::JsonKind;
using document::JsonValue;

std::string text_at(const JsonValue& value, const std::string& pointer) {
  return std::string(evidence::string_at(value, pointer));
}

RunEntry run_of(const evidence::Policy& policy, const JsonValue& source) {
  const evidence::ReportPlaces& places = policy.report;
  RunEntry run;
  run.command = text_at(source, places.command);
  if (const auto list = evidence::find_at(source, places.evidence_commands)) {
    for (const JsonValue command : list->elements()) {
      if (!command.string().empty() && command.string() != run.command) run.also_ran.emplace_back(command.string());
    }
  }
  run.started_at = text_at(source, places.started_at);
  run.finished_at = text_at(source, places.finished_at);
  const auto duration = evidence::find_at(source, places.duration_ms);
  if (duration && duration->is(JsonKind::number)) run.duration = *duration;
  run.status = text_at(source, places.status);
  return run;
}

// What speaks against a pass: in the evidence, and in the verdicts beside it.
std::vector<std::string> problems_of(const evidence::Policy& policy, const JsonValue& root, const JsonValue& source,
                                     const RunEntry& run) {
  std::vector<std::string> problems;
  const auto add = [&](std::optional<std::string> wrong, std::string_view kind = {}) {
    if (wrong) problems.push_back(std::string(kind) + *wrong);
  };
  if (!evidence::contains(policy.pass_statuses, run.status))
    problems.push_back("its status is " + rules::quoted(run.status));
  add(evidence::contradiction(policy.contradictions, "", source));
  const auto history = evidence::find_at(source, policy.contradictions.history);
  const auto commands = evidence::find_at(source, policy.report.evidence_commands);
  evidence::walk(source, [&](const std::optional<JsonValue>& key, const JsonValue& value) {
    if (value == history) return false;
    if (!key) return true;
    add(evidence::contradiction(policy.contradictions, key->string(), value));
    add(evidence::dry_run(policy.dry_run, key->string(), value, value == commands), "dry run: ");
    return !evidence::is_rate(policy.contradictions, value);
  });
  for (const std::string& pointer : policy.attach.verdicts) {
    const auto verdict = evidence::find_at(root, pointer);
    if (verdict && !verdict->is(JsonKind::object))
      add(evidence::contradiction(policy.contradictions, policy.contradictions.verdict_keys.front(), *verdict));
  }
  if (const auto checks = evidence::find_at(root, policy.attach.checks))
    add(evidence::contradiction(policy.contradictions, policy.contradictions.check_lists.front(), *checks));
  return problems;
}

Subject subject_of(const evidence::Policy& policy, const JsonValue& source) {
  const evidence::ReportPlaces& places = policy.report;
  Subject subject;
  subject.commit = text_at(source, places.commit_sha);
  for (const std::string& image : policy.images) {
    const std::string digest = text_at(source, places.image_digests + "/" + document::escape_pointer_segment(image));
    if (!digest.empty()) subject.digests[image] = digest;
  }
  for (const std::string& pointer : policy.attach.environment_profile) {
    const auto environment = evidence::find_at(source, pointer);
    if (!environment || !environment->is(JsonKind::object)) continue;
    for (const JsonValue::Member member : environment->members()) {
      const bool scalar =
          !member.value.is(JsonKind::object) && !member.value.is(JsonKind::array) && !member.value.is(JsonKind::null);
      // The record says which tier it is for.
      if (scalar && !evidence::contains(places.tier_keys, member.name()))
        subject.environment.emplace(member.name(), member.value);
    }
    break;
  }
  subject.more = source;
  return subject;
}

}  // namespace

std::optional<AttachedReport> read_report(const evidence::Policy& policy, const document::JsonDocument& report,
                                          const judgement::Committed* committed, const evidence::Rung* rung) {
  const auto source = evidence::report_in(policy, report.root());
  if (!source) return std::nullopt;
  AttachedReport attached{run_of(policy, *source), subject_of(policy, *source)};
  RunEntry& run = attached.run;
  run.problems = problems_of(policy, report.root(), *source, run);
  if (evidence::shows_figures(report.root())) {
    run.measured = report.root();
    if (committed != nullptr && rung != nullptr) {
      evidence::Findings findings;
      judgement::judge(policy, *committed, {"", rung->evidence_profile, "", true, true, rung}, report.root(), findings);
      for (const finding::Finding& found : findings.all())
        run.problems.push_back(fmt::format("{} at {}", found.message, found.json_pointer));
    }
  }
  run.passed = run.problems.empty();
  if (!run.passed && evidence::contains(policy.pass_statuses, run.status)) run.status = "fail";
  return attached;
}

}  // namespace launchgate::record
