#include "load/run_command.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/attestation/test_result.hpp"
#include "lib/base/rfc3339.hpp"
#include "lib/document/json_writer.hpp"
#include "lib/finding/digest.hpp"
#include "lib/io/path.hpp"
#include "lib/report/gates.hpp"
#include "load/core/journal.hpp"
#include "load/core/preflight.hpp"
#include "load/core/report.hpp"
#include "load/core/segments.hpp"
#include "load/core/text.hpp"
#include "load/journal_file.hpp"
#include "load/net/event_loop.hpp"
#include "load/page_command.hpp"
#include "load/recorder.hpp"
#include "load/start_at.hpp"
#include "load/warm_up.hpp"

namespace launchgate::load {

namespace {

using cli::usage;
using document::JsonWriter;

constexpr std::uint64_t spare_descriptors = 64;
constexpr std::uint64_t most_timeline = 4UL * 1024 * 1024 * 1024;
// For connections and the first scrape.
constexpr Nanoseconds ready_ahead = 4 * second;
constexpr std::uint64_t most_authorities = 16UL * 1024 * 1024;

class DrivenPreflight final : public Driven {
 public:
  explicit DrivenPreflight(Preflight& preflight) : preflight_(preflight) {}
  std::optional<Nanoseconds> next_wake() const override { return std::nullopt; }
  void advance(Nanoseconds) override {}
  bool done() const override { return preflight_.done() || interrupted_; }
  void interrupt(Nanoseconds) override { interrupted_ = true; }

 private:
  Preflight& preflight_;
  bool interrupted_ = false;
};

class DrivenEngine final : public Driven {
 public:
  explicit DrivenEngine(Engine& engine) : engine_(engine) {}
  std::optional<Nanoseconds> next_wake() const override { return engine_.next_wake(); }
  void advance(Nanoseconds now) override { engine_.advance(now); }
  bool done() const override { return engine_.done(); }
  void interrupt(Nanoseconds now) override { engine_.interrupt(now); }

 private:
  Engine& engine_;
};

base::Result<void> check_descriptors(const RunPlan& run) {
  const std::uint64_t wanted = run.plan.places * run.catalogue.targets.size() + run.plan.streams + spare_descriptors;
  const std::uint64_t available = raise_descriptor_limit();
  if (wanted <= available) return {};
  return usage(
      fmt::format("the run may need {} open connections and files, but this process may open {}", wanted, available),
      "raise the limit (ulimit -n), or lower --concurrency");
}

base::Result<std::unique_ptr<EventLoop>> open_loop(const RunRequest& request, const Plan& plan) {
  NetworkSettings network;
  for (const TargetSettings& target : request.settings.targets)
    network.targets.push_back({target.url, !target.skipped});
  network.timeout_ms = request.settings.timeout_ms;
  network.connections = plan.places;
  network.verify_tls = request.settings.verify_tls;
  network.ca_file = request.ca_file;
  network.proxy = request.proxy;
  return EventLoop::open(network);
}

// None: the run may begin.
std::optional<base::Error> probe(cli::Process& process, const RunRequest& request, EventLoop& loop,
                                 std::uint64_t& requests, std::vector<ClockOffset>& clocks) {
  Preflight preflight(request.catalogue, request.settings, request.redact, loop.clock());
  requests = preflight.requests();
  preflight.start(loop.transport());
  DrivenPreflight driven(preflight);
  loop.run(driven);
  clocks = preflight.clocks();
  for (const Preflight::Finding& finding : preflight.findings()) {
    const TargetSpec& target = request.catalogue.targets[finding.target];
    const std::string url = scrubbed_url(request.settings.targets[finding.target].url);
    if (finding.unreachable) {
      return base::Error{base::ErrorCategory::input,
                         {},
                         {},
                         fmt::format("{} at {} cannot be measured: {}; tried {}", target.title, url, finding.message,
                                     loop.addresses(finding.target)),
                         fmt::format("check --{}-url, or give --skip-{}", target.name, target.name)};
    }
    const std::string message =
        fmt::format("{} at {} refuses the {}: {}", target.title, url, target.token->title, finding.message);
    const std::string help = fmt::format("check --{}-file or its environment variable", target.token->name);
    if (request.settings.strict) return usage(message, help);
    process.err.write(fmt::format("{}: warning: {}; {}\n", request.tool, message, help));
  }
  return std::nullopt;
}

RunRecord collect(const RunPlan& run, Engine& engine, EventLoop& loop, const Recorder& recorder) {
  RunRecord record(run);
  const Nanoseconds now = loop.clock().now();
  record.finished_wall_ms = loop.clock().wall_ms();
  record.measured = engine.measured(now);
  record.overtime = engine.overtime();
  record.late = engine.late();
  record.clocks = engine.clocks();
  record.interrupted = engine.interrupted();
  if (record.interrupted)
    record.interruption = "a signal stopped it after " + human_duration(engine.elapsed(now) / millisecond);
  for (const Series& series : engine.measurements().series())
    record.measurements.merge(series.operation, series.setup, series.total);
  record.metrics = engine.metrics();
  record.timeline = engine.timeline();
  record.streams = engine.stream_totals(now);
  record.generator = engine.generator();
  record.unsent = engine.unsent();
  record.capped_at = engine.capped_at();
  for (Index i = 0; i < record.created.size(); ++i) record.created[i] = engine.ids().added(i);
  record.warmup_requests = engine.warmup_requests();
  record.transport = loop.transport().counters();
  record.cpu_seconds = recorder.cpu_seconds();
  record.peak_memory_bytes = process_usage().peak_memory_bytes;
  return record;
}

void say_result(cli::Process& process, std::string_view tool, const RunRecord& record, const Verdict& verdict,
                const std::string& markdown_path, const std::string& page_path) {
  const Tally all = record.measurements.all();
  std::string text = fmt::format("{}: {} · {} requests, {} failed\n", tool, verdict.overall, all.count, all.failures);
  for (const Check& check : verdict.checks) {
    if (!check.passed) text += fmt::format("  failed  {}: {}\n", check.name, check.message);
  }
  for (const Warning& warning : verdict.warnings)
    text += fmt::format("  warning {}; {}\n", warning.message, warning.help);
  text += fmt::format("  report  {}\n  page    {}\n", markdown_path, page_path);
  process.err.write(text);
}

report::Report gate_report(std::string_view tool, const std::string& json_path, const Verdict& verdict) {
  std::vector<report::Gate> gates;
  for (const Check& check : verdict.checks)
    gates.push_back({check.name, check.passed, finding::Severity::error, check.message, ""});
  for (const Warning& warning : verdict.warnings)
    gates.push_back({"warning-" + warning.id, false, finding::Severity::warning, warning.message, warning.help});
  return report::gate_report(std::string(tool), std::string(cli::version()), "gate", json_path, gates);
}

// Empty when it cannot be read: a report without it names no timeline, and its page has no charts.
std::string timeline_text(const cli::Process& process, const std::string& path) {
  auto text = process.disk.read(path, most_timeline);
  return text ? *std::move(text) : std::string();
}

// What the run states of itself, for whoever has the public key.
base::Result<void> sign_report(io::FileSystem& disk, const signing::PrivateKey& key, const RunPlan& run,
                               const Verdict& verdict, const std::string& path, const std::string& json,
                               const std::string& timeline, const RunDigests& digests) {
  attestation::TestResult result;
  result.result = verdict.overall == "go"      ? attestation::passed_result
                  : verdict.overall == "no-go" ? attestation::failed_result
                                               : attestation::warned_result;
  result.subjects = {{std::string(io::file_name(path)), finding::sha256_hex(json)},
                     {std::string(io::file_name(timeline)), digests.timeline}};
  for (const Check& check : verdict.checks) (check.passed ? result.passed : result.failed).push_back(check.name);
  for (const Warning& warning : verdict.warnings) result.warned.push_back(warning.id);
  std::vector<std::pair<std::string, std::string>> images;
  for (std::size_t i = 0; i < run.catalogue.targets.size(); ++i)
    images.emplace_back(run.catalogue.targets[i].name, run.settings.targets[i].image_digest);
  result.configuration = attestation::build_resources(run.settings.commit_sha, images);
  for (const auto& [name, digest] :
       {std::pair("target profiles", &run.settings.made_from.target_profiles),
        std::pair("operation catalogue", &run.settings.made_from.catalogue), std::pair("plan", &digests.plan)}) {
    if (!digest->empty()) result.configuration.push_back({name, "sha256", *digest});
  }
  return attestation::write_envelope(disk, key, path, result);
}

// What can be known to fail before anything is sent.
base::Result<void> prepare(const io::FileSystem& disk, const RunPlan& run, const RunRequest& request) {
  if (run.plan.operations.empty())
    return usage("nothing is planned, so nothing would be measured", "skip fewer targets");
  if (auto enough = check_descriptors(run); !enough) return enough;
  if (auto made = make_output_folder(request.output_dir); !made) return made;
  if (request.ca_file.empty()) return {};
  // OpenSSL would say less.
  if (auto readable = disk.read(request.ca_file, most_authorities); !readable) return readable.error();
  return {};
}

// Names of the run's files without their endings: none that another run has.
std::string new_stem(const io::FileSystem& disk, const RunRequest& request, std::int64_t started) {
  const Settings& s = request.settings;
  const std::string segment = !s.leaves_part ? "" : fmt::format("-segment-{}-of-{}", s.segment, s.segments);
  const auto stem = [&](const std::string& when) {
    return io::join(request.output_dir,
                    fmt::format("{}-{}-{}{}", when, request.profile.name, name(request.settings.mode), segment));
  };
  std::string plain = stem(base::compact_date_time(started));
  if (disk.status(plain + "-timeline.jsonl").kind == io::FileKind::missing) return plain;
  return stem(fmt::format("{}{:03}", base::compact_date_time(started), started % 1000));
}

}  // namespace

cli::ExitCode deliver_reports(cli::Process& process, std::string_view tool, const RunPlan& run, const RunRecord& record,
                              const Redactor& redact, const std::string& stem, const std::string& timeline,
                              std::int64_t generated_wall_ms, const std::vector<validator::Target>& formats,
                              const signing::PrivateKey* key) {
  const Verdict verdict = evaluate(run, record);
  const std::string json_path = stem + "-report.json";
  const std::string markdown_path = stem + "-report.md";
  const std::string page_path = stem + "-report.html";
  const std::string journal = timeline_text(process, timeline);
  const RunDigests digests{finding::sha256_hex(plan_json(run, redact, 0)),
                           journal.empty() ? std::string() : finding::sha256_hex(journal),
                           key != nullptr ? std::string(io::file_name(attestation::envelope_path(json_path))) : ""};
  const std::string json = report_json(run, record, verdict, redact, generated_wall_ms, digests);
  const std::string markdown = report_markdown(run, record, verdict, redact, generated_wall_ms);
  // Of a timeline that cannot be read back the rest is still told.
  auto page = make_page(json_path, json, run.catalogue, timeline, journal);
  if (!page) page = make_page(json_path, json, run.catalogue, timeline, "");
  if (!page) return cli::fail(process, tool, page.error());
  bool written = true;
  for (const auto& [path, text] :
       {std::pair(json_path, json), std::pair(markdown_path, markdown), std::pair(page_path, *page)}) {
    if (const auto result = process.disk.write(path, text); !result) {
      cli::fail(process, tool, result.error());
      written = false;
    }
  }
  if (key != nullptr && written) {
    if (const auto result = sign_report(process.disk, *key, run, verdict, json_path, json, timeline, digests);
        !result) {
      cli::fail(process, tool, result.error());
      written = false;
    }
  }
  if (!formats.empty()) {
    const report::Report gates = gate_report(tool, json_path, verdict);
    // Whether they passed is told by the verdict.
    if (validator::deliver(process, gates, formats, {}, "") == cli::ExitCode::input) written = false;
  }
  say_result(process, tool, record, verdict, markdown_path, page_path);
  JsonWriter out(document::JsonStyle::compact);
  out.begin_object()
      .member("ok", verdict.overall != "no-go")
      .member("mode", name(run.settings.mode))
      .member("profileName", run.profile.name);
  out.member("result", verdict.overall).member("jsonPath", json_path).member("markdownPath", markdown_path);
  out.key("warnings").begin_array();
  for (const Warning& warning : verdict.warnings) out.value(warning.message);
  out.end_array().key("failedChecks").begin_array();
  for (const std::string& failed : verdict.failed()) out.value(failed);
  out.end_array().end_object();
  process.out.write(out.take() + "\n");
  if (record.interrupted && record.interruption.starts_with("a signal")) return cli::ExitCode::interrupted;
  if (!written) return cli::ExitCode::input;
  return verdict.overall == "no-go" ? cli::ExitCode::findings : cli::ExitCode::ok;
}

cli::ExitCode plan_command(cli::Process& process, const RunRequest& request) {
  const Plan plan = make_plan(request.catalogue, request.profile, request.settings);
  const RunPlan run{request.catalogue, request.profile, request.settings, plan};
  if (const auto made = make_output_folder(request.output_dir); !made)
    return cli::fail(process, request.tool, made.error());
  const std::string stem = io::join(request.output_dir, request.profile.name + "-launch-readiness-plan");
  const std::int64_t now = system_clock().wall_ms();
  for (const auto& [path, text] : {std::pair(stem + ".md", plan_markdown(run, request.redact, now)),
                                   std::pair(stem + ".json", plan_json(run, request.redact, now))}) {
    if (const auto written = process.disk.write(path, text); !written)
      return cli::fail(process, request.tool, written.error());
  }
  process.err.write(fmt::format("{}: {} operations planned, {} left out, {} warnings; {}.md\n", request.tool,
                                plan.operations.size(), plan.left_out.size(), plan.warnings.size(), stem));
  JsonWriter out(document::JsonStyle::compact);
  out.begin_object()
      .member("ok", true)
      .member("mode", "plan")
      .member("profileName", request.profile.name)
      .member("planPath", stem + ".md");
  out.key("operations").begin_array();
  for (const PlannedOperation& planned : plan.operations)
    out.value(request.catalogue.operations[planned.operation].name);
  out.end_array().end_object();
  process.out.write(out.take() + "\n");
  return cli::ExitCode::ok;
}

namespace {

// A segment is judged with the others; by itself it can only have been measured or not.
cli::ExitCode deliver_part(cli::Process& process, const RunRequest& request, const RunPlan& run, RunRecord& record,
                           const std::string& stem) {
  const std::string path = stem + std::string(part_ending);
  if (const auto written = process.disk.write(path, part_json(run, record, request.redact)); !written)
    return cli::fail(process, request.tool, written.error());
  process.err.write(fmt::format("{}: segment {} of {} measured {} requests{}; {}\n", request.tool, run.settings.segment,
                                run.settings.segments, record.measurements.all().count,
                                record.interrupted ? ", " + record.interruption : "", path));
  if (record.late > second) {
    process.err.write(
        fmt::format("{}: warning: it began {} late\n", request.tool, human_duration(record.late / millisecond)));
  }
  JsonWriter out(document::JsonStyle::compact);
  out.begin_object().member("ok", !record.interrupted).member("mode", name(run.settings.mode));
  out.member("profileName", run.profile.name).member("result", "part").member("partPath", path);
  out.member("segment", run.settings.segment).member("segments", run.settings.segments).end_object();
  process.out.write(out.take() + "\n");
  return record.interrupted ? cli::ExitCode::interrupted : cli::ExitCode::ok;
}

}  // namespace

cli::ExitCode run_command(cli::Process& process, const RunRequest& request) {
  const auto fail = [&](const base::Error& error) { return cli::fail(process, request.tool, error); };
  const Plan plan = make_plan(request.catalogue, request.profile, request.settings);
  const RunPlan run{request.catalogue, request.profile, request.settings, plan};
  if (const auto ready = prepare(process.disk, run, request); !ready) return fail(ready.error());
  auto loop = open_loop(request, plan);
  if (!loop) return fail(loop.error());

  const std::int64_t started = system_clock().wall_ms();
  const std::string mode(name(request.settings.mode));
  const std::string stem = new_stem(process.disk, request, started);
  auto journal = JournalFile::create(stem + "-timeline.jsonl");
  if (!journal) return fail(journal.error());
  // What ends before the run has begun leaves nothing to recover.
  const auto give_up = [&](cli::ExitCode code) {
    (*journal)->discard();
    return code;
  };
  for (const std::string& path :
       {stem + "-report.json", stem + "-report.md", stem + "-report.html", request.live_html, request.prometheus,
        request.settings.leaves_part ? stem + std::string(part_ending) : std::string()}) {
    if (path.empty()) continue;
    if (const auto writable = process.disk.check_writable(path); !writable) return give_up(fail(writable.error()));
  }

  std::uint64_t probes = 0;
  std::vector<ClockOffset> clocks;
  if (const auto refused = probe(process, request, **loop, probes, clocks)) return give_up(fail(*refused));
  if (request.start_at) {
    process.err.write(fmt::format("{}: begins at {}\n", request.tool, base::format_date_time_ms(*request.start_at)));
    wait_until(**loop, *request.start_at, ready_ahead);
  }
  if (!(*loop)->interrupted()) open_connections_ahead(run, **loop);
  if ((*loop)->interrupted()) {
    process.err.write(fmt::format("{}: interrupted before the run began; nothing was measured\n", request.tool));
    return give_up(cli::ExitCode::interrupted);
  }

  (*journal)->append(journal_header(run, request.redact, started, probes));
  (*journal)->mark();
  process.err.write(fmt::format("{}: {} of {} at {} requests in flight, {} streams, for {}\n", request.tool, mode,
                                request.profile.name, request.settings.concurrency, plan.streams,
                                human_duration(request.settings.warmup_ms + request.settings.duration_ms)));
  Recorder recorder(process, run, request, **loop, **journal);
  std::optional<Nanoseconds> start_at;
  if (request.start_at)
    start_at = (*loop)->clock().now() + (*request.start_at - (*loop)->clock().wall_ms()) * millisecond;
  Engine engine({request.catalogue, request.settings, plan, request.redact, (*loop)->transport(), (*loop)->clock(),
                 recorder, start_at, std::move(clocks)});
  DrivenEngine driven(engine);
  const std::int64_t begun = system_clock().wall_ms();
  engine.start((*loop)->clock().now());
  (*loop)->run(driven);
  recorder.end(stem + "-report.html");
  RunRecord record = collect(run, engine, **loop, recorder);
  record.started_wall_ms = request.start_at ? *request.start_at + record.late / millisecond : begun;
  record.probe_requests = probes;
  (*journal)->close();
  record.journal_failed = !(*journal)->failure().empty();
  const cli::ExitCode code =
      request.settings.leaves_part
          ? deliver_part(process, request, run, record, stem)
          : deliver_reports(process, request.tool, run, record, request.redact, stem, (*journal)->path(),
                            system_clock().wall_ms(), request.formats, request.key);
  if (record.journal_failed && code != cli::ExitCode::interrupted) return cli::ExitCode::input;
  return code;
}

}  // namespace launchgate::load
