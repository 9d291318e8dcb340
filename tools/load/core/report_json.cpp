#include "lib/base/rfc3339.hpp"
#include "lib/document/json_document.hpp"
#include "lib/document/json_writer.hpp"
#include "load/core/report.hpp"
#include "load/core/text.hpp"

namespace launchgate::load {

namespace {

using document::JsonWriter;

void percentiles(JsonWriter& json, const Histogram& histogram, std::string_view suffix) {
  const auto one = [&](std::string_view prefix, double percent) {
    json.key(std::string(prefix) + std::string(suffix));
    if (histogram.empty()) {
      json.null();
    } else {
      json.value(rounded(histogram.percentile_ms(percent), 3));
    }
  };
  one("p50", 50);
  one("p90", 90);
  one("p95", 95);
  one("p99", 99);
  one("p999", 99.9);
  one("max", 100);
}

void counts(JsonWriter& json, std::string_view key, const std::map<std::string, std::uint64_t>& map) {
  json.key(key).begin_object();
  for (const auto& [name, n] : map) json.member(name, n);
  json.end_object();
}

void tally(JsonWriter& json, const Tally& tally, const std::string& category) {
  json.begin_object();
  if (!category.empty()) json.member("category", category);
  json.member("count", tally.count)
      .member("failures", tally.failures)
      .member("errorRate", rounded(tally.error_rate(), 6));
  percentiles(json, tally.response, "LatencyMs");
  percentiles(json, tally.service, "ServiceMs");
  counts(json, "statuses", tally.statuses);
  json.key("outcomes").begin_object();
  for (std::size_t i = 0; i < outcome_count; ++i) {
    if (tally.outcomes[i] > 0) json.member(name(static_cast<Outcome>(i)), tally.outcomes[i]);
  }
  json.end_object();
  counts(json, "rejections", tally.rejections);
  json.member("measuredInPercentiles", tally.response.count()).member("bytes", tally.bytes);
  if (tally.unsent_capped > 0) json.member("notSentPastLimit", tally.unsent_capped);
  if (tally.unsent_prerequisite > 0) json.member("notSentForLackOfId", tally.unsent_prerequisite);
  json.key("sampleErrors").begin_array();
  for (const std::string& note : tally.notes) json.value(note);
  json.end_array();
  json.end_object();
}

void numbers(JsonWriter& json, std::string_view key, const std::map<std::string, double>& map) {
  json.key(key).begin_object();
  for (const auto& [name, number] : map) json.member(name, number);
  json.end_object();
}

void environment(JsonWriter& json, const RunPlan& run, const Redactor& redact) {
  const Settings& settings = run.settings;
  json.key("environmentProfile").begin_object();
  json.member("profileName", run.profile.name).member("mode", name(settings.mode)).member("strict", settings.strict);
  for (std::size_t i = 0; i < run.catalogue.targets.size(); ++i) {
    const TargetSpec& target = run.catalogue.targets[i];
    json.key(target.url_key);
    if (settings.targets[i].skipped) {
      json.value("skipped");
    } else {
      json.value(redact(scrubbed_url(settings.targets[i].url)));
    }
  }
  for (std::size_t i = 0; i < run.catalogue.targets.size(); ++i) {
    const auto& token = run.catalogue.targets[i].token;
    if (token) json.member(token->provided_key, !settings.targets[i].token.empty());
  }
  json.member("includeMutations", settings.include_mutations).member("includeSse", settings.include_sse);
  json.member("includeOperator", settings.include_operator);
  json.member("expectQuotaRejections", settings.expect_quota_rejections);
  for (std::size_t i = 0; i < run.catalogue.variables.size(); ++i) {
    const VariableSpec& variable = run.catalogue.variables[i];
    if (variable.report_key.empty()) continue;
    json.key(variable.report_key);
    if (settings.variables[i].empty()) {
      json.null();
    } else {
      json.value(redact(settings.variables[i]));
    }
  }
  json.end_object();
}

void evidence(JsonWriter& json, const RunPlan& run, const RunRecord& record, const Verdict& verdict,
              const Redactor& redact) {
  json.key("evidence").begin_object();
  json.member("command", evidence_command(run.catalogue, run.settings));
  json.member("commitSha", redact(run.settings.commit_sha));
  json.key("imageDigests").begin_object();
  for (std::size_t i = 0; i < run.catalogue.targets.size(); ++i) {
    json.member(run.catalogue.targets[i].name, redact(run.settings.targets[i].image_digest));
  }
  json.end_object();
  environment(json, run, redact);
  json.member("status", verdict.overall);
  json.member("startedAt", base::format_date_time_ms(record.started_wall_ms))
      .member("finishedAt", base::format_date_time_ms(record.finished_wall_ms));
  json.member("durationMs", record.finished_wall_ms - record.started_wall_ms);
  json.end_object();
}

void inputs(JsonWriter& json, const RunPlan& run, const RunDigests& digests) {
  json.key("inputs").begin_object();
  for (const auto& [key, digest] :
       {std::pair("targetProfilesSha256", &run.settings.made_from.target_profiles),
        std::pair("catalogueSha256", &run.settings.made_from.catalogue), std::pair("planSha256", &digests.plan),
        std::pair("timelineSha256", &digests.timeline)}) {
    if (!digest->empty()) json.member(key, *digest);
  }
  json.end_object();
}

void run_section(JsonWriter& json, const RunPlan& run, const RunRecord& record) {
  const Settings& settings = run.settings;
  json.key("run").begin_object();
  json.member("startedAt", base::format_date_time_ms(record.started_wall_ms))
      .member("finishedAt", base::format_date_time_ms(record.finished_wall_ms));
  json.member("durationMs", record.finished_wall_ms - record.started_wall_ms);
  json.member("measuredMs", record.measured / millisecond).member("warmupMs", settings.warmup_ms);
  json.member("concurrency", settings.concurrency).member("requestRatePerSecond", settings.request_rate);
  json.member("timeoutMs", settings.timeout_ms);
  json.member("pacing", settings.pacing == Pacing::targets ? "targets" : "shared");
  json.member("operationCount", run.plan.operations.size());
  const Tally all = record.measurements.all();
  const double seconds = static_cast<double>(record.measured + record.overtime) / 1e9;
  json.member("requestCount", all.count);
  json.member("achievedRequestRatePerSecond", rounded(seconds > 0 ? static_cast<double>(all.count) / seconds : 0, 3));
  for (std::size_t i = 0; i < run.catalogue.ids.size(); ++i) {
    if (!run.catalogue.ids[i].count_key.empty()) json.member(run.catalogue.ids[i].count_key, record.created[i]);
  }
  json.member("warmupRequests", record.warmup_requests).member("probeRequests", record.probe_requests);
  json.key("scrapes").begin_object();
  for (const Index scrape : run.plan.scrapes) {
    const OperationSpec& op = run.catalogue.operations[scrape];
    json.key(op.name)
        .begin_object()
        .member("read", record.metrics.scrapes(op.target))
        .member("failed", record.metrics.failures(op.target))
        .end_object();
  }
  json.end_object();
  if (settings.segments > 1)
    json.member("segment", std::to_string(settings.segment) + "/" + std::to_string(settings.segments));
  json.end_object();
}

void segments(JsonWriter& json, const RunRecord& record) {
  if (record.segments.empty()) return;
  json.key("segments").begin_array();
  for (const SegmentRecord& one : record.segments) {
    json.begin_object().member("segment", one.segment);
    json.member("state", one.missing                ? "missing"
                         : one.recovered            ? "recovered"
                         : one.interruption.empty() ? "measured"
                                                    : "interrupted");
    if (!one.missing) {
      const double seconds = static_cast<double>(one.measured) / 1e9;
      json.member("startedAt", base::format_date_time_ms(one.started_wall_ms));
      json.member("lateMs", one.late / millisecond).member("measuredMs", one.measured / millisecond);
      json.member("requestCount", one.requests).member("unsent", one.unsent);
      json.member("cpuShare", rounded(seconds > 0 ? one.cpu_seconds / seconds : 0, 4));
      json.member("peakMemoryBytes", one.peak_memory_bytes).key("lateness").begin_object();
      percentiles(json, one.lateness, "Ms");
      json.end_object();
    }
    json.end_object();
  }
  json.end_array();
}

void metrics(JsonWriter& json, const RunPlan& run, const RunRecord& record) {
  json.key("metrics").begin_object();
  const auto part = [&](std::string_view key, auto pick) {
    json.key(key);
    if (!record.metrics.scraped()) {
      json.null();
      return;
    }
    json.begin_object();
    for (Index i = 0; i < run.catalogue.series.size(); ++i) {
      json.key(run.catalogue.series[i].metric);
      const auto value = pick(record.metrics.result(i));
      if (value) {
        json.value(*value);
      } else {
        json.null();
      }
    }
    json.end_object();
  };
  part("before", [](const SeriesResult& r) { return r.before; });
  part("after", [](const SeriesResult& r) { return r.after; });
  part("delta", [](const SeriesResult& r) { return r.delta; });
  part("worst", [](const SeriesResult& r) { return r.worst; });
  json.key("resets").begin_object();
  for (Index i = 0; i < run.catalogue.series.size(); ++i) {
    if (const auto resets = record.metrics.result(i).resets; resets > 0)
      json.member(run.catalogue.series[i].metric, resets);
  }
  json.end_object();
  json.member("malformedLines", record.metrics.malformed_lines());
  json.end_object();
}

void streams(JsonWriter& json, const StreamTotals& s) {
  json.key("streams").begin_object();
  json.member("target", s.target).member("heldMean", rounded(s.held_mean, 3)).member("heldLeast", s.held_least);
  json.member("opened", s.opened)
      .member("refused", s.refused)
      .member("reconnects", s.reconnects)
      .member("ended", s.ended);
  counts(json, "drops", s.drops);
  json.member("events", s.events)
      .member("heartbeats", s.heartbeats)
      .member("gaps", s.gaps)
      .member("missingEvents", s.missing);
  json.member("duplicates", s.duplicates).member("malformed", s.malformed).member("unnumbered", s.unplaced);
  json.member("silent", s.silent).member("bytes", s.bytes);
  json.end_object();
}

void generator(JsonWriter& json, const RunPlan& run, const RunRecord& record) {
  const double seconds = static_cast<double>(record.measured) / 1e9;
  json.key("generator").begin_object();
  json.member("tool", "launchgate-load").member("version", run.settings.made_from.version);
  json.member("cpuShare", rounded(seconds > 0 ? record.cpu_seconds / seconds : 0, 4))
      .member("cpuSeconds", rounded(record.cpu_seconds, 3));
  json.member("peakMemoryBytes", record.peak_memory_bytes);
  json.key("lateness").begin_object();
  percentiles(json, record.generator.lateness, "Ms");
  json.end_object().key("queueing").begin_object();
  percentiles(json, record.generator.queueing, "Ms");
  json.end_object();
  json.member("unsent", record.unsent_total());
  json.key("unsentByOperation").begin_object();
  for (std::size_t i = 0; i < record.unsent.size(); ++i) {
    if (record.unsent[i] > 0)
      json.member(run.catalogue.operations[run.plan.operations[i].operation].name, record.unsent[i]);
  }
  json.end_object().end_object();
  const TransportCounters& t = record.transport;
  json.key("connections").begin_object();
  json.member("connects", t.connects)
      .member("connectFailures", t.connect_failures)
      .member("tlsHandshakes", t.tls_handshakes);
  json.member("reused", t.reused).member("resets", t.resets).member("retriedAfterIdleClose", t.retried);
  json.member("bytesSent", t.bytes_sent).member("bytesReceived", t.bytes_received).end_object();
}

void attained(JsonWriter& json, const RunPlan& run, const RunRecord& record) {
  json.key("attained").begin_object();
  for (const Attainment& one : attainments(run, record)) {
    json.key(one.name).begin_object().member("target", one.target).member("achieved", rounded(one.achieved, 3));
    json.member("per", one.per_seconds == 1 ? "second" : "minute").member("capped", one.capped).end_object();
  }
  json.end_object();
  json.key("notDriven").begin_object();
  for (const auto& [target, reason] : run.catalogue.undriven) {
    if (run.profile.capacity_targets.contains(target)) json.member(target, reason);
  }
  json.end_object();
}

void gates(JsonWriter& json, const Verdict& verdict) {
  json.key("gates").begin_object().member("overall", verdict.overall);
  json.key("checks").begin_array();
  for (const Check& check : verdict.checks) {
    json.begin_object()
        .member("name", check.name)
        .member("status", check.passed ? "pass" : "fail")
        .member("message", check.message)
        .end_object();
  }
  json.end_array().key("warnings").begin_array();
  for (const Warning& warning : verdict.warnings) json.value(warning.message);
  json.end_array().end_object();
}

void targets(JsonWriter& json, const RunPlan& run, const Redactor& redact) {
  json.key("targets").begin_object();
  for (std::size_t i = 0; i < run.catalogue.targets.size(); ++i) {
    json.key(run.catalogue.targets[i].url_key);
    if (run.settings.targets[i].skipped) {
      json.null();
    } else {
      json.value(redact(scrubbed_url(run.settings.targets[i].url)));
    }
  }
  numbers(json, "capacityTargets", run.profile.capacity_targets);
  numbers(json, "thresholds", run.profile.thresholds);
  json.end_object();
}

}  // namespace

std::string report_json(const RunPlan& run, const RunRecord& record, const Verdict& verdict, const Redactor& redact,
                        std::int64_t generated_wall_ms, const RunDigests& digests) {
  JsonWriter json;
  json.begin_object();
  json.member("ok", verdict.overall != "no-go").member("generatedAt", base::format_date_time_ms(generated_wall_ms));
  json.member("mode", name(run.settings.mode)).member("profileName", run.profile.name);
  json.member("interrupted", record.interrupted);
  evidence(json, run, record, verdict, redact);
  targets(json, run, redact);
  inputs(json, run, digests);
  if (!digests.attestation.empty()) json.member("attestation", digests.attestation);
  run_section(json, run, record);
  json.key("summary").begin_object().key("operations").begin_object();
  for (const Series& series : record.measurements.series()) {
    json.key(series.name);
    tally(json, series.total, run.catalogue.categories[series.category].name);
  }
  json.end_object().key("categories").begin_object();
  for (Index i = 0; i < run.catalogue.categories.size(); ++i) {
    const Tally sum = record.measurements.category(i);
    if (sum.count == 0) continue;
    json.key(run.catalogue.categories[i].name);
    tally(json, sum, {});
  }
  json.end_object().end_object();
  metrics(json, run, record);
  streams(json, record.streams);
  attained(json, run, record);
  generator(json, run, record);
  segments(json, record);
  if (verdict.soak) write_soak(json, *verdict.soak);
  gates(json, verdict);
  json.end_object();
  return json.take() + "\n";
}

std::string profile_description(const Profile& profile) {
  const auto document = document::JsonDocument::parse("", profile.text);
  return document ? std::string(document->root().string_member("description")) : std::string();
}

std::string plan_json(const RunPlan& run, const Redactor& redact, std::int64_t generated_wall_ms) {
  const Settings& settings = run.settings;
  JsonWriter json;
  json.begin_object().member("ok", true).member("generatedAt", base::format_date_time_ms(generated_wall_ms));
  json.member("mode", name(settings.mode)).member("profileName", run.profile.name);
  json.member("description", profile_description(run.profile));
  json.member("command", evidence_command(run.catalogue, settings));
  json.member("commitSha", redact(settings.commit_sha)).key("imageDigests").begin_object();
  for (std::size_t i = 0; i < run.catalogue.targets.size(); ++i)
    json.member(run.catalogue.targets[i].name, redact(settings.targets[i].image_digest));
  json.end_object();
  environment(json, run, redact);
  targets(json, run, redact);
  json.key("run")
      .begin_object()
      .member("durationMs", settings.duration_ms)
      .member("soakDurationMs", run.profile.soak_duration_ms);
  json.member("concurrency", settings.concurrency).member("requestRatePerSecond", settings.request_rate);
  json.member("streams", run.plan.streams).member("warmupMs", settings.warmup_ms).end_object();
  json.key("operations").begin_array();
  for (const PlannedOperation& planned : run.plan.operations) {
    const OperationSpec& op = run.catalogue.operations[planned.operation];
    json.begin_object()
        .member("name", op.name)
        .member("title", op.title)
        .member("target", run.catalogue.targets[op.target].name);
    json.member("category", run.catalogue.categories[op.category].name)
        .member("method", op.request.method)
        .member("path", op.request.shape);
    json.member("pacedBy", planned.paced_by);
    if (!planned.held)
      json.member("perMinute", rounded(planned.per_second * 60, 3)).member("arrivals", planned.arrivals);
    json.key("accepts").begin_array();
    for (const int status : accepts(op, settings).success) json.value(status);
    json.end_array();
    if (op.limit) json.member("limit", run.plan.limits[*op.limit].most);
    json.end_object();
  }
  json.end_array().key("leftOut").begin_array();
  for (const LeftOut& one : run.plan.left_out) {
    json.begin_object()
        .member("name", run.catalogue.operations[one.operation].name)
        .member("reason", one.reason)
        .end_object();
  }
  json.end_array().key("limits").begin_object();
  for (std::size_t i = 0; i < run.catalogue.limits.size(); ++i) {
    const LimitPlan& limit = run.plan.limits[i];
    json.key(run.catalogue.limits[i].name)
        .begin_object()
        .member("most", limit.most)
        .member("given", limit.given)
        .member("scheduled", limit.wanted)
        .end_object();
  }
  json.end_object().key("notDriven").begin_object();
  for (const auto& [target, reason] : run.catalogue.undriven) {
    if (run.profile.capacity_targets.contains(target)) json.member(target, reason);
  }
  json.end_object().key("warnings").begin_array();
  for (const Warning& warning : run.plan.warnings) json.value(warning.message);
  json.end_array().end_object();
  return json.take() + "\n";
}

}  // namespace launchgate::load
