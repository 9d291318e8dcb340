#include "load/core/journal.hpp"

#include <cmath>

#include "lib/base/rfc3339.hpp"
#include "lib/document/json_writer.hpp"

namespace launchgate::load {

namespace {

using document::JsonWriter;

void write(JsonWriter& json, std::string_view key, const Histogram& histogram) {
  if (histogram.empty()) return;
  json.key(key)
      .begin_object()
      .member("min", histogram.least_us())
      .member("max", histogram.most_us())
      .member("sum", histogram.total_us());
  json.key("h").begin_array();
  for (const std::uint64_t n : histogram.sparse()) json.value(n);
  json.end_array().end_object();
}

void write(JsonWriter& json, std::string_view key, const std::map<std::string, std::uint64_t>& counts) {
  if (counts.empty()) return;
  json.key(key).begin_object();
  for (const auto& [name, n] : counts) json.member(name, n);
  json.end_object();
}

void write(JsonWriter& json, const std::string& name_of_series, const std::string& operation, bool setup,
           const Tally& tally) {
  json.key(name_of_series).begin_object();
  json.member("operation", operation).member("setup", setup);
  json.member("count", tally.count).member("failures", tally.failures).member("bytes", tally.bytes);
  json.key("outcomes").begin_object();
  for (std::size_t i = 0; i < outcome_count; ++i) {
    if (tally.outcomes[i] > 0) json.member(name(static_cast<Outcome>(i)), tally.outcomes[i]);
  }
  json.end_object();
  write(json, "statuses", tally.statuses);
  write(json, "rejections", tally.rejections);
  if (!tally.notes.empty()) {
    json.key("notes").begin_array();
    for (const std::string& note : tally.notes) json.value(note);
    json.end_array();
  }
  if (tally.unsent_capped > 0) json.member("capped", tally.unsent_capped);
  if (tally.unsent_prerequisite > 0) json.member("withoutId", tally.unsent_prerequisite);
  write(json, "response", tally.response);
  write(json, "service", tally.service);
  json.end_object();
}

void write(JsonWriter& json, const StreamTotals& s) {
  json.key("streams").begin_object();
  json.member("target", s.target)
      .member("opened", s.opened)
      .member("refused", s.refused)
      .member("reconnects", s.reconnects);
  json.member("ended", s.ended).member("events", s.events).member("heartbeats", s.heartbeats).member("gaps", s.gaps);
  json.member("missing", s.missing)
      .member("duplicates", s.duplicates)
      .member("malformed", s.malformed)
      .member("unplaced", s.unplaced);
  json.member("silent", s.silent)
      .member("bytes", s.bytes)
      .member("heldMean", s.held_mean)
      .member("heldLeast", s.held_least);
  json.member("heldNow", s.held_now).member("silentNow", s.silent_now).member("staleNow", s.stale_now);
  write(json, "drops", s.drops);
  write(json, "refusals", s.refusals);
  json.end_object();
}

void write(JsonWriter& json, const TransportCounters& t) {
  json.key("connections").begin_object();
  json.member("connects", t.connects)
      .member("connectFailures", t.connect_failures)
      .member("tlsHandshakes", t.tls_handshakes);
  json.member("reused", t.reused).member("resets", t.resets).member("retried", t.retried).member("sent", t.bytes_sent);
  json.member("received", t.bytes_received).end_object();
}

// How everything stands at the end of a line.
struct Standing {
  const MetricsRecord& metrics;
  StreamTotals streams;
  TransportCounters transport;
  std::vector<std::uint64_t> created;
  const std::vector<std::uint64_t>& unsent;
  const std::vector<std::optional<Nanoseconds>>& capped_at;
  const std::vector<ClockOffset>& clocks;
  Nanoseconds late = 0;
  std::uint64_t warmup_requests = 0;
  double cpu_seconds = 0;
  std::uint64_t peak_memory_bytes = 0;
};

Standing standing(const RunPlan& run, const Engine& engine, const JournalMoment& moment) {
  Standing out{engine.metrics(),         engine.stream_totals(moment.now),
               moment.transport,         {},
               engine.unsent(),          engine.capped_at(),
               engine.clocks(),          engine.late(),
               engine.warmup_requests(), moment.cpu_seconds,
               moment.peak_memory_bytes};
  for (Index i = 0; i < run.catalogue.ids.size(); ++i) out.created.push_back(engine.ids().added(i));
  return out;
}

void write(JsonWriter& json, const std::vector<ClockOffset>& clocks) {
  json.key("clocks").begin_array();
  for (const ClockOffset& clock : clocks) {
    json.begin_array();
    if (clock.known) json.value(clock.least_ms).value(clock.most_ms);
    json.end_array();
  }
  json.end_array();
}

void write(JsonWriter& json, const std::vector<SegmentRecord>& segments) {
  if (segments.empty()) return;
  json.key("segments").begin_array();
  for (const SegmentRecord& one : segments) {
    json.begin_object()
        .member("segment", one.segment)
        .member("missing", one.missing)
        .member("recovered", one.recovered);
    json.member("interruption", one.interruption).member("startedMs", one.started_wall_ms).member("lateNs", one.late);
    json.member("measuredNs", one.measured).member("requests", one.requests).member("unsent", one.unsent);
    json.member("exhausted", one.exhausted).member("cpuSeconds", one.cpu_seconds);
    json.member("peakMemoryBytes", one.peak_memory_bytes);
    write(json, "lateness", one.lateness);
    json.end_object();
  }
  json.end_array();
}

void write_state(JsonWriter& json, const RunPlan& run, const Standing& standing) {
  json.key("scrapeFailures").begin_array();
  for (Index i = 0; i < run.catalogue.targets.size(); ++i) json.value(standing.metrics.failures(i));
  json.end_array().key("scrapeRefusals").begin_array();
  for (Index i = 0; i < run.catalogue.targets.size(); ++i) {
    json.begin_object();
    for (const auto& [why, n] : standing.metrics.refusals(i)) json.member(why, n);
    json.end_object();
  }
  json.end_array();
  write(json, standing.streams);
  write(json, standing.transport);
  json.key("created").begin_array();
  for (const std::uint64_t n : standing.created) json.value(n);
  json.end_array().key("unsent").begin_array();
  for (const std::uint64_t n : standing.unsent) json.value(n);
  json.end_array().key("cappedAtNs").begin_array();
  for (const auto& at : standing.capped_at) json.value(at);
  json.end_array();
  write(json, standing.clocks);
  if (standing.late > 0) json.member("lateNs", standing.late);
  json.member("warmupRequests", standing.warmup_requests).member("cpuSeconds", standing.cpu_seconds);
  json.member("peakMemoryBytes", standing.peak_memory_bytes);
}

void write_moment(JsonWriter& json, const Engine& engine, const JournalMoment& moment) {
  json.member("tick", moment.tick)
      .member("at", moment.wall_ms)
      .member("elapsedMs", engine.elapsed(moment.now) / millisecond);
  json.member("measuredNs", engine.measured(moment.now))
      .member("inFlight", engine.in_flight())
      .member("backlog", engine.backlog());
}

bool is_empty(const Tally& tally) {
  return tally.count == 0 && tally.unsent_capped == 0 && tally.unsent_prerequisite == 0;
}

}  // namespace

void write_journal_header(JsonWriter& json, const RunPlan& run, const Redactor& redact, std::int64_t started_wall_ms,
                          std::uint64_t probe_requests) {
  const Settings& s = run.settings;
  json.begin_object()
      .member("journal", 1)
      .member("startedAt", base::format_date_time_ms(started_wall_ms))
      .member("startedMs", started_wall_ms);
  json.member("probeRequests", probe_requests).member("profileName", run.profile.name);
  json.key("settings").begin_object();
  json.member("mode", name(s.mode))
      .member("strict", s.strict)
      .member("durationMs", s.duration_ms)
      .member("concurrency", s.concurrency);
  json.member("requestRate", s.request_rate).member("warmupMs", s.warmup_ms).member("timeoutMs", s.timeout_ms);
  json.member("sharedPacing", s.pacing == Pacing::shared).member("probeStreams", s.sse_mode == SseMode::probe);
  json.member("mutations", s.include_mutations).member("sse", s.include_sse).member("operator", s.include_operator);
  json.member("expectQuotaRejections", s.expect_quota_rejections).member("verifyTls", s.verify_tls);
  json.member("toolVersion", s.made_from.version);
  json.member("targetProfilesSha256", s.made_from.target_profiles).member("catalogueSha256", s.made_from.catalogue);
  json.member("commitSha", redact(s.commit_sha)).member("segment", s.segment).member("segments", s.segments);
  if (s.leaves_part) json.member("leavesPart", true);
  json.key("targets").begin_array();
  for (const TargetSettings& target : s.targets) {
    json.begin_object().member("url", redact(scrubbed_url(target.url))).member("skipped", target.skipped);
    json.member("tokenProvided", !target.token.empty()).member("imageDigest", redact(target.image_digest)).end_object();
  }
  json.end_array().key("variables").begin_array();
  for (const std::string& value : s.variables) json.value(value.empty() ? value : redact(value));
  json.end_array().key("limits").begin_array();
  for (const auto& limit : s.limits) json.value(limit);
  json.end_array().end_object();
  // Written as text, so that a pretty-printed document stays on one line.
  json.member("profile", run.profile.text).member("catalogue", run.catalogue.text);
  json.end_object();
}

std::string journal_header(const RunPlan& run, const Redactor& redact, std::int64_t started_wall_ms,
                           std::uint64_t probe_requests) {
  JsonWriter json(document::JsonStyle::compact);
  write_journal_header(json, run, redact, started_wall_ms, probe_requests);
  return json.take() + "\n";
}

// As a line of joined seconds is, which is how it is read.
void write_journal_total(JsonWriter& json, const RunPlan& run, RunRecord& record) {
  record.timeline.close();
  json.begin_object();
  json.member("tick", 1).member("at", record.finished_wall_ms).member("elapsedMs", record.measured / millisecond);
  json.member("measuredNs", record.measured);
  json.member("joined", std::max<Nanoseconds>(1, record.measured / second)).key("operations").begin_object();
  for (const Series& series : record.measurements.series()) {
    if (!is_empty(series.total))
      write(json, series.name, run.catalogue.operations[series.operation].name, series.setup, series.total);
  }
  json.end_object();
  write(json, "lateness", record.generator.lateness);
  write(json, "queueing", record.generator.queueing);
  json.key("metricsState");
  record.metrics.write(json);
  json.key("timeline");
  record.timeline.write(json, 0);
  write_state(json, run,
              {record.metrics, record.streams, record.transport, record.created, record.unsent, record.capped_at,
               record.clocks, record.late, record.warmup_requests, record.cpu_seconds, record.peak_memory_bytes});
  write(json, record.segments);
  json.end_object();
}

std::string journal_line(const RunPlan& run, Engine& engine, const JournalMoment& moment) {
  JsonWriter json(document::JsonStyle::compact);
  json.begin_object();
  write_moment(json, engine, moment);
  json.key("operations").begin_object();
  for (const Series& series : engine.measurements().intervals()) {
    if (!is_empty(series.interval))
      write(json, series.name, run.catalogue.operations[series.operation].name, series.setup, series.interval);
  }
  json.end_object();
  write(json, "lateness", engine.generator_interval().lateness);
  write(json, "queueing", engine.generator_interval().queueing);
  json.key("metrics").begin_array();
  for (const auto& [target, values] : engine.new_scrapes()) {
    json.begin_object().member("target", run.catalogue.targets[target].name).key("values").begin_object();
    for (const auto& [series, value] : values) json.member(run.catalogue.series[series].key, value);
    json.end_object().end_object();
  }
  json.end_array();
  write_state(json, run, standing(run, engine, moment));
  json.end_object();
  return json.take() + "\n";
}

std::optional<JournalSpans::Joined> JournalSpans::add(Engine& engine, const JournalMoment& moment) {
  for (const Series& series : engine.measurements().intervals()) {
    if (is_empty(series.interval)) continue;
    Part& part = parts_[series.name];
    part.operation = series.operation;
    part.setup = series.setup;
    part.tally.merge(series.interval);
  }
  generator_.merge(engine.generator_interval());
  ++seconds_;
  // Only where all seconds so far are in finished buckets can their lines go.
  if (!engine.timeline().whole() || engine.timeline().finished() == buckets_seen_) return std::nullopt;
  buckets_seen_ = engine.timeline().finished();
  JsonWriter json(document::JsonStyle::compact);
  json.begin_object();
  write_moment(json, engine, moment);
  json.member("joined", seconds_).key("operations").begin_object();
  for (const auto& [name, part] : parts_)
    write(json, name, run_.catalogue.operations[part.operation].name, part.setup, part.tally);
  json.end_object();
  write(json, "lateness", generator_.lateness);
  write(json, "queueing", generator_.queueing);
  json.key("metricsState");
  engine.metrics().write(json);
  json.key("timeline");
  engine.timeline().write(json, bucket_);
  write_state(json, run_, standing(run_, engine, moment));
  json.end_object();
  Joined out{json.take() + "\n", false};
  const double hours = static_cast<double>(engine.elapsed(moment.now)) / 3.6e12;
  if (static_cast<double>(kept_ + out.line.size()) <= hours * static_cast<double>(bytes_an_hour)) {
    out.ends = true;
    kept_ += out.line.size();
    parts_.clear();
    generator_.clear();
    seconds_ = 0;
    bucket_ = buckets_seen_;
  }
  return out;
}

}  // namespace launchgate::load
