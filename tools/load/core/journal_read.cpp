#include <algorithm>

#include "lib/document/json_document.hpp"
#include "load/core/journal.hpp"
#include "load/core/report.hpp"
#include "load/core/segments.hpp"
#include "load/core/text.hpp"

namespace launchgate::load {

namespace {

using document::JsonDocument;
using document::JsonKind;
using document::JsonValue;

std::uint64_t natural(const JsonValue& object, std::string_view key) {
  const auto value = object.find(key);
  const auto number = value ? value->integer() : std::nullopt;
  return number && *number > 0 ? static_cast<std::uint64_t>(*number) : 0;
}

double real(const JsonValue& object, std::string_view key) {
  const auto value = object.find(key);
  return value && value->is(JsonKind::number) ? value->number() : 0;
}

bool flag(const JsonValue& object, std::string_view key) {
  const auto value = object.find(key);
  return value && value->boolean();
}

void read(const JsonValue& object, std::string_view key, Histogram& histogram) {
  const auto value = object.find(key);
  if (!value) return;
  std::vector<std::uint64_t> runs;
  if (const auto list = value->find("h")) {
    for (const auto n : list->elements())
      runs.push_back(static_cast<std::uint64_t>(std::max<std::int64_t>(0, n.integer().value_or(0))));
  }
  // A line that was tampered with counts for nothing rather than stopping the recovery.
  (void)histogram.add_sparse(runs, static_cast<std::int64_t>(natural(*value, "min")),
                             static_cast<std::int64_t>(natural(*value, "max")), real(*value, "sum"));
}

void read_counts(const JsonValue& object, std::map<std::string, std::uint64_t>& counts) {
  if (!object.is(JsonKind::object)) return;
  for (const auto member : object.members()) {
    counts[std::string(member.name())] +=
        static_cast<std::uint64_t>(std::max<std::int64_t>(0, member.value.integer().value_or(0)));
  }
}

void read(const JsonValue& object, std::string_view key, std::map<std::string, std::uint64_t>& counts) {
  if (const auto value = object.find(key)) read_counts(*value, counts);
}

Tally read_tally(const JsonValue& object) {
  Tally out;
  out.count = natural(object, "count");
  out.failures = natural(object, "failures");
  out.bytes = natural(object, "bytes");
  out.unsent_capped = natural(object, "capped");
  out.unsent_prerequisite = natural(object, "withoutId");
  if (const auto outcomes = object.find("outcomes")) {
    for (std::size_t i = 0; i < outcome_count; ++i) out.outcomes[i] = natural(*outcomes, name(static_cast<Outcome>(i)));
  }
  read(object, "statuses", out.statuses);
  read(object, "rejections", out.rejections);
  if (const auto notes = object.find("notes"); notes && notes->is(JsonKind::array)) {
    for (const auto note : notes->elements()) out.notes.emplace_back(note.string());
  }
  read(object, "response", out.response);
  read(object, "service", out.service);
  return out;
}

void read_streams(const JsonValue& object, StreamTotals& s) {
  s.target = natural(object, "target");
  s.opened = natural(object, "opened");
  s.refused = natural(object, "refused");
  s.reconnects = natural(object, "reconnects");
  s.ended = natural(object, "ended");
  s.events = natural(object, "events");
  s.heartbeats = natural(object, "heartbeats");
  s.gaps = natural(object, "gaps");
  s.missing = natural(object, "missing");
  s.duplicates = natural(object, "duplicates");
  s.malformed = natural(object, "malformed");
  s.unplaced = natural(object, "unplaced");
  s.silent = natural(object, "silent");
  s.bytes = natural(object, "bytes");
  s.held_mean = real(object, "heldMean");
  s.held_least = natural(object, "heldLeast");
  s.held_now = natural(object, "heldNow");
  s.silent_now = natural(object, "silentNow");
  s.stale_now = natural(object, "staleNow");
  s.drops.clear();
  read(object, "drops", s.drops);
  s.refusals.clear();
  read(object, "refusals", s.refusals);
}

void read_transport(const JsonValue& object, TransportCounters& t) {
  t.connects = natural(object, "connects");
  t.connect_failures = natural(object, "connectFailures");
  t.tls_handshakes = natural(object, "tlsHandshakes");
  t.reused = natural(object, "reused");
  t.resets = natural(object, "resets");
  t.retried = natural(object, "retried");
  t.bytes_sent = natural(object, "sent");
  t.bytes_received = natural(object, "received");
}

void read_settings(const JsonValue& object, const Catalogue& catalogue, Settings& s) {
  s.mode = object.string_member("mode") == "soak" ? Mode::soak : Mode::load;
  s.strict = flag(object, "strict");
  s.duration_ms = static_cast<std::int64_t>(natural(object, "durationMs"));
  s.concurrency = static_cast<std::int64_t>(natural(object, "concurrency"));
  s.request_rate = real(object, "requestRate");
  s.warmup_ms = static_cast<std::int64_t>(natural(object, "warmupMs"));
  s.timeout_ms = static_cast<std::int64_t>(natural(object, "timeoutMs"));
  s.pacing = flag(object, "sharedPacing") ? Pacing::shared : Pacing::targets;
  s.sse_mode = flag(object, "probeStreams") ? SseMode::probe : SseMode::hold;
  s.include_mutations = flag(object, "mutations");
  s.include_sse = flag(object, "sse");
  s.include_operator = flag(object, "operator");
  s.expect_quota_rejections = flag(object, "expectQuotaRejections");
  s.verify_tls = flag(object, "verifyTls");
  s.commit_sha = object.string_member("commitSha");
  s.made_from.version = object.string_member("toolVersion");
  s.made_from.target_profiles = object.string_member("targetProfilesSha256");
  s.made_from.catalogue = object.string_member("catalogueSha256");
  s.segments = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(natural(object, "segments"), 1, most_segments));
  s.segment = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(natural(object, "segment"), 1, s.segments));
  s.leaves_part = flag(object, "leavesPart");
  s.targets.resize(catalogue.targets.size());
  s.variables.resize(catalogue.variables.size());
  s.limits.resize(catalogue.limits.size());
  std::size_t i = 0;
  if (const auto targets = object.find("targets")) {
    for (const auto target : targets->elements()) {
      if (i == s.targets.size()) break;
      s.targets[i].url = target.string_member("url");
      s.targets[i].skipped = flag(target, "skipped");
      // Whether there was one is all that reports say; the token itself is in no file.
      if (flag(target, "tokenProvided")) s.targets[i].token = "provided";
      s.targets[i].image_digest = target.string_member("imageDigest");
      ++i;
    }
  }
  i = 0;
  if (const auto variables = object.find("variables")) {
    for (const auto variable : variables->elements()) {
      if (i < s.variables.size()) s.variables[i++] = variable.string();
    }
  }
  i = 0;
  if (const auto limits = object.find("limits")) {
    for (const auto limit : limits->elements()) {
      if (i == s.limits.size()) break;
      if (const auto number = limit.integer(); number && *number > 0) s.limits[i] = static_cast<std::uint64_t>(*number);
      ++i;
    }
  }
}

void read_metrics(const JsonValue& line, RecoveredRun& run) {
  const Catalogue& catalogue = run.catalogue;
  MetricsRecord& metrics = run.record->metrics;
  if (const auto state = line.find("metricsState")) metrics.read(*state);
  const auto scrapes = line.find("metrics");
  if (scrapes) {
    for (const auto scrape : scrapes->elements()) {
      for (Index target = 0; target < catalogue.targets.size(); ++target) {
        if (catalogue.targets[target].name != scrape.string_member("target")) continue;
        ScrapeValues values;
        const auto read = scrape.find("values");
        for (Index series = 0; read && series < catalogue.series.size(); ++series) {
          if (const auto value = read->find(catalogue.series[series].key)) values.emplace(series, value->number());
        }
        metrics.add(target, values);
        run.record->timeline.add(target, values);
      }
    }
  }
  if (const auto refusals = line.find("scrapeRefusals"); refusals && refusals->is(JsonKind::array)) {
    Index target = 0;
    for (const auto one : refusals->elements()) {
      if (target == catalogue.targets.size()) break;
      std::map<std::string, std::uint64_t> counts;
      read_counts(one, counts);
      metrics.set_refusals(target++, std::move(counts));
    }
  }
  if (const auto failures = line.find("scrapeFailures")) {
    Index target = 0;
    for (const auto n : failures->elements()) {
      const auto total = static_cast<std::uint64_t>(std::max<std::int64_t>(0, n.integer().value_or(0)));
      if (target < catalogue.targets.size() && total > metrics.failures(target))
        metrics.add_failure(target, total - metrics.failures(target));
      ++target;
    }
  }
}

void read_clocks(const JsonValue& line, std::vector<ClockOffset>& clocks) {
  const auto list = line.find("clocks");
  if (!list || !list->is(JsonKind::array)) return;
  std::size_t target = 0;
  for (const auto bounds : list->elements()) {
    if (target == clocks.size()) return;
    std::vector<std::int64_t> both;
    if (bounds.is(JsonKind::array)) {
      for (const auto one : bounds.elements()) both.push_back(one.integer().value_or(0));
    }
    if (both.size() == 2) clocks[target] = {both[0], both[1], true};
    ++target;
  }
}

void read_segments(const JsonValue& line, std::vector<SegmentRecord>& segments) {
  const auto list = line.find("segments");
  if (!list || !list->is(JsonKind::array)) return;
  segments.clear();
  for (const auto one : list->elements()) {
    SegmentRecord segment;
    segment.segment = static_cast<std::uint32_t>(natural(one, "segment"));
    segment.missing = flag(one, "missing");
    segment.recovered = flag(one, "recovered");
    segment.interruption = one.string_member("interruption");
    segment.started_wall_ms = static_cast<std::int64_t>(natural(one, "startedMs"));
    segment.late = static_cast<Nanoseconds>(natural(one, "lateNs"));
    segment.measured = static_cast<Nanoseconds>(natural(one, "measuredNs"));
    segment.requests = natural(one, "requests");
    segment.unsent = natural(one, "unsent");
    segment.exhausted = natural(one, "exhausted");
    segment.cpu_seconds = real(one, "cpuSeconds");
    segment.peak_memory_bytes = natural(one, "peakMemoryBytes");
    read(one, "lateness", segment.lateness);
    segments.push_back(std::move(segment));
  }
}

base::Error at_line(const std::string& path, std::size_t line, std::string message) {
  return {base::ErrorCategory::input,
          path,
          {static_cast<std::uint32_t>(line), 1},
          std::move(message),
          "give the …-timeline.jsonl of a run"};
}

}  // namespace

void read_journal_line(const JsonValue& line, RecoveredRun& run) {
  RunRecord& record = *run.record;
  record.finished_wall_ms = static_cast<std::int64_t>(natural(line, "at"));
  record.measured = static_cast<Nanoseconds>(natural(line, "measuredNs"));
  if (const auto operations = line.find("operations"); operations && operations->is(JsonKind::object)) {
    for (const auto member : operations->members()) {
      const auto operation = run.catalogue.operation(member.value.string_member("operation"));
      if (!operation) continue;
      const bool setup = flag(member.value, "setup");
      if (!setup && !run.plan.plans(*operation)) continue;
      const Tally tally = read_tally(member.value);
      record.measurements.merge(*operation, setup, tally);
      if (!line.find("timeline")) record.timeline.add(*operation, tally);
    }
  }
  read(line, "lateness", record.generator.lateness);
  read(line, "queueing", record.generator.queueing);
  read_metrics(line, run);
  if (const auto streams = line.find("streams")) read_streams(*streams, record.streams);
  if (const auto transport = line.find("connections")) read_transport(*transport, record.transport);
  if (const auto timeline = line.find("timeline")) {
    record.timeline.read(*timeline);
    record.timeline.resume(record.measured, record.streams, record.transport);
  } else {
    record.timeline.end_second(record.measured, record.streams, record.transport);
  }
  const auto each = [&](std::string_view key, std::size_t size, auto use) {
    const auto list = line.find(key);
    std::size_t i = 0;
    if (!list || !list->is(JsonKind::array)) return;
    for (const auto element : list->elements()) {
      if (i < size) use(i, element.integer());
      ++i;
    }
  };
  const auto count = [](std::optional<std::int64_t> n) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, n.value_or(0)));
  };
  each("created", record.created.size(), [&](std::size_t i, auto n) { record.created[i] = count(n); });
  each("unsent", record.unsent.size(), [&](std::size_t i, auto n) { record.unsent[i] = count(n); });
  each("cappedAtNs", record.capped_at.size(), [&](std::size_t i, auto n) {
    if (n) record.capped_at[i] = *n;
  });
  read_clocks(line, record.clocks);
  read_segments(line, record.segments);
  record.late = static_cast<Nanoseconds>(natural(line, "lateNs"));
  record.warmup_requests = natural(line, "warmupRequests");
  record.cpu_seconds = real(line, "cpuSeconds");
  record.peak_memory_bytes = natural(line, "peakMemoryBytes");
}

base::Result<std::unique_ptr<RecoveredRun>> read_journal_header(const std::string& path, std::size_t number,
                                                                const JsonValue& root) {
  auto run = std::make_unique<RecoveredRun>();
  const auto version = root.find("journal");
  const auto settings = root.find("settings");
  if (!version || version->integer() != 1 || !settings)
    return at_line(path, number, "the first line is not that of a journal");
  auto catalogue = Catalogue::parse(path, std::string(root.string_member("catalogue")));
  if (!catalogue) return at_line(path, number, "its catalogue cannot be read: " + catalogue.error().message);
  run->catalogue = *std::move(catalogue);
  const std::string name(root.string_member("profileName"));
  auto profile = Profile::parse(path, std::string(root.string_member("profile")), name);
  if (!profile) return at_line(path, number, "its profile cannot be read: " + profile.error().message);
  run->profile = *std::move(profile);
  read_settings(*settings, run->catalogue, run->settings);
  if (run->settings.duration_ms == 0 || run->settings.concurrency == 0 || !(run->settings.request_rate > 0)) {
    return at_line(path, number, "its settings cannot be read");
  }
  run->plan = make_plan(run->catalogue, run->profile, run->settings);
  run->record = std::make_unique<RunRecord>(run->run());
  run->record->started_wall_ms = run->record->finished_wall_ms = static_cast<std::int64_t>(natural(root, "startedMs"));
  run->record->probe_requests = natural(root, "probeRequests");
  return run;
}

base::Result<std::unique_ptr<RecoveredRun>> recover(const std::string& path, std::string_view text) {
  auto run = std::make_unique<RecoveredRun>();
  std::size_t number = 0;
  std::uint64_t joined_tick = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) {
      run->cut_line = true;
      break;
    }
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    ++number;
    auto document = JsonDocument::parse_keeping_duplicates(path, std::string(line));
    if (!document) {
      // A power cut may leave zeros where the last lines were to be.
      if (number > 1) {
        run->cut_line = true;
        break;
      }
      return at_line(path, number, "no journal: " + document.error().message);
    }
    const JsonValue root = document->root();
    if (number > 1) {
      // What a crash left of the seconds that the line before holds already.
      if (root.find("joined")) {
        joined_tick = natural(root, "tick");
      } else if (joined_tick > 0 && natural(root, "tick") <= joined_tick) {
        run->cut_line = true;
        break;
      }
      // The header was written before the moment on which segments had agreed.
      if (run->seconds == 0 && run->settings.leaves_part)
        run->record->started_wall_ms = static_cast<std::int64_t>(natural(root, "at") - natural(root, "elapsedMs"));
      read_journal_line(root, *run);
      run->seconds += std::max<std::uint64_t>(1, natural(root, "joined"));
      continue;
    }
    auto header = read_journal_header(path, number, root);
    if (!header) return header;
    run = *std::move(header);
  }
  if (!run->record) return at_line(path, 1, "the file is empty");
  run->record->interrupted = true;
  run->record->interruption =
      "recovered from its journal, which ends after " + human_duration(run->record->measured / millisecond);
  return run;
}

base::Result<std::string> recomputed_report(const std::string& path, std::string_view text) {
  auto run = recover(path, text);
  if (!run) return run.error();
  const auto as_written = [](std::string_view shown) { return std::string(shown); };
  return report_json((*run)->run(), *(*run)->record, evaluate((*run)->run(), *(*run)->record), as_written, 0);
}

}  // namespace launchgate::load
