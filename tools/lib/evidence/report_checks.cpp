#include "lib/evidence/report_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "lib/base/hex.hpp"
#include "lib/base/rfc3339.hpp"
#include "lib/base/text.hpp"
#include "lib/document/equality.hpp"
#include "lib/evidence/believable.hpp"
#include "lib/evidence/contradictions.hpp"
#include "lib/rules/json_rule.hpp"

namespace launchgate::evidence {
namespace {

using document::JsonKind;
using document::JsonValue;

std::string name_of(const std::string& pointer) { return "report." + pointer.substr(1); }

std::optional<base::Milliseconds> time_at(const ReportSubject& subject, const std::string& pointer,
                                          Findings& findings) {
  const auto value = find_at(subject.report, pointer);
  if (!value) return std::nullopt;  // a missing field has its own rule
  const auto time = value->is(JsonKind::string) ? base::parse_date_time(value->string()) : std::nullopt;
  if (!time) {
    findings.add("timestamp", subject.item, *value,
                 fmt::format("{} is {}, no RFC 3339 date-time with an offset", name_of(pointer), rules::shown(*value)));
  }
  return time;
}

// What is below a report must be about the same build, and at times that can be true.
void check_inner_facts(const Policy& policy, const ReportSubject& subject, const RecordSettings& settings,
                       const JsonValue& inner, Findings& findings) {
  const auto commit = find_at(inner, policy.report.commit_sha);
  const std::string_view own = string_at(subject.report, policy.report.commit_sha);
  if (commit && !own.empty() && base::is_commit_sha(commit->string()) &&
      base::lower_case(commit->string()) != base::lower_case(own)) {
    findings.add("contradiction", subject.item, *commit,
                 fmt::format("something beneath is about commit {}, the report about {}",
                             commit->string().substr(0, 12), own.substr(0, 12)));
  }
  if (!find_at(inner, policy.report.started_at) && !find_at(inner, policy.report.finished_at)) return;
  RecordSettings times = settings;
  times.max_age = std::nullopt;
  times.told_age = std::nullopt;
  check_times(policy, {subject.item, inner, inner}, times, findings);
}

// A run of the same command further down must be the run that the report is about.
void check_inner_run(const Policy& policy, const ReportSubject& subject, const JsonValue& inner, Findings& findings) {
  const std::string_view command = string_at(subject.report, policy.report.command);
  if (command.empty() || string_at(inner, policy.report.command) != command) return;
  for (const std::string& pointer : {policy.report.started_at, policy.report.finished_at, policy.report.duration_ms}) {
    const auto outer_value = find_at(subject.report, pointer);
    const auto inner_value = find_at(inner, pointer);
    if (!outer_value || !inner_value || document::equal(*outer_value, *inner_value)) continue;
    findings.add(
        "contradiction", subject.item, *inner_value,
        fmt::format("the run of {} beneath has another {} than the report", rules::quoted(command), pointer.substr(1)));
  }
}

// What an earlier run was may be anything, but it must have been earlier.
void check_history(const Policy& policy, const ReportSubject& subject, Findings& findings) {
  const auto history = find_at(subject.report, policy.contradictions.history);
  if (!history) return;
  std::optional<base::Milliseconds> latest;
  const auto note = [&](const JsonValue& run) {
    const auto finished = base::parse_date_time(string_at(run, policy.report.finished_at));
    if (finished) latest = std::max(latest.value_or(*finished), *finished);
  };
  note(subject.report);
  walk(subject.report, [&](const std::optional<JsonValue>&, const JsonValue& value) {
    if (value == *history) return false;
    if (value.is(JsonKind::object)) note(value);
    return true;
  });
  for (const JsonValue entry : history->elements()) {
    const auto finished = base::parse_date_time(string_at(entry, policy.report.finished_at));
    if (!finished || !latest || *finished <= *latest) continue;
    findings.add("contradiction", subject.item, *find_at(entry, policy.report.finished_at),
                 fmt::format("{} holds a run that is later than the report", policy.contradictions.history.substr(1)));
  }
}

void check_parts(const Policy& policy, const ReportSubject& subject, const RecordSettings& settings,
                 Findings& findings) {
  check_history(policy, subject, findings);
  const auto history = find_at(subject.report, policy.contradictions.history);
  const auto commands = find_at(subject.report, policy.report.evidence_commands);
  if (const auto wrong = contradiction(policy.contradictions, "", subject.report))
    findings.add("contradiction", subject.item, subject.report, "the report contradicts its status: " + *wrong);
  walk(subject.report, [&](const std::optional<JsonValue>& key, const JsonValue& value) {
    if (value == history) return false;
    if (value.is(JsonKind::object)) {
      check_inner_run(policy, subject, value, findings);
      check_inner_facts(policy, subject, settings, value, findings);
    }
    // A run's figures are judged by what they mean, not by their names; see lib/judgement.
    if (shows_figures(value)) {
      if (const auto evidence = value.find("evidence"))
        check_inner_facts(policy, subject, settings, *evidence, findings);
      return false;
    }
    if (!key) return true;
    if (const auto wrong = contradiction(policy.contradictions, key->string(), value))
      findings.add("contradiction", subject.item, value, "the report contradicts its status: " + *wrong);
    if (const auto dry = dry_run(policy.dry_run, key->string(), value, value == commands))
      findings.add("dry-run", subject.item, value, "dry run: " + *dry);
    return !is_rate(policy.contradictions, value);
  });
}

// A profile or a tier of the ladder that is named elsewhere, under the same keys in any spelling, must be the same.
void check_other_environments(const Policy& policy, const ReportSubject& subject, const Rung& rung,
                              const JsonValue& environment, Findings& findings) {
  std::map<std::string, std::pair<std::string_view, bool>> keys;  // rule and whether it is about a tier, by folded key
  for (const std::string& key : policy.report.profile_keys) keys[fold_key(key)] = {"environment-profile", false};
  for (const std::string& key : policy.report.tier_keys) keys[fold_key(key)] = {"environment-tier", true};
  keys.try_emplace("profile", "environment-profile", false);
  keys.try_emplace("tier", "environment-tier", true);
  std::set<std::string> profiles;
  std::set<std::string> tiers;
  for (const std::string& profile : policy.ladder.profiles) profiles.insert(fold_key(profile));
  for (const Rung& one : policy.ladder.rungs) tiers.insert({fold_key(one.claim), fold_key(one.matrix_tier)});
  const std::set<std::string> own_tiers = {fold_key(rung.claim), fold_key(rung.matrix_tier),
                                           fold_key(rung.record_tier.value_or(""))};
  const auto history = find_at(subject.report, policy.contradictions.history);
  walk(subject.report, [&](const std::optional<JsonValue>& key, const JsonValue& value) {
    if (value == history) return false;
    if (!key || !value.is(JsonKind::string)) return true;
    const auto about = keys.find(fold_key(key->string()));
    if (about == keys.end()) return true;
    const auto& [rule, is_tier] = about->second;
    // The environment's own keys are compared to the letter.
    const bool is_own = value.begin_offset() >= environment.begin_offset() &&
                        value.end_offset() <= environment.end_offset() &&
                        contains(is_tier ? policy.report.tier_keys : policy.report.profile_keys, key->string());
    const std::string name = fold_key(value.string());
    const bool is_other = is_tier ? tiers.contains(name) && !own_tiers.contains(name)
                                  : profiles.contains(name) && name != fold_key(rung.evidence_profile);
    if (!is_own && is_other)
      findings.add(rule, subject.item, value,
                   fmt::format("{} names {}, another environment", key->string(), rules::shown(value)));
    return true;
  });
}

}  // namespace

void check_times(const Policy& policy, const ReportSubject& subject, const RecordSettings& settings,
                 Findings& findings) {
  const ReportPlaces& places = policy.report;
  const auto started = time_at(subject, places.started_at, findings);
  const auto finished = time_at(subject, places.finished_at, findings);
  const base::Milliseconds latest = settings.now + policy.future_tolerance;
  for (const auto& [time, pointer] :
       {std::pair(started, &places.started_at), std::pair(finished, &places.finished_at)}) {
    if (!time || *time <= latest) continue;
    findings.add("future", subject.item, *find_at(subject.report, *pointer),
                 fmt::format("{} lies {} in the future", name_of(*pointer), describe_duration(*time - settings.now)));
  }
  const bool ordered = started && finished && *started <= *finished;
  if (started && finished && !ordered) {
    findings.add("timestamp", subject.item, *find_at(subject.report, places.finished_at),
                 fmt::format("{} is before {}", name_of(places.finished_at), name_of(places.started_at)));
  }
  if (const auto duration = find_at(subject.report, places.duration_ms)) {
    const double length = duration->is(JsonKind::number) ? duration->number() : -1;
    if (!(length > 0) || !std::isfinite(length)) {
      findings.add("duration", subject.item, *duration,
                   fmt::format("{} is {}, no positive number", name_of(places.duration_ms), rules::shown(*duration)));
    } else if (ordered && std::abs(length - static_cast<double>(*finished - *started)) >
                              static_cast<double>(policy.duration_tolerance)) {
      findings.add("duration", subject.item, *duration,
                   fmt::format("{} is {}, but start and finish are {} apart", name_of(places.duration_ms),
                               rules::shown(*duration), describe_duration(*finished - *started)));
    }
  }
  if (ordered && policy.longest_run && *finished - *started > *policy.longest_run) {
    findings.add("duration", subject.item, *find_at(subject.report, places.started_at),
                 fmt::format("the run lasted {}; nothing runs longer than {}", describe_duration(*finished - *started),
                             describe_duration(*policy.longest_run)));
  }
  if (!finished) return;
  const base::Milliseconds age = settings.now - *finished;
  const JsonValue at = *find_at(subject.report, places.finished_at);
  if (settings.max_age && age > *settings.max_age) {
    findings.add("stale", subject.item, at,
                 fmt::format("evidence is {} old; at most {} is allowed", describe_duration(age),
                             describe_duration(*settings.max_age)));
  } else if (settings.told_age && age > *settings.told_age) {
    findings
        .add("stale", subject.item, at,
             fmt::format("evidence is {} old; more than {} is told", describe_duration(age),
                         describe_duration(*settings.told_age)))
        .severity = finding::Severity::warning;
  }
}

void check_report(const Policy& policy, const ReportSubject& subject, const RecordSettings& settings,
                  Findings& findings) {
  if (const auto status = find_at(subject.report, policy.report.status)) {
    if (!status->is(JsonKind::string) || !contains(policy.pass_statuses, status->string())) {
      findings.add("report-status", subject.item, *status,
                   fmt::format("{} is {}, no pass", name_of(policy.report.status), rules::shown(*status)));
    }
  }
  check_times(policy, subject, settings, findings);
  check_parts(policy, subject, settings, findings);
}

void check_environment(const Policy& policy, const ReportSubject& subject, const Rung& rung, Findings& findings) {
  const auto environment = find_at(subject.report, policy.report.environment_profile);
  if (!environment) return;
  if (!environment->is(JsonKind::object)) {
    findings.add("environment", subject.item, *environment,
                 name_of(policy.report.environment_profile) + " is no object");
    return;
  }
  const auto compare = [&](const std::vector<std::string>& keys, const std::string& wanted, std::string_view rule,
                           std::string_view what) {
    bool present = false;
    for (const std::string& key : keys) {
      const auto value = environment->find(key);
      if (!value) continue;
      present = true;
      if (value->is(JsonKind::string) && value->string() == wanted) continue;
      findings.add(rule, subject.item, *value,
                   fmt::format("{} must be {} in the environment, is {}", keys.front(), wanted, rules::shown(*value)) +
                       (key == keys.front() ? "" : fmt::format(" ({})", key)));
    }
    if (!present)
      findings.add(rule, subject.item, *environment,
                   fmt::format("the environment names no {}: {} must be {}", what, keys.front(), wanted));
  };
  compare(policy.report.profile_keys, rung.evidence_profile, "environment-profile", "target profile");
  if (rung.record_tier) compare(policy.report.tier_keys, *rung.record_tier, "environment-tier", "tier");
  check_other_environments(policy, subject, rung, *environment, findings);
}

void check_length(const Policy& policy, const ReportSubject& subject, const std::string& field, const Rung& rung,
                  const std::optional<JsonValue>& targets, Findings& findings) {
  const auto duration = find_at(subject.report, policy.report.duration_ms);
  if (!duration || !duration->is(JsonKind::number)) return;
  const auto profiles = targets ? find_at(*targets, policy.target_profiles) : std::nullopt;
  const auto profile = profiles ? profiles->find(rung.evidence_profile) : std::nullopt;
  const auto wanted = profile ? profile->find(field) : std::nullopt;
  if (!wanted || !wanted->is(JsonKind::number)) {
    findings.add("short", subject.item, *duration,
                 fmt::format("profile {} has no {} to compare with", rung.evidence_profile, field),
                 "mend the target profiles");
    return;
  }
  if (duration->number() < wanted->number()) {
    findings.add(
        "short", subject.item, *duration,
        fmt::format("report ran {}; profile {} asks for {}",
                    describe_duration(static_cast<base::Milliseconds>(std::max(duration->number(), 0.0))),
                    rung.evidence_profile, describe_duration(static_cast<base::Milliseconds>(wanted->number()))));
  }
}

void check_run_lengths(const Policy& policy, const ReportSubject& subject, const Rung& rung,
                       const std::optional<JsonValue>& targets, Findings& findings) {
  const auto history = find_at(subject.report, policy.contradictions.history);
  const auto look = [&](const JsonValue& run) {
    const std::string_view command = string_at(run, policy.report.command);
    for (const RunLength& length : policy.run_lengths) {
      if (names(command, length.names))
        check_length(policy, {subject.item, run, run}, length.field, rung, targets, findings);
    }
  };
  look(subject.report);
  walk(subject.report, [&](const std::optional<JsonValue>&, const JsonValue& value) {
    if (value == history) return false;
    if (value.is(JsonKind::object)) look(value);
    return true;
  });
}

std::optional<JsonValue> report_in(const Policy& policy, const JsonValue& root) {
  for (const std::string& pointer : policy.attach.reports) {
    const auto place = find_at(root, pointer);
    if (place && place->is(JsonKind::object) && !string_at(*place, policy.report.command).empty()) return place;
  }
  return std::nullopt;
}

}  // namespace launchgate::evidence
