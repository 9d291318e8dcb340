#include "load/core/segments.hpp"

#include <fmt/format.h>

#include <charconv>

#include "lib/base/rfc3339.hpp"
#include "lib/document/json_document.hpp"
#include "lib/finding/digest.hpp"
#include "load/core/text.hpp"

namespace launchgate::load {

namespace {

using document::JsonDocument;
using document::JsonKind;
using document::JsonValue;
using document::JsonWriter;

std::optional<std::uint32_t> number_of(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

base::Error usage(std::string message, std::string help) {
  return {base::ErrorCategory::usage, {}, {}, std::move(message), std::move(help)};
}

base::Error unfit(const std::string& path, std::string message) {
  return {base::ErrorCategory::input, path, {}, std::move(message), "give the ….part.json of a segment"};
}

// The plan of all segments together.
Plan whole_plan(const RunPlan& run) {
  Settings whole = run.settings;
  whole.segment = whole.segments = 1;
  return make_plan(run.catalogue, run.profile, whole);
}

}  // namespace

std::optional<SegmentName> parse_segment(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto segment = number_of(text.substr(0, slash));
  const auto segments = number_of(text.substr(slash + 1));
  if (!segment || !segments || *segment == 0 || *segment > *segments || *segments > most_segments) return std::nullopt;
  return SegmentName{*segment, *segments};
}

base::Result<std::optional<SegmentName>> segment_of_job(
    std::uint32_t segments, const std::function<std::optional<std::string>(const std::string&)>& environment) {
  using Found = std::optional<SegmentName>;
  const auto natural = [&](const std::string& name) -> base::Result<std::optional<std::uint32_t>> {
    const auto text = environment(name);
    if (!text) return std::optional<std::uint32_t>();
    const auto value = number_of(*text);
    if (!value) return usage(fmt::format("{} is \"{}\", which is no number", name, *text), "give --segment I/N");
    return value;
  };
  const auto place = [&](const std::string& name, std::uint32_t index) -> base::Result<Found> {
    if (index < segments) return Found(SegmentName{index + 1, segments});
    return usage(fmt::format("{} names task {}, counted from 0, and --segments says {}", name, index, segments),
                 "give as many --segments as the job has tasks");
  };
  const auto kubernetes = natural("JOB_COMPLETION_INDEX");
  if (!kubernetes) return kubernetes.error();
  if (*kubernetes) return place("JOB_COMPLETION_INDEX", **kubernetes);
  const auto id = natural("SLURM_ARRAY_TASK_ID");
  if (!id) return id.error();
  if (!*id) return Found();
  const auto least = natural("SLURM_ARRAY_TASK_MIN");
  if (!least) return least.error();
  const auto step = natural("SLURM_ARRAY_TASK_STEP");
  if (!step) return step.error();
  // Without the array's bounds an id of N can only be counted from 1, and one of 0 only from 0.
  if (!*least && **id != 0 && **id != segments)
    return usage("SLURM_ARRAY_TASK_ID is there without SLURM_ARRAY_TASK_MIN, so it may be counted from 0 or from 1",
                 "give --segment I/N");
  const std::uint32_t first = least->value_or(**id == 0 ? 0 : 1);
  const std::uint32_t stride = std::max<std::uint32_t>(1, step->value_or(1));
  if (**id < first || (**id - first) % stride != 0)
    return usage(fmt::format("SLURM_ARRAY_TASK_ID is {} in an array from {} in steps of {}", **id, first, stride),
                 "give --segment I/N");
  return place("SLURM_ARRAY_TASK_ID", (**id - first) / stride);
}

std::string plan_digest(const RunPlan& run) {
  const Settings& s = run.settings;
  const Plan plan = whole_plan(run);
  JsonWriter json(document::JsonStyle::compact);
  json.begin_object().member("segments", s.segments).member("mode", name(s.mode)).member("strict", s.strict);
  json.member("durationMs", s.duration_ms).member("warmupMs", s.warmup_ms).member("timeoutMs", s.timeout_ms);
  json.member("concurrency", s.concurrency).member("requestRate", s.request_rate);
  json.member("sharedPacing", s.pacing == Pacing::shared).member("probeStreams", s.sse_mode == SseMode::probe);
  json.member("expectQuotaRejections", s.expect_quota_rejections).member("verifyTls", s.verify_tls);
  json.member("streams", plan.whole_streams).key("operations").begin_array();
  for (const PlannedOperation& planned : plan.operations) {
    json.begin_object().member("name", run.catalogue.operations[planned.operation].name);
    json.member("pacedBy", planned.paced_by).member("held", planned.held).member("arrivals", planned.arrivals);
    json.end_object();
  }
  json.end_array().key("limits").begin_array();
  for (const LimitPlan& limit : plan.limits) json.value(limit.most);
  json.end_array();
  json.member("profileName", run.profile.name).member("profile", run.profile.text);
  json.member("catalogue", run.catalogue.text).end_object();
  return finding::sha256_hex(json.take());
}

std::string part_json(const RunPlan& run, RunRecord& record, const Redactor& redact) {
  const Settings& s = run.settings;
  JsonWriter json;
  json.begin_object().member("part", 1).member("segment", s.segment).member("segments", s.segments);
  json.member("planDigest", plan_digest(run)).member("profileName", run.profile.name).member("mode", name(s.mode));
  json.member("commitSha", redact(s.commit_sha)).member("toolVersion", s.made_from.version);
  json.member("startedAt", base::format_date_time_ms(record.started_wall_ms));
  json.member("finishedAt", base::format_date_time_ms(record.finished_wall_ms));
  json.member("lateMs", record.late / millisecond).member("measuredMs", record.measured / millisecond);
  json.member("overtimeNs", record.overtime).member("interrupted", record.interrupted);
  json.member("interruption", record.interruption).member("journalFailed", record.journal_failed);
  JsonWriter header(document::JsonStyle::compact);
  write_journal_header(header, run, redact, record.started_wall_ms, record.probe_requests);
  json.key("run").raw(header.take());
  JsonWriter total(document::JsonStyle::compact);
  write_journal_total(total, run, record);
  json.key("measured").raw(total.take()).end_object();
  return json.take() + "\n";
}

base::Result<SegmentPart> read_part(const std::string& path, std::string text) {
  const auto document = JsonDocument::parse_keeping_duplicates(path, std::move(text));
  if (!document) {
    // Nobody is to mend it: what a segment wrote is there or it is not.
    base::Error error = document.error();
    error.category = base::ErrorCategory::input;
    error.help = "copy it again, or give the timeline of the segment";
    return error;
  }
  const JsonValue root = document->root();
  const auto version = root.find("part");
  const auto header = root.find("run");
  const auto measured = root.find("measured");
  if (!version || version->integer() != 1 || !header || !measured || !measured->is(JsonKind::object))
    return unfit(path, "not the part of a segment");
  auto run = read_journal_header(path, 1, *header);
  if (!run) {
    base::Error error = run.error();
    error.help = "give the ….part.json as it was written";
    return error;
  }
  SegmentPart out{path, *std::move(run), false};
  RecoveredRun& read = *out.run;
  read_journal_line(*measured, read);
  const auto overtime = root.find("overtimeNs");
  read.record->overtime = overtime ? overtime->integer().value_or(0) : 0;
  const auto interrupted = root.find("interrupted");
  read.record->interrupted = !interrupted || interrupted->boolean();
  read.record->interruption = root.string_member("interruption");
  if (const auto failed = root.find("journalFailed")) read.record->journal_failed = failed->boolean();
  const auto segment = root.find("segment");
  const auto segments = root.find("segments");
  if (!segment || segment->integer() != read.settings.segment || !segments ||
      segments->integer() != read.settings.segments || root.string_member("planDigest") != plan_digest(read.run()))
    return unfit(path, "its plan is not the one that its digest is of: the file was changed");
  return out;
}

base::Result<SegmentPart> read_segment_timeline(const std::string& path, std::string_view text) {
  auto run = recover(path, text);
  if (!run) return run.error();
  if (!(*run)->settings.leaves_part)
    return base::Error{base::ErrorCategory::input,
                       path,
                       {},
                       "the timeline of a whole run, and of no segment",
                       "give --recover for its report"};
  return SegmentPart{path, *std::move(run), true};
}

}  // namespace launchgate::load
