#include "load/core/segments.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <random>

#include "lib/document/json_document.hpp"
#include "load/core/report.hpp"
#include "unit/load/simulation.hpp"

using namespace simulation;

namespace {

struct Measured {
  std::string part;
  std::string timeline;
  std::map<std::string, std::vector<std::uint64_t>> responses;  // the histograms of the part, by series
};

// One process's share of a run against a server of its own that answers each path at its own speed.
struct SegmentRun {
  Setup setup;
  Measured measured;

  explicit SegmentRun(
      std::uint32_t segment, std::uint32_t segments, const std::function<void(Setup&)>& change = [](Setup&) {}) {
    setup.settings.include_operator = true;
    setup.settings.include_sse = true;
    setup.settings.segment = segment;
    setup.settings.segments = segments;
    setup.settings.leaves_part = true;
    setup.settings.made_from = {"1.0", "profiles", "catalogue"};
    change(setup);
    setup.replan();
    measured.timeline = journal_header(setup.run_plan(), setup.redact, setup.world.wall_ms(), 2);
    setup.world.ticked = [this, tick = 0U](Engine& engine, Nanoseconds now) mutable {
      JournalMoment moment;
      moment.tick = ++tick;
      moment.now = now;
      moment.wall_ms = setup.world.wall_ms();
      measured.timeline += journal_line(setup.run_plan(), engine, moment);
    };
    setup.run();
    RunRecord record = setup.record();
    measured.part = part_json(setup.run_plan(), record, setup.redact);
    for (const Series& series : record.measurements.series())
      measured.responses[series.name] = series.total.response.sparse();
  }
};

std::string path_of(std::uint32_t segment) { return "out/segment-" + std::to_string(segment) + ".part.json"; }

SegmentPart part(std::uint32_t segment, const Measured& measured) {
  auto read = read_part(path_of(segment), measured.part);
  REQUIRE(read);
  return *std::move(read);
}

std::string refusal(SegmentMerge& merge, SegmentPart other) {
  const auto added = merge.add(std::move(other));
  REQUIRE(!added);
  return to_string(added.error());
}

const Check* check_named(const Verdict& verdict, const std::string& name) {
  for (const Check& one : verdict.checks) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

// All segments but those left out, merged.
std::unique_ptr<SegmentMerge> merged(
    std::uint32_t segments, const std::function<void(Setup&)>& change = [](Setup&) {}) {
  auto merge = std::make_unique<SegmentMerge>();
  for (std::uint32_t i = segments; i > 0; --i) REQUIRE(merge->add(part(i, SegmentRun(i, segments, change).measured)));
  REQUIRE(merge->finish(false));
  return merge;
}

std::function<std::optional<std::string>(const std::string&)> environment(
    std::map<std::string, std::string> variables) {
  return [variables](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

}  // namespace

TEST_CASE("a segment is I/N") {
  CHECK(parse_segment("2/3")->segment == 2);
  CHECK(parse_segment("2/3")->segments == 3);
  CHECK(parse_segment("10000/10000"));
  for (const char* text :
       {"", "1", "/", "1/", "/2", "0/2", "3/2", "-1/2", "1/2/3", "1 /2", "1/10001", "a/b", "1/0x2"}) {
    INFO(text);
    CHECK(!parse_segment(text));
  }
}

TEST_CASE("a job's processes are told which segment they are, counted from 0 or from 1") {
  using Variables = std::map<std::string, std::string>;
  const auto segment = [](std::uint32_t segments, const Variables& variables) {
    const auto found = segment_of_job(segments, environment(variables));
    REQUIRE(found);
    return *found ? (*found)->segment : 0;
  };
  CHECK(segment(3, {}) == 0);
  CHECK(segment(3, {{"JOB_COMPLETION_INDEX", "0"}}) == 1);
  CHECK(segment(3, {{"JOB_COMPLETION_INDEX", "2"}}) == 3);
  CHECK(segment(3, {{"SLURM_ARRAY_TASK_ID", "1"}, {"SLURM_ARRAY_TASK_MIN", "0"}}) == 2);
  CHECK(segment(3, {{"SLURM_ARRAY_TASK_ID", "1"}, {"SLURM_ARRAY_TASK_MIN", "1"}}) == 1);
  CHECK(segment(3, {{"SLURM_ARRAY_TASK_ID", "9"}, {"SLURM_ARRAY_TASK_MIN", "5"}, {"SLURM_ARRAY_TASK_STEP", "2"}}) == 3);
  CHECK(segment(3, {{"SLURM_ARRAY_TASK_ID", "0"}}) == 1);
  CHECK(segment(3, {{"SLURM_ARRAY_TASK_ID", "3"}}) == 3);
  for (const Variables& variables :
       {Variables{{"JOB_COMPLETION_INDEX", "3"}}, Variables{{"JOB_COMPLETION_INDEX", "x"}},
        Variables{{"SLURM_ARRAY_TASK_ID", "1"}}, Variables{{"SLURM_ARRAY_TASK_ID", "4"}, {"SLURM_ARRAY_TASK_MIN", "1"}},
        Variables{{"SLURM_ARRAY_TASK_ID", "6"}, {"SLURM_ARRAY_TASK_MIN", "5"}, {"SLURM_ARRAY_TASK_STEP", "2"}}}) {
    CHECK(!segment_of_job(3, environment(variables)));
  }
}

TEST_CASE("segments add up to the whole run, operation by operation") {
  for (const std::uint32_t segments : {1U, 2U, 3U, 7U}) {
    INFO(segments);
    const auto change = [](Setup& setup) { setup.settings.warmup_ms = 1500; };
    SegmentRun whole(1, 1, change);
    const RunRecord single = whole.setup.record();
    SegmentMerge merge;
    std::map<std::string, Histogram> responses;
    std::uint64_t warmup = 0;
    for (std::uint32_t i = 1; i <= segments; ++i) {
      SegmentRun run(i, segments, change);
      warmup += run.setup.engine->warmup_requests();
      for (const Series& series : run.setup.engine->measurements().series())
        responses[series.name].merge(series.total.response);
      REQUIRE(merge.add(part(i, run.measured)));
    }
    REQUIRE(merge.finish(false));
    std::uint64_t setups = 0;
    for (const Series& series : merge.record().measurements.series()) {
      INFO(series.name);
      CHECK(series.total.response.sparse() == responses[series.name].sparse());
      for (const double percentile : {50.0, 90.0, 95.0, 99.0, 99.9})
        CHECK(series.total.response.percentile_ms(percentile) == responses[series.name].percentile_ms(percentile));
      if (series.setup) {
        setups += series.total.count;
        continue;
      }
      for (const Series& same : single.measurements.series()) {
        if (same.name != series.name) continue;
        CHECK(series.total.count == same.total.count);
        CHECK(series.total.statuses == same.total.statuses);
      }
    }
    // Ids are of the process that made them: each that needs one makes its own.
    CHECK(setups <= segments * 2);
    CHECK(merge.record().streams.target == single.streams.target);
    CHECK(merge.record().streams.opened == single.streams.opened);
    CHECK(merge.record().measured == single.measured);
    CHECK(merge.record().warmup_requests == warmup);
    CHECK(merge.record().metrics.result(2).delta == single.metrics.result(2).delta);
    CHECK(merge.record().metrics.result(0).worst == single.metrics.result(0).worst);
  }
}

TEST_CASE("random plans are the same in segments") {
  std::mt19937 random(77);
  const auto pick = [&](int least, int most) { return std::uniform_int_distribution<int>(least, most)(random); };
  for (int round = 0; round < 12; ++round) {
    const int rate = pick(1, 200);
    const int seconds = pick(1, 12);
    const int warmup = pick(0, 3000);
    const auto segments = static_cast<std::uint32_t>(pick(2, 9));
    const auto change = [&](Setup& setup) {
      setup.settings.request_rate = rate;
      setup.settings.duration_ms = 1000 * seconds;
      setup.settings.warmup_ms = warmup;
      setup.settings.concurrency = 400;
      setup.settings.include_mutations = false;
    };
    const RunRecord single = SegmentRun(1, 1, change).setup.record();
    const auto merge = merged(segments, change);
    for (const Series& series : single.measurements.series()) {
      for (const Series& same : merge->record().measurements.series()) {
        if (same.name == series.name) CHECK(same.total.count == series.total.count);
      }
    }
  }
}

TEST_CASE("a merged run is judged, and again from its one line") {
  const auto merge = merged(3);
  const Verdict verdict = evaluate(merge->run(), merge->record());
  REQUIRE(check_named(verdict, "segments-complete") != nullptr);
  CHECK(check_named(verdict, "segments-complete")->message == "3 of 3 segments were merged");
  const std::string headroom = check_named(verdict, "generator-headroom")->message;
  CHECK(headroom.starts_with("the generator of segment "));
  launchgate::document::JsonWriter total(launchgate::document::JsonStyle::compact);
  write_journal_total(total, merge->run(), merge->record());
  const auto as_is = [](std::string_view text) { return std::string(text); };
  const std::string text = journal_header(merge->run(), as_is, 0, 6) + total.take() + "\n";
  const auto back = recover("x-timeline.jsonl", text);
  REQUIRE(back);
  (*back)->record->interrupted = false;  // which a timeline alone cannot say
  const Verdict again = evaluate((*back)->run(), *(*back)->record);
  for (const Check& check : verdict.checks) {
    INFO(check.name);
    REQUIRE(check_named(again, check.name) != nullptr);
    CHECK(check_named(again, check.name)->message == check.message);
  }
}

TEST_CASE("parts that are not of one run are refused by name") {
  SegmentMerge merge;
  REQUIRE(merge.add(part(1, SegmentRun(1, 3).measured)));
  CHECK(refusal(merge, part(1, SegmentRun(1, 3).measured)) ==
        "out/segment-1.part.json: segment 1 of 3 is in out/segment-1.part.json, too; give each segment once");
  CHECK(refusal(merge, part(2, SegmentRun(2, 2).measured)) ==
        "out/segment-2.part.json: it is of 2 segments and out/segment-1.part.json of 3, so that their shares overlap; "
        "merge "
        "the segments of one run");
  const auto other = [&](const std::function<void(Setup&)>& change) {
    return refusal(merge, part(2, SegmentRun(2, 3, change).measured));
  };
  CHECK(other([](Setup& s) { s.settings.commit_sha = "beef"; }) ==
        "out/segment-2.part.json: its commit is beef; that of out/segment-1.part.json is c0ffee; merge the segments of "
        "one "
        "run");
  CHECK(other([](Setup& s) { s.settings.made_from.version = "2.0"; }).find("its version is 2.0") != std::string::npos);
  CHECK(other([](Setup& s) { s.settings.made_from.catalogue = "x"; }).find("its catalogue is x") != std::string::npos);
  CHECK(other([](Setup& s) { s.settings.made_from.target_profiles = "x"; }).find("its target profiles is x") !=
        std::string::npos);
  CHECK(other([](Setup& s) { s.settings.mode = Mode::soak; }).find("its mode is soak") != std::string::npos);
  CHECK(other([](Setup& s) { s.settings.targets[0].url = "http://127.0.0.2:1"; }).find("its API URL is") !=
        std::string::npos);
  CHECK(other([](Setup& s) { s.settings.targets[0].image_digest = "sha256:y"; }).find("its API image digest is") !=
        std::string::npos);
  for (const std::function<void(Setup&)>& change : std::vector<std::function<void(Setup&)>>{
           [](Setup& s) { s.settings.duration_ms = 9000; }, [](Setup& s) { s.settings.request_rate = 21; },
           [](Setup& s) { s.settings.concurrency = 9; }, [](Setup& s) { s.settings.include_sse = false; },
           [](Setup& s) { s.settings.limits[0] = 4; }, [](Setup& s) { s.settings.variables[0] = "c"; }}) {
    CHECK(
        other(change) ==
        "out/segment-2.part.json: its plan is not that of out/segment-1.part.json; give all segments the same options");
  }
  CHECK(merge.add(part(2, SegmentRun(2, 3).measured)));
}

TEST_CASE("a part that was changed or cut is refused") {
  const std::string whole = SegmentRun(1, 2).measured.part;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, whole.size() / 2, whole.size() - 3})
    CHECK(!read_part("x.part.json", whole.substr(0, size)));
  for (const auto& [from, to] : {std::pair("\"segment\": 1", "\"segment\": 2"), std::pair("\"part\": 1", "\"part\": 2"),
                                 std::pair("\"durationMs\":10000", "\"durationMs\":1000")}) {
    std::string changed = whole;
    const std::size_t at = changed.find(from);
    REQUIRE(at != std::string::npos);
    changed.replace(at, std::string_view(from).size(), to);
    INFO(to);
    CHECK(!read_part("x.part.json", changed));
  }
}

TEST_CASE("missing segments are named, and allowed only for a no-go") {
  SegmentMerge strict;
  REQUIRE(strict.add(part(2, SegmentRun(2, 4).measured)));
  REQUIRE(strict.add(part(4, SegmentRun(4, 4).measured)));
  const auto refused = strict.finish(false);
  REQUIRE(!refused);
  CHECK(refused.error().message == "of 4 segments some are missing: 1, 3");
  SegmentMerge lenient;
  REQUIRE(lenient.add(part(2, SegmentRun(2, 4).measured)));
  REQUIRE(lenient.add(part(4, SegmentRun(4, 4).measured)));
  REQUIRE(lenient.finish(true));
  const Verdict verdict = evaluate(lenient.run(), lenient.record());
  CHECK(verdict.overall == "no-go");
  CHECK(check_named(verdict, "segments-complete")->message ==
        "of 4 segments some are missing: 1, 3; what is shown is what the others measured");
}

TEST_CASE("a killed segment is recovered from its timeline, and the run is not go") {
  SegmentMerge merge;
  REQUIRE(merge.add(part(1, SegmentRun(1, 2).measured)));
  std::string timeline = SegmentRun(2, 2).measured.timeline;
  std::size_t end = 0;
  for (int line = 0; line < 5; ++line) end = timeline.find('\n', end) + 1;
  timeline.resize(end + 20);
  auto killed = read_segment_timeline("out/segment-2-timeline.jsonl", timeline);
  REQUIRE(killed);
  CHECK(killed->recovered);
  REQUIRE(merge.add(*std::move(killed)));
  REQUIRE(merge.finish(false));
  const Verdict verdict = evaluate(merge.run(), merge.record());
  CHECK(verdict.overall == "no-go");
  CHECK(check_named(verdict, "run-completed")->message ==
        "the run was interrupted: segment 2: recovered from its journal, which ends after 4 s");
  CHECK(!read_segment_timeline("x-timeline.jsonl",
                               SegmentRun(1, 1, [](Setup& s) { s.settings.leaves_part = false; }).measured.timeline));
}

TEST_CASE("a segment that begins late is named") {
  for (const auto& [late, warned] : {std::pair(900 * millisecond, false), std::pair(1500 * millisecond, true)}) {
    SegmentMerge merge;
    REQUIRE(merge.add(part(1, SegmentRun(1, 2).measured)));
    const auto change = [&, late = late](Setup& setup) { setup.start_at = setup.world.now() - late; };
    SegmentRun second_one(2, 2, change);
    REQUIRE(merge.add(part(2, second_one.measured)));
    REQUIRE(merge.finish(false));
    const Verdict verdict = evaluate(merge.run(), merge.record());
    std::string found;
    for (const Warning& warning : verdict.warnings) {
      if (warning.id == "late-start-segment-2") found = warning.message;
    }
    CHECK(found.empty() == !warned);
    if (warned) CHECK(found == "segment 2 began 1.5 s late, so that it met another load than was planned");
  }
}

TEST_CASE("arrivals begin at the moment that was agreed on") {
  SegmentRun run(1, 1, [](Setup& setup) { setup.start_at = setup.world.now() + 3 * second; });
  CHECK(run.setup.engine->late() == 0);
  const RunRecord record = run.setup.record();
  CHECK(record.measured == 10 * second);
  CHECK(record.measurements.all().count == SegmentRun(1, 1).setup.record().measurements.all().count);
}

TEST_CASE("clocks that are apart by more than a second, and runs at different times, are refused") {
  const auto with = [](std::int64_t offset_ms, std::int64_t began_ms) {
    return [=](std::uint32_t segment) {
      SegmentRun run(segment, 2);
      RunRecord record = run.setup.record();
      record.clocks[0].bound(offset_ms, offset_ms + 100);
      record.started_wall_ms = began_ms;
      record.finished_wall_ms = began_ms + 10'000;
      return part_json(run.setup.run_plan(), record, run.setup.redact);
    };
  };
  const auto outcome = [&](const std::string& a, const std::string& b) -> std::string {
    SegmentMerge merge;
    REQUIRE(merge.add(part(1, {a, "", {}})));
    REQUIRE(merge.add(part(2, {b, "", {}})));
    const auto finished = merge.finish(false);
    return finished ? "" : finished.error().message;
  };
  constexpr std::int64_t noon = 1'796'000'000'000;
  CHECK(outcome(with(0, noon)(1), with(900, noon)(2)).empty());
  CHECK(outcome(with(0, noon)(1), with(1500, noon)(2)) ==
        "by the answers of API, the clocks of segments 2 and 1 are apart by 1.4 s at least");
  CHECK(outcome(with(0, noon)(1), with(0, noon + 9'000)(2)).empty());
  CHECK(outcome(with(0, noon)(1), with(0, noon + 60'000)(2)).find("they did not run at the same time") !=
        std::string::npos);
}

TEST_CASE("answers bound how far a clock is") {
  ClockOffset clock;
  clock.add(10'000, 10'300, 10'320);
  CHECK(clock.least_ms == -320);
  CHECK(clock.most_ms == 699);
  clock.add(20'000, 20'900, 20'910);
  CHECK(clock.least_ms == -320);
  CHECK(clock.most_ms == 99);
  // Set back by an hour meanwhile.
  clock.add(20'000, 3'620'900, 3'620'910);
  CHECK(clock.most_ms == 20'999 - 3'620'900);
}

// For tests/bench/load/bench_merge.py: a day of a soak in as many segments as LAUNCHGATE_SEGMENTS says, on the virtual
// clock, as parts in the folder LAUNCHGATE_PARTS, made by LAUNCHGATE_TOOL_VERSION.
TEST_CASE("parts of a day are written", "[.][segment-parts]") {
  const char* folder = std::getenv("LAUNCHGATE_PARTS");
  const char* number = std::getenv("LAUNCHGATE_SEGMENTS");
  const char* version = std::getenv("LAUNCHGATE_TOOL_VERSION");
  REQUIRE(folder != nullptr);
  REQUIRE(number != nullptr);
  REQUIRE(version != nullptr);
  const auto segments = static_cast<std::uint32_t>(std::stoul(number));
  for (std::uint32_t segment = 1; segment <= segments; ++segment) {
    Setup setup;
    setup.catalogue.scrape_interval_ms = 60'000;
    setup.settings.mode = Mode::soak;
    setup.settings.duration_ms = 24 * 3'600'000;
    setup.settings.request_rate = 4;
    setup.settings.include_operator = true;
    setup.settings.segment = segment;
    setup.settings.segments = segments;
    setup.settings.leaves_part = true;
    setup.settings.made_from = {version, "profiles", "catalogue"};
    std::mt19937 random(segment);
    std::lognormal_distribution<double> service(3, 0.5);
    setup.world.server = [&, inner = setup.world.server](const Seen& seen) {
      Answer answer = inner(seen);
      answer.after = static_cast<Nanoseconds>(service(random) * 1e6);
      return answer;
    };
    setup.replan();
    setup.run();
    RunRecord record = setup.record();
    std::ofstream(fmt::format("{}/day-segment-{:04}-of-{}.part.json", folder, segment, segments))
        << part_json(setup.run_plan(), record, setup.redact);
  }
}
