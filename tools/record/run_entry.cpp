#include "record/run_entry.hpp"

#include <algorithm>

#include "lib/base/rfc3339.hpp"
#include "lib/base/text.hpp"
#include "lib/document/json_writer.hpp"
#include "lib/evidence/believable.hpp"

namespace launchgate::record {
namespace {

using document::JsonKind;
using document::JsonValue;
using document::JsonWriter;
using evidence::Policy;

constexpr std::string_view attestation_key = "attestation";

void write_duration(JsonWriter& writer, const Duration& duration) {
  if (const auto* measured = std::get_if<base::Milliseconds>(&duration)) {
    writer.value(*measured);
  } else if (const auto* written = std::get_if<JsonValue>(&duration)) {
    writer.value(*written);
  } else {
    writer.null();
  }
}

void write_run(JsonWriter& writer, const RunEntry& run) {
  writer.begin_object()
      .member("command", run.command)
      .member("startedAt", run.started_at)
      .member("finishedAt", run.finished_at);
  writer.key("durationMs");
  write_duration(writer, run.duration);
  writer.member("status", run.status);
  if (run.exit_status) writer.member("exitStatus", *run.exit_status);
  if (run.timed_out) writer.member("timedOut", true);
  if (!run.also_ran.empty()) writer.member("alsoRan", run.also_ran);
  if (!run.problems.empty()) writer.member("problems", run.problems);
  writer.member("evidence", run.evidence).member("sha256", run.sha256);
  if (!run.attestation.empty()) writer.member(attestation_key, run.attestation);
  if (run.measured) writer.key("measured").value(*run.measured);
  writer.end_object();
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

// The members that a merged report writes itself.
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

class Merge {
 public:
  Merge(const Policy& policy, const JsonValue& item, const RunEntry& run, const Subject& subject)
      : policy_(policy),
        places_(policy.report),
        run_(run),
        subject_(subject),
        item_command_(base::trim(evidence::string_at(item, policy.record.command))),
        old_(evidence::find_at(item, policy.record.report)) {
    if (old_ && (!old_->is(JsonKind::object) || old_->size() == 0)) old_.reset();
    sort_old();
    choose_times();
  }

  std::string written() {
    const std::vector<std::string> commands = all_commands();
    writer_.begin_object();
    const std::string command = times_of_ ? std::string(command_of(*times_of_)) : run_.command;
    writer_.member(last_segment(places_.command),
                   evidence::was_run(policy_, item_command_, commands) ? item_command_ : command);
    writer_.member(last_segment(places_.evidence_commands), commands);
    write_build();
    write_environment();
    write_times();
    const std::string passing = run_.passed ? run_.status : policy_.pass_statuses.front();
    writer_.member(last_segment(places_.status), all_passed() ? passing : std::string("fail"));
    write_others();
    writer_.key(runs_key).begin_array();
    for (const JsonValue& one : kept_) writer_.value(one);
    write_run(writer_, run_);
    writer_.end_array();
    write_history();
    writer_.end_object();
    return writer_.take();
  }

 private:
  // What the item had: runs that stay, and what moves to the history.
  void sort_old() {
    if (!old_) return;
    const bool joins = same_build(policy_, *old_, subject_);
    if (const auto earlier = evidence::find_at(*old_, policy_.contradictions.history)) {
      for (const JsonValue entry : earlier->elements()) history_.push_back(entry);
    }
    // Every run was withdrawn.
    if (old_->size() == 1 && !history_.empty()) return;
    const std::vector<JsonValue> runs = runs_of(*old_);
    if (joins) {
      for (const JsonValue& one : runs) (command_of(one) == run_.command ? history_ : kept_).push_back(one);
    }
    // A report without runs of the same build that is about another command stays as it was beneath the new run: its
    // commands are kept.
    superseded_ = !joins || (runs.empty() && evidence::string_at(*old_, places_.command) == run_.command);
    bare_ = runs.empty() && !superseded_;
  }

  // Times, status and the rest of the report are those of the item's command; else of the first run.
  void choose_times() {
    if (evidence::same_command(policy_, item_command_, run_.command)) return;
    const auto primary = std::find_if(kept_.begin(), kept_.end(), [&](const JsonValue& one) {
      return evidence::same_command(policy_, item_command_, command_of(one));
    });
    if (primary != kept_.end()) {
      times_of_ = *primary;
    } else if (!kept_.empty()) {
      times_of_ = kept_.front();
    } else if (bare_) {
      times_of_ = old_;
    }
  }

  std::vector<std::string> all_commands() const {
    std::vector<std::string> commands;
    const auto add = [&](std::string_view command) {
      if (!command.empty() && !evidence::contains(commands, command)) commands.emplace_back(command);
    };
    const auto add_list = [&](const std::optional<JsonValue>& list) {
      if (!list) return;
      for (const JsonValue command : list->elements()) add(command.string());
    };
    if (times_of_) add(command_of(*times_of_));
    if (bare_) add_list(evidence::find_at(*old_, places_.evidence_commands));
    for (const JsonValue& one : kept_) {
      add(command_of(one));
      add_list(one.find("alsoRan"));
    }
    add(run_.command);
    for (const std::string& command : run_.also_ran) add(command);
    return commands;
  }

  bool all_passed() const {
    const auto passed = [&](std::string_view status) { return evidence::contains(policy_.pass_statuses, status); };
    return run_.passed && (!bare_ || passed(evidence::string_at(*old_, places_.status))) &&
           std::all_of(kept_.begin(), kept_.end(),
                       [&](const JsonValue& one) { return passed(one.string_member("status")); });
  }

  void write_build() {
    writer_.member(last_segment(places_.commit_sha), subject_.commit)
        .key(last_segment(places_.image_digests))
        .begin_object();
    for (const auto& [image, digest] : subject_.digests) writer_.member(image, digest);
    writer_.end_object();
  }

  void write_environment() {
    writer_.key(last_segment(places_.environment_profile)).begin_object();
    if (subject_.rung != nullptr) {
      const bool named = std::any_of(places_.profile_keys.begin(), places_.profile_keys.end(),
                                     [&](const std::string& key) { return subject_.environment.contains(key); });
      if (!named) writer_.member(places_.profile_keys.front(), subject_.rung->evidence_profile);
      if (subject_.rung->record_tier) writer_.member(places_.tier_keys.front(), *subject_.rung->record_tier);
    }
    for (const auto& [key, value] : subject_.environment) writer_.key(key).value(value);
    writer_.end_object();
  }

  void write_times() {
    if (!times_of_) {
      writer_.member(last_segment(places_.started_at), run_.started_at)
          .member(last_segment(places_.finished_at), run_.finished_at)
          .key(last_segment(places_.duration_ms));
      return write_duration(writer_, run_.duration);
    }
    for (const std::string& pointer : {places_.started_at, places_.finished_at, places_.duration_ms}) {
      writer_.key(last_segment(pointer));
      const auto value = evidence::find_at(*times_of_, pointer);
      value ? writer_.value(*value) : writer_.null();
    }
  }

  // What a report holds beside is copied, the newest first.
  void write_others() {
    std::vector<std::string> written = own_members(policy_);
    const auto copy = [&](const JsonValue& object) {
      for (const JsonValue::Member member : object.members()) {
        if (evidence::contains(written, member.name())) continue;
        written.emplace_back(member.name());
        writer_.key(member.name()).value(member.value);
      }
    };
    if (subject_.more) copy(*subject_.more);
    if (old_ && !superseded_) copy(*old_);
  }

  void write_history() {
    if (history_.empty() && !superseded_) return;
    const std::string name = last_segment(policy_.contradictions.history);
    writer_.key(name).begin_array();
    for (const JsonValue& entry : history_) writer_.value(entry);
    if (superseded_) {
      writer_.begin_object();
      for (const JsonValue::Member member : old_->members()) {
        if (member.name() != name) writer_.key(member.name()).value(member.value);
      }
      writer_.end_object();
    }
    writer_.end_array();
  }

  const Policy& policy_;
  const evidence::ReportPlaces& places_;
  const RunEntry& run_;
  const Subject& subject_;
  std::string item_command_;
  std::optional<JsonValue> old_;  // the item's report, where it holds anything
  std::vector<JsonValue> kept_;
  std::vector<JsonValue> history_;
  bool superseded_ = false;            // the old report moves to the history whole
  bool bare_ = false;                  // the old report stays and has no list of runs
  std::optional<JsonValue> times_of_;  // none: the new run's
  JsonWriter writer_;
};

}  // namespace

std::string last_segment(const std::string& pointer) { return pointer.substr(pointer.rfind('/') + 1); }

std::string merged_report(const Policy& policy, const JsonValue& item, const RunEntry& run, const Subject& subject) {
  return Merge(policy, item, run, subject).written();
}

namespace {

// The option that fills a field in; empty: evidence does.
std::string option_for(const Policy& policy, const std::string& pointer) {
  if (pointer == policy.record.summary) return " (--summary)";
  if (pointer == policy.record.owner) return " (--owner)";
  return "";
}

}  // namespace

bool has_failed(const Policy& policy, const JsonValue& item) {
  const auto report = evidence::find_at(item, policy.record.report);
  // A report of which every run was withdrawn says nothing.
  return report && evidence::find_at(*report, policy.report.status) &&
         !evidence::contains(policy.pass_statuses, evidence::string_at(*report, policy.report.status));
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
    if (!evidence::was_run(policy, command, ran)) points.push_back("still to run: " + command);
  }
  for (const std::string& pointer : policy.record.complete) {
    if (evidence::is_placeholder(policy.placeholders, evidence::string_at(item, pointer)))
      points.push_back("still to fill in: " + pointer.substr(1) + option_for(policy, pointer));
  }
  return points;
}

}  // namespace launchgate::record
