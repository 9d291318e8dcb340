#include "record/run_entry.hpp"

#include <algorithm>

#include "lib/base/text.hpp"
#include "lib/document/json_writer.hpp"
#include "lib/evidence/believable.hpp"

namespace launchgate::record {
namespace {

using document::JsonKind;
using document::JsonValue;
using document::JsonWriter;
using evidence::Policy;

constexpr std::string_view runs_key = "runs";

std::string last_segment(const std::string& pointer) { return pointer.substr(pointer.rfind('/') + 1); }

void write_run(JsonWriter& writer, const RunEntry& run) {
  writer.begin_object()
      .member("command", run.command)
      .member("startedAt", run.started_at)
      .member("finishedAt", run.finished_at);
  writer.member("durationMs", run.duration_ms);
  writer.member("status", run.status);
  if (run.exit_status) writer.member("exitStatus", *run.exit_status);
  if (run.timed_out) writer.member("timedOut", true);
  if (!run.also_ran.empty()) writer.member("alsoRan", run.also_ran);
  if (!run.problems.empty()) writer.member("problems", run.problems);
  writer.member("evidence", run.evidence).member("sha256", run.sha256).end_object();
}

bool same_build(const Policy& policy, const JsonValue& report, const Subject& subject) {
  if (base::lower_case(evidence::string_at(report, policy.report.commit_sha)) != base::lower_case(subject.commit))
    return false;
  return std::all_of(subject.digests.begin(), subject.digests.end(), [&](const auto& digest) {
    const std::string pointer = policy.report.image_digests + "/" + document::escape_pointer_segment(digest.first);
    return base::lower_case(evidence::string_at(report, pointer)) == base::lower_case(digest.second);
  });
}

// The runs of a report; one that was written by other means counts as one run.
std::vector<JsonValue> runs_of(const JsonValue& report) {
  std::vector<JsonValue> runs;
  if (const auto list = report.find(runs_key); list && list->is(JsonKind::array)) {
    for (const JsonValue run : list->elements()) runs.push_back(run);
  }
  return runs;
}

std::string_view command_of(const JsonValue& run) { return run.string_member("command"); }

// The members that merged_report() writes itself.
std::vector<std::string> own_members(const Policy& policy) {
  const evidence::ReportPlaces& places = policy.report;
  std::vector<std::string> names;
  for (const std::string& pointer :
       {places.command, places.evidence_commands, places.commit_sha, places.image_digests, places.environment_profile,
        places.started_at, places.finished_at, places.duration_ms, places.status, policy.contradictions.history}) {
    names.push_back(last_segment(pointer));
  }
  names.insert(names.end(), {std::string(runs_key), "exitStatus", "timedOut", "problems", "environmentProfile"});
  return names;
}

}  // namespace

std::string merged_report(const Policy& policy, const JsonValue& item, const RunEntry& run, const Subject& subject) {
  const evidence::ReportPlaces& places = policy.report;
  const std::string item_command(base::trim(evidence::string_at(item, policy.record.command)));
  const auto old = evidence::find_at(item, policy.record.report);
  const bool joins = old && old->is(JsonKind::object) && old->size() > 0 && same_build(policy, *old, subject);
  const std::string history_name = last_segment(policy.contradictions.history);

  std::vector<JsonValue> kept;
  std::vector<JsonValue> history;
  if (old && old->is(JsonKind::object)) {
    if (const auto earlier = evidence::find_at(*old, policy.contradictions.history)) {
      for (const JsonValue entry : earlier->elements()) history.push_back(entry);
    }
    if (joins) {
      for (const JsonValue& one : runs_of(*old)) (command_of(one) == run.command ? history : kept).push_back(one);
    }
  }
  const bool old_without_runs = joins && runs_of(*old).empty();
  // A report without runs of the same build that is about another command stays as it was beneath the new run: its
  // commands are kept.
  const bool old_is_superseded =
      old && old->is(JsonKind::object) && old->size() > 0 &&
      (!joins || (old_without_runs && evidence::string_at(*old, places.command) == run.command));

  // Times, status and the rest of the report are those of the item's command; else of the first run.
  const auto primary =
      std::find_if(kept.begin(), kept.end(), [&](const JsonValue& one) { return command_of(one) == item_command; });
  const bool primary_is_new = run.command == item_command ||
                              (primary == kept.end() && (kept.empty() && !(old_without_runs && !old_is_superseded)));
  const std::optional<JsonValue> times_of = primary_is_new          ? std::nullopt
                                            : primary != kept.end() ? std::optional(*primary)
                                            : kept.empty()          ? old
                                                                    : std::optional(kept.front());

  std::vector<std::string> commands;
  const auto add_command = [&](std::string_view command) {
    if (!command.empty() && !evidence::contains(commands, command)) commands.emplace_back(command);
  };
  if (times_of) add_command(command_of(*times_of));
  if (old_without_runs && !old_is_superseded) {
    if (const auto list = evidence::find_at(*old, places.evidence_commands)) {
      for (const JsonValue command : list->elements()) add_command(command.string());
    }
  }
  for (const JsonValue& one : kept) {
    add_command(command_of(one));
    if (const auto also = one.find("alsoRan")) {
      for (const JsonValue command : also->elements()) add_command(command.string());
    }
  }
  add_command(run.command);
  for (const std::string& command : run.also_ran) add_command(command);

  bool all_passed = run.passed;
  for (const JsonValue& one : kept)
    all_passed = all_passed && evidence::contains(policy.pass_statuses, one.string_member("status"));
  if (old_without_runs && !old_is_superseded)
    all_passed = all_passed && evidence::contains(policy.pass_statuses, evidence::string_at(*old, places.status));

  JsonWriter writer;
  writer.begin_object();
  const std::string command = times_of ? std::string(command_of(*times_of)) : run.command;
  writer.member(last_segment(places.command), evidence::contains(commands, item_command) ? item_command : command);
  writer.member(last_segment(places.evidence_commands), commands);
  writer.member(last_segment(places.commit_sha), subject.commit).key(last_segment(places.image_digests)).begin_object();
  for (const auto& [image, digest] : subject.digests) writer.member(image, digest);
  writer.end_object().key(last_segment(places.environment_profile)).begin_object();
  if (subject.rung != nullptr) {
    const bool named = std::any_of(places.profile_keys.begin(), places.profile_keys.end(),
                                   [&](const std::string& key) { return subject.environment.contains(key); });
    if (!named) writer.member(places.profile_keys.front(), subject.rung->evidence_profile);
    if (subject.rung->record_tier) writer.member(places.tier_keys.front(), *subject.rung->record_tier);
  }
  for (const auto& [key, value] : subject.environment) writer.member(key, value);
  writer.end_object();
  if (times_of) {
    for (const std::string& pointer : {places.started_at, places.finished_at, places.duration_ms}) {
      writer.member(last_segment(pointer), evidence::find_at(*times_of, pointer));
    }
  } else {
    writer.member(last_segment(places.started_at), run.started_at)
        .member(last_segment(places.finished_at), run.finished_at)
        .member(last_segment(places.duration_ms), run.duration_ms);
  }
  const std::string passing = run.passed ? run.status : policy.pass_statuses.front();
  writer.member(last_segment(places.status), all_passed ? passing : std::string("fail"));

  // What a report holds beside is copied, the newest first.
  std::vector<std::string> written = own_members(policy);
  const auto copy_others = [&](const JsonValue& object) {
    for (const JsonValue::Member member : object.members()) {
      if (evidence::contains(written, member.name())) continue;
      written.emplace_back(member.name());
      writer.key(member.name()).value(member.value);
    }
  };
  if (subject.more) copy_others(*subject.more);
  if (old && old->is(JsonKind::object) && joins && !old_is_superseded) copy_others(*old);

  writer.key(runs_key).begin_array();
  for (const JsonValue& one : kept) writer.value(one);
  write_run(writer, run);
  writer.end_array();
  if (!history.empty() || old_is_superseded) {
    writer.key(history_name).begin_array();
    for (const JsonValue& entry : history) writer.value(entry);
    if (old_is_superseded) {
      writer.begin_object();
      for (const JsonValue::Member member : old->members()) {
        if (member.name() != history_name) writer.key(member.name()).value(member.value);
      }
      writer.end_object();
    }
    writer.end_array();
  }
  writer.end_object();
  return writer.take();
}

bool has_failed(const Policy& policy, const JsonValue& item) {
  const auto report = evidence::find_at(item, policy.record.report);
  return report && !evidence::contains(policy.pass_statuses, evidence::string_at(*report, policy.report.status));
}

std::vector<std::string> open_points(const Policy& policy, const JsonValue& item,
                                     const std::vector<std::string>& required) {
  std::vector<std::string> points;
  if (has_failed(policy, item)) points.emplace_back("a run failed");
  std::vector<std::string> ran;
  if (const auto report = evidence::find_at(item, policy.record.report)) {
    if (const auto list = evidence::find_at(*report, policy.report.evidence_commands)) {
      for (const JsonValue command : list->elements()) ran.emplace_back(command.string());
    }
  }
  std::vector<std::string> wanted = required;
  const std::string own(base::trim(evidence::string_at(item, policy.record.command)));
  if (!own.empty() && !evidence::contains(wanted, own)) wanted.insert(wanted.begin(), own);
  for (const std::string& command : wanted) {
    if (!evidence::contains(ran, command)) points.push_back("still to run: " + command);
  }
  for (const std::string& pointer : policy.record.complete) {
    if (evidence::is_placeholder(policy.placeholders, evidence::string_at(item, pointer)))
      points.push_back("still to fill in: " + pointer.substr(1));
  }
  return points;
}

}  // namespace launchgate::record
