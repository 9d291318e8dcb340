#include "load/core/journal.hpp"
#include "load/core/report.hpp"
#include "unit/load/simulation.hpp"

#include "lib/document/json_document.hpp"

using namespace simulation;

namespace {

struct Journalled {
  Setup setup;
  std::string text;
  std::vector<std::size_t> lines;

  Journalled() {
    setup.settings.include_operator = true;
    setup.settings.include_sse = true;
    setup.replan();
    text = journal_header(setup.run_plan(), setup.redact, setup.world.wall_ms(), 2);
    setup.world.ticked = [this](Engine& engine, Nanoseconds now) {
      JournalMoment moment;
      moment.now = now;
      moment.wall_ms = setup.world.wall_ms();
      lines.push_back(text.size());
      text += journal_line(setup.run_plan(), engine, moment);
    };
    setup.run();
  }
};

}  // namespace

TEST_CASE("a journal adds up to the run") {
  Journalled run;
  CHECK(run.lines.size() >= 10);
  auto back = recover("x-timeline.jsonl", run.text);
  REQUIRE(back);
  const RunRecord live = run.setup.record();
  const RunRecord& read = *(*back)->record;
  REQUIRE(read.measurements.series().size() == live.measurements.series().size());
  for (const Series& series : live.measurements.series()) {
    const Series* same = nullptr;
    for (const Series& other : read.measurements.series()) {
      if (other.name == series.name) same = &other;
    }
    REQUIRE(same != nullptr);
    CHECK(same->total.count == series.total.count);
    CHECK(same->total.statuses == series.total.statuses);
    CHECK(same->total.response.sparse() == series.total.response.sparse());
    CHECK(same->total.service.sparse() == series.total.service.sparse());
  }
  CHECK(read.measured == live.measured);
  CHECK(read.created == live.created);
  CHECK(read.metrics.result(0).worst == live.metrics.result(0).worst);
  CHECK(read.metrics.result(2).delta == live.metrics.result(2).delta);
  CHECK(read.streams.opened == live.streams.opened);
  const Verdict verdict = evaluate((*back)->run(), read);
  CHECK(verdict.overall == "no-go");
  // The simulated streams say nothing, which the recovered run knows as well.
  CHECK(verdict.failed() == std::vector<std::string>{"run-completed", "sse-streams-held"});
}

TEST_CASE("a soak's journal joins its seconds, and loses nothing that a soak is judged by") {
  Setup setup;
  setup.settings.mode = Mode::soak;
  setup.settings.include_operator = true;
  setup.settings.duration_ms = 310'000;
  setup.replan();
  std::string text = journal_header(setup.run_plan(), setup.redact, setup.world.wall_ms(), 0);
  const std::size_t header = text.size();
  std::size_t mark = text.size();
  std::size_t plain = 0;
  std::size_t joined = 0;
  std::string torn;  // as a crash leaves it: the new line over the old ones, the rest not yet cut off
  JournalSpans spans(setup.run_plan());
  std::uint64_t ticks = 0;
  setup.world.ticked = [&](Engine& engine, Nanoseconds now) {
    JournalMoment moment;
    moment.tick = ++ticks;
    moment.now = now;
    moment.wall_ms = setup.world.wall_ms() - (ticks > 10 ? 60'000 : 0);  // the wall clock steps back
    const std::string line = journal_line(setup.run_plan(), engine, moment);
    plain += line.size();
    text += line;
    if (const auto part = spans.add(engine, moment)) {
      ++joined;
      torn = text.substr(0, mark) + part->line + text.substr(std::min(text.size(), mark + part->line.size()));
      text = text.substr(0, mark) + part->line;
      if (part->ends) mark = text.size();
    }
  };
  setup.run();
  CHECK(joined == 15);  // of 20 seconds: whole stretches of 2 and whole windows
  CHECK(text.size() - header < plain / 5);
  const RunRecord live = setup.record();
  const auto back = recover("x-timeline.jsonl", text);
  REQUIRE(back);
  CHECK((*back)->seconds >= 310);
  const RunRecord& read = *(*back)->record;
  const auto judged = [](const RunPlan& run, const RunRecord& record) {
    const auto document = launchgate::document::JsonDocument::parse(
        "r", report_json(
                 run, record, evaluate(run, record), [](std::string_view shown) { return std::string(shown); }, 0));
    std::string out;
    for (const char* part : {"/soak", "/summary", "/metrics", "/streams", "/generator/lateness"})
      out += document->at(part)->raw();
    return out;
  };
  CHECK(judged((*back)->run(), read) == judged(setup.run_plan(), live));
  const auto crashed = recover("x-timeline.jsonl", torn);
  REQUIRE(crashed);
  CHECK((*crashed)->cut_line);
  CHECK((*crashed)->seconds == 300);
}

TEST_CASE("any prefix of a journal is a report, and nothing else is") {
  Journalled run;
  for (std::size_t size = 0; size < run.text.size(); size += 997) {
    const auto back = recover("x", std::string_view(run.text).substr(0, size));
    CHECK(back.ok() == (size >= run.lines.front()));
  }
  CHECK(recover("x", "").error().category == launchgate::base::ErrorCategory::input);
  CHECK_FALSE(recover("x", "{}\n"));
  CHECK_FALSE(recover("x", "{\"journal\":1,\"settings\":{}}\n"));
  CHECK_FALSE(recover("x", "\0\0\n"));
  const auto zeros = recover("x", run.text.substr(0, run.lines[3]) + std::string(100, '\0') + "\n");
  REQUIRE(zeros);
  CHECK((*zeros)->cut_line);
  CHECK((*zeros)->seconds == 3);
}

TEST_CASE("reports are valid, complete and hold no token") {
  Journalled run;
  const RunRecord record = run.setup.record();
  const Verdict verdict = evaluate(run.setup.run_plan(), record);
  const std::string json = report_json(run.setup.run_plan(), record, verdict, run.setup.redact, 0);
  const auto document = launchgate::document::JsonDocument::parse("report.json", json);
  REQUIRE(document);
  for (const char* pointer : {"/ok",
                              "/generatedAt",
                              "/mode",
                              "/profileName",
                              "/evidence/command",
                              "/evidence/commitSha",
                              "/evidence/imageDigests/api",
                              "/evidence/environmentProfile/apiUrl",
                              "/evidence/environmentProfile/apiTokenProvided",
                              "/evidence/status",
                              "/evidence/durationMs",
                              "/targets/apiUrl",
                              "/targets/capacityTargets/boxesPerMinute",
                              "/targets/thresholds/readMs",
                              "/run/concurrency",
                              "/run/requestRatePerSecond",
                              "/run/operationCount",
                              "/run/createdBoxCount",
                              "/summary/operations/list/count",
                              "/summary/operations/list/p95LatencyMs",
                              "/summary/operations/list/statuses/200",
                              "/summary/operations/list/sampleErrors",
                              "/summary/categories/read/errorRate",
                              "/metrics/before/lag_events",
                              "/metrics/after",
                              "/metrics/delta",
                              "/gates/overall",
                              "/gates/checks/0/message",
                              "/gates/warnings"}) {
    CAPTURE(pointer);
    CHECK(document->at(pointer));
  }
  const std::string markdown = report_markdown(run.setup.run_plan(), record, verdict, run.setup.redact, 0);
  std::size_t at = 0;
  for (const char* heading :
       {"## Evidence Metadata", "## Targets", "## Gate Checks", "## Warnings", "## Operation Summary",
        "## Category Summary", "## Metrics Snapshot", "## Next Actions"}) {
    at = markdown.find(heading, at);
    CAPTURE(heading);
    REQUIRE(at != std::string::npos);
  }
  const std::string plan =
      plan_json(run.setup.run_plan(), run.setup.redact, 0) + plan_markdown(run.setup.run_plan(), run.setup.redact, 0);
  for (const std::string& text : {json, markdown, plan, run.text}) CHECK(text.find("a-token") == std::string::npos);
  CHECK(markdown_escaped("a|b\n<c>") == "a\\|b \\<c>");
}

TEST_CASE("catalogues that do not hang together are refused with their place") {
  const std::string good = catalogue_text();
  const auto broken = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
    const auto parsed = Catalogue::parse("c.json", text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().category == launchgate::base::ErrorCategory::configuration);
    CHECK(parsed.error().position.line > 0);
    return parsed.error().message + "; " + parsed.error().help;
  };
  CHECK(broken("\"schemaVersion\": 1", "\"schemaVersion\": 2").find("schemaVersion") != std::string::npos);
  CHECK(broken("\"probe\": \"list\",\n", "\"probe\": \"lisst\",\n").find("did you mean \"list\"") != std::string::npos);
  CHECK(broken("/boxes/{box}/items\", \"body\"", "/boxes/{bxo}/items\", \"body\"").find("did you mean \"box\"") !=
        std::string::npos);
  CHECK(broken("\"metric\": \"lag\"", "\"metric\": \"lags\"").find("unknown metric") != std::string::npos);
  CHECK(broken("\"captures\": {\"box\": [\"/box/id\", \"/id\"]}, ", "").find("no operation captures") !=
        std::string::npos);
  CHECK(broken("\"name\": \"item-get\"", "\"name\": \"list\"").find("twice") != std::string::npos);
  CHECK(broken("\"needs\": [\"item\"]", "\"needs\": []").find("nothing it needs provides") != std::string::npos);
}

TEST_CASE("profiles: unknown names, values that are none") {
  const std::string text = "{\"profiles\": {\"small\": " + profile_text() + "}}";
  const auto unknown = Profile::find("t.json", text, "smal");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().help.find("did you mean \"small\"") != std::string::npos);
  std::string zero = text;
  zero.replace(zero.find("\"requestRatePerSecond\": 20"), 26, "\"requestRatePerSecond\": 0 ");
  CHECK_FALSE(Profile::find("t.json", zero, "small"));
  CHECK(Profile::find("t.json", text, "small"));
  // Reports are named after their profile.
  for (const std::string& name : {std::string(), std::string(".small"), std::string("../small"), std::string("a/b"),
                                  std::string("a\\nb"), std::string(101, 'n')}) {
    std::string renamed = text;
    renamed.replace(renamed.find("\"small\""), 7, '"' + name + '"');
    const auto refused = Profile::find("t.json", renamed, name == "a\\nb" ? "a\nb" : name);
    INFO(name);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().category == launchgate::base::ErrorCategory::configuration);
    CHECK(refused.error().message.starts_with("the name of the profile cannot be part of a file's name"));
  }
}
