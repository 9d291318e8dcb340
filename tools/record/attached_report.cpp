#include "record/attached_report.hpp"

#include "lib/evidence/believable.hpp"
#include "lib/rules/json_rule.hpp"

namespace launchgate::record {
namespace {

using document::JsonKind;
using document::JsonValue;

std::string text_at(const JsonValue& value, const std::string& pointer) {
  return std::string(evidence::string_at(value, pointer));
}

}  // namespace

std::optional<AttachedReport> read_report(const evidence::Policy& policy, const document::JsonDocument& report) {
  const evidence::ReportPlaces& places = policy.report;
  std::optional<JsonValue> source;
  for (const std::string& pointer : policy.attach.reports) {
    const auto place = evidence::find_at(report.root(), pointer);
    if (place && place->is(JsonKind::object) && !evidence::string_at(*place, places.command).empty()) {
      source = place;
      break;
    }
  }
  if (!source) return std::nullopt;

  AttachedReport attached;
  RunEntry& run = attached.run;
  run.command = text_at(*source, places.command);
  if (const auto list = evidence::find_at(*source, places.evidence_commands)) {
    for (const JsonValue command : list->elements()) {
      if (!command.string().empty() && command.string() != run.command) run.also_ran.emplace_back(command.string());
    }
  }
  run.started_at = text_at(*source, places.started_at);
  run.finished_at = text_at(*source, places.finished_at);
  const auto duration = evidence::find_at(*source, places.duration_ms);
  if (duration && duration->is(JsonKind::number)) run.duration_ms = duration->number();
  run.status = text_at(*source, places.status);

  if (!evidence::contains(policy.pass_statuses, run.status))
    run.problems.push_back("its status is " + rules::quoted(run.status));
  const auto history = evidence::find_at(*source, policy.contradictions.history);
  const auto commands = evidence::find_at(*source, places.evidence_commands);
  evidence::walk(*source, [&](const std::optional<JsonValue>& key, const JsonValue& value) {
    if (value == history) return false;
    if (!key) return true;
    if (const auto wrong = evidence::contradiction(policy.contradictions, key->string(), value))
      run.problems.push_back(*wrong);
    if (const auto dry = evidence::dry_run(policy.dry_run, key->string(), value, value == commands))
      run.problems.push_back("dry run: " + *dry);
    return true;
  });
  for (const std::string& pointer : policy.attach.verdicts) {
    const auto verdict = evidence::find_at(report.root(), pointer);
    if (!verdict || verdict->is(JsonKind::object)) continue;
    if (const auto wrong =
            evidence::contradiction(policy.contradictions, policy.contradictions.verdict_keys.front(), *verdict))
      run.problems.push_back(*wrong);
  }
  if (const auto checks = evidence::find_at(report.root(), policy.attach.checks)) {
    if (const auto wrong =
            evidence::contradiction(policy.contradictions, policy.contradictions.check_lists.front(), *checks))
      run.problems.push_back(*wrong);
  }
  run.passed = run.problems.empty();
  if (!run.passed && evidence::contains(policy.pass_statuses, run.status)) run.status = "fail";

  Subject& subject = attached.subject;
  subject.commit = text_at(*source, places.commit_sha);
  for (const std::string& image : policy.images) {
    const std::string digest = text_at(*source, places.image_digests + "/" + document::escape_pointer_segment(image));
    if (!digest.empty()) subject.digests[image] = digest;
  }
  for (const std::string& pointer : policy.attach.environment_profile) {
    const auto environment = evidence::find_at(*source, pointer);
    if (!environment || !environment->is(JsonKind::object)) continue;
    for (const JsonValue::Member member : environment->members()) {
      const bool scalar =
          !member.value.is(JsonKind::object) && !member.value.is(JsonKind::array) && !member.value.is(JsonKind::null);
      // The record says which tier it is for.
      if (scalar && !evidence::contains(places.tier_keys, member.name()))
        subject.environment.insert_or_assign(std::string(member.name()), member.value);
    }
    break;
  }
  subject.more = source;
  return attached;
}

}  // namespace launchgate::record
