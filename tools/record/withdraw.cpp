#include "record/withdraw.hpp"

#include <algorithm>

#include "lib/base/text.hpp"
#include "lib/document/json_writer.hpp"

namespace launchgate::record {
namespace {

using document::JsonKind;
using document::JsonValue;
using document::JsonWriter;
using evidence::Policy;

constexpr std::string_view withdrawn_key = "withdrawn";

std::vector<JsonValue> elements(const std::optional<JsonValue>& list) {
  std::vector<JsonValue> all;
  if (!list) return all;
  for (const JsonValue element : list->elements()) all.push_back(element);
  return all;
}

// One run, and not a whole report of another build.
bool is_run(const JsonValue& entry) { return entry.is(JsonKind::object) && !entry.find(runs_key); }

RunEntry entry_of(const Policy& policy, const JsonValue& run) {
  RunEntry entry;
  entry.command = run.string_member("command");
  for (const JsonValue& command : elements(run.find("alsoRan"))) entry.also_ran.emplace_back(command.string());
  entry.started_at = run.string_member("startedAt");
  entry.finished_at = run.string_member("finishedAt");
  if (const auto duration = run.find("durationMs"); duration && !duration->is(JsonKind::null))
    entry.duration = *duration;
  entry.status = run.string_member("status");
  entry.passed = evidence::contains(policy.pass_statuses, entry.status);
  if (const auto status = run.find("exitStatus")) {
    if (const auto number = status->integer()) entry.exit_status = static_cast<int>(*number);
  }
  entry.timed_out = run.find("timedOut").has_value();
  entry.evidence = run.string_member("evidence");
  entry.sha256 = run.string_member("sha256");
  entry.attestation = run.string_member("attestation");
  for (const JsonValue& problem : elements(run.find("problems"))) entry.problems.emplace_back(problem.string());
  entry.measured = run.find("measured");
  return entry;
}

Subject subject_of(const Policy& policy, const JsonValue& report, const evidence::Rung* rung) {
  Subject subject;
  subject.commit = evidence::string_at(report, policy.report.commit_sha);
  if (const auto digests = evidence::find_at(report, policy.report.image_digests)) {
    for (const JsonValue::Member digest : digests->members())
      subject.digests[std::string(digest.name())] = digest.value.string();
  }
  subject.rung = rung;
  if (const auto environment = evidence::find_at(report, policy.report.environment_profile)) {
    for (const JsonValue::Member member : environment->members()) {
      if (!evidence::contains(policy.report.tier_keys, member.name()))
        subject.environment.emplace(std::string(member.name()), member.value);
    }
  }
  return subject;
}

void write_withdrawn(JsonWriter& writer, const JsonValue& run, const Withdrawal& withdrawal) {
  writer.begin_object();
  for (const JsonValue::Member member : run.members()) writer.key(member.name()).value(member.value);
  writer.key(withdrawn_key).begin_object().member("at", withdrawal.at).member("reason", withdrawal.reason).end_object();
  writer.end_object();
}

}  // namespace

std::vector<ItemRun> runs_of_item(const Policy& policy, const JsonValue& item) {
  std::vector<ItemRun> runs;
  const auto report = evidence::find_at(item, policy.record.report);
  if (!report || !report->is(JsonKind::object)) return runs;
  for (const JsonValue& entry : elements(evidence::find_at(*report, policy.contradictions.history))) {
    if (is_run(entry) && !entry.find(withdrawn_key)) runs.push_back({entry, false});
  }
  for (const JsonValue& entry : elements(report->find(runs_key))) runs.push_back({entry, true});
  return runs;
}

base::Result<Withdrawn> withdraw(const Policy& policy, const JsonValue& item, const evidence::Rung* rung,
                                 const Withdrawal& withdrawal, std::optional<document::JsonDocument>& scratch) {
  const std::vector<ItemRun> runs = runs_of_item(policy, item);
  const ItemRun& dropped = runs.at(withdrawal.run);
  const auto report = evidence::find_at(item, policy.record.report);
  const std::string_view command = dropped.run.string_member("command");
  // The run that it replaced counts again.
  std::optional<JsonValue> restored;
  std::vector<JsonValue> kept;
  for (const ItemRun& one : runs) {
    if (one.run == dropped.run) continue;
    if (one.counts) {
      kept.push_back(one.run);
    } else if (dropped.counts && one.run.string_member("command") == command) {
      restored = one.run;
    }
  }
  if (restored) kept.push_back(*restored);
  // Of those that count, the item's own command is what the report is about.
  const std::string_view own = evidence::string_at(item, policy.record.command);
  auto counted = std::find_if(kept.begin(), kept.end(), [&](const JsonValue& one) {
    return evidence::same_command(policy, own, one.string_member("command"));
  });
  if (counted == kept.end() && !kept.empty()) counted = kept.end() - 1;

  const std::string history = last_segment(policy.contradictions.history);
  JsonWriter writer;
  writer.begin_object().member(last_segment(policy.record.command), own).key(last_segment(policy.record.report));
  writer.begin_object();
  // What else the report holds is of its runs.
  for (const JsonValue::Member member : report->members()) {
    if (member.name() == runs_key || member.name() == history || kept.size() < 2) continue;
    writer.key(member.name()).value(member.value);
  }
  if (kept.size() > 1) {
    writer.key(runs_key).begin_array();
    for (auto one = kept.begin(); one != kept.end(); ++one) {
      if (one != counted) writer.value(*one);
    }
    writer.end_array();
  }
  writer.key(history).begin_array();
  for (const JsonValue& entry : elements(evidence::find_at(*report, policy.contradictions.history))) {
    if (restored && entry == *restored) continue;
    entry == dropped.run ? write_withdrawn(writer, entry, withdrawal) : static_cast<void>(writer.value(entry));
  }
  if (dropped.counts) write_withdrawn(writer, dropped.run, withdrawal);
  writer.end_array().end_object();
  if (counted != kept.end()) writer.key("counted").value(*counted);
  writer.end_object();

  auto parsed = document::JsonDocument::parse("", writer.take());
  if (!parsed) return parsed.error();
  scratch = std::move(*parsed);
  const auto made = evidence::find_at(scratch->root(), "/" + last_segment(policy.record.report));
  Withdrawn done;
  done.counted = scratch->root().find("counted");
  if (!done.counted) {
    done.report = JsonWriter().value(*made).take();
  } else {
    // Places of the record are relative to an item, which this is.
    done.report =
        merged_report(policy, scratch->root(), entry_of(policy, *done.counted), subject_of(policy, *report, rung));
  }
  return done;
}

}  // namespace launchgate::record
