#include "load/page/report_page.hpp"

#include <fmt/format.h>

#include "load/core/report.hpp"
#include "unit/load/simulation.hpp"

#include "lib/document/json_document.hpp"
#include "lib/page/chart.hpp"

using namespace simulation;
using launchgate::document::JsonDocument;

namespace {

// A journal of `seconds` lines with one slow request in the second `spike`, nothing from `gap` on for a minute.
std::string long_journal(Setup& setup, int seconds, int spike, int gap) {
  std::string text = journal_header(setup.run_plan(), setup.redact, 1'800'000'000'000, 0);
  const std::string operation = setup.catalogue.operations.front().name;
  for (int second_ = 1; second_ <= seconds; ++second_) {
    if (second_ >= gap && second_ < gap + 60) continue;
    Histogram h;
    h.record_us(second_ == spike ? 5'000'000 : 2'000);
    std::string runs;
    for (const std::uint64_t n : h.sparse()) runs += (runs.empty() ? "" : ",") + std::to_string(n);
    text += fmt::format(
        R"({{"at":{},"elapsedMs":{},"operations":{{"{}":{{"operation":"{}","setup":false,"count":1,"failures":{},"outcomes":{{"{}":1}},"response":{{"min":{},"max":{},"sum":{},"h":[{}]}}}}}},"cpuSeconds":{},"streams":{{"heldNow":5}}}})"
        "\n",
        1'800'000'000'000 + second_ * 1000, second_ * 1000, operation, operation, second_ == 7 ? 1 : 0,
        second_ == 7 ? "server-error" : "success", h.least_us(), h.most_us(), h.total_us(), runs, second_ * 0.1);
  }
  return text;
}

struct Simulated {
  Setup setup;
  std::string journal;
  std::string json;

  Simulated() {
    setup.settings.include_operator = true;
    setup.settings.include_sse = true;
    setup.replan();
    journal = journal_header(setup.run_plan(), setup.redact, setup.world.wall_ms(), 2);
    setup.world.ticked = [this](Engine& engine, Nanoseconds now) {
      JournalMoment moment;
      moment.now = now;
      moment.wall_ms = setup.world.wall_ms();
      journal += journal_line(setup.run_plan(), engine, moment);
    };
    setup.run();
    const RunRecord record = setup.record();
    json = report_json(setup.run_plan(), record, evaluate(setup.run_plan(), record), setup.redact, 0);
  }
};

}  // namespace

TEST_CASE("a timeline keeps the extremes of twelve hours and shows its gaps") {
  Setup setup;
  const int seconds = 12 * 3600;
  const std::string text = long_journal(setup, seconds, 30'000, 10'000);
  const auto timeline = read_timeline("x-timeline.jsonl", text);
  REQUIRE(timeline);
  CHECK(timeline->columns.size() <= most_columns);
  CHECK(timeline->seconds == seconds);
  CHECK(timeline->lines == seconds - 60);
  const Index category = setup.catalogue.operations.front().category;
  std::size_t spikes = 0;
  std::uint64_t counted = 0;
  for (const TimelineColumn& column : timeline->columns) {
    if (column.lines == 0) continue;
    counted += column.response[category].count();
    if (column.response[category].max_ms() > 4000) {
      ++spikes;
      CHECK(column.response[category].percentile_ms(50) < 3);
    }
  }
  CHECK(spikes == 1);
  CHECK(counted == static_cast<std::uint64_t>(seconds - 60));
  CHECK(timeline->response[category].count() == counted);
  CHECK(timeline->response[category].max_ms() > 4000);
  CHECK(timeline->operations.size() == 1);
  CHECK(timeline->columns[0].outcomes[static_cast<std::size_t>(Outcome::server_error)] == 1);
}

TEST_CASE("columns without a line are gaps, and the parts of a long journal join without a seam") {
  Setup setup;
  const auto timeline = read_timeline("x-timeline.jsonl", long_journal(setup, 300, 250, 100));
  REQUIRE(timeline);
  REQUIRE(timeline->columns.size() == 300);
  CHECK(timeline->columns[98].lines == 1);
  CHECK(timeline->columns[99].lines == 0);
  CHECK(timeline->columns[158].lines == 0);
  CHECK(timeline->columns[159].lines == 1);
  CHECK(timeline->columns[20].cpu.mean() == Approx(0.1));
  CHECK(timeline->columns[20].held.last == 5);
}

TEST_CASE("a line that stands for a minute is a minute of the picture, and no gap") {
  Setup setup;
  std::string text = journal_header(setup.run_plan(), setup.redact, 1'800'000'000'000, 0);
  const std::string operation = setup.catalogue.operations.front().name;
  for (int minute = 1; minute <= 30; ++minute)
    text += fmt::format(
        R"({{"at":{},"elapsedMs":{},"joined":60,"operations":{{"{}":{{"operation":"{}","setup":false,"count":60,"failures":0,"outcomes":{{"success":60}},"response":{{"min":500,"max":500,"sum":30000.0,"h":[500,60]}}}}}},"cpuSeconds":{}}})"
        "\n",
        minute * 60'000, minute * 60'000, operation, operation, minute);
  const auto timeline = read_timeline("x-timeline.jsonl", text);
  REQUIRE(timeline);
  CHECK(timeline->columns.size() == 30);
  for (const TimelineColumn& column : timeline->columns) {
    CHECK(column.lines == 60);
    CHECK(column.rate.mean() == Approx(1));
  }
  CHECK(timeline->response[setup.catalogue.operations.front().category].count() == 1800);
}

TEST_CASE("a journal that is none is refused, and one that breaks off is read as far as it goes") {
  CHECK_FALSE(read_timeline("x", ""));
  CHECK_FALSE(read_timeline("x", "{}\n"));
  Setup setup;
  const std::string text = long_journal(setup, 50, 5, 1000);
  const auto cut = read_timeline("x", std::string_view(text).substr(0, text.size() - 10));
  REQUIRE(cut);
  CHECK(cut->cut_line);
  CHECK(cut->lines == 49);
}

TEST_CASE("a page tells the verdict, its reasons and the margins, and is the same each time") {
  const Simulated run;
  const auto report = JsonDocument::parse("x-report.json", run.json);
  REQUIRE(report);
  const auto timeline = read_timeline("x-timeline.jsonl", run.journal);
  REQUIRE(timeline);
  const ReportSource source{report->root(), timeline->header->catalogue, &*timeline};
  const std::string page = report_page(source);
  CHECK(page == report_page(source));
  CHECK(page.find(">NO-GO<") != std::string::npos);
  CHECK(page.find("sse-streams-held") != std::string::npos);
  CHECK(page.find("id=\"c-rate\"") != std::string::npos);
  CHECK(page.find("id=\"c-latency-0\"") != std::string::npos);
  CHECK(page.find("nan") == std::string::npos);
  const auto all = margins(source);
  REQUIRE_FALSE(all.empty());
  for (std::size_t i = 1; i < all.size(); ++i) CHECK(all[i - 1].failed >= all[i].failed);
}

TEST_CASE("without a timeline there is a page without charts") {
  const Simulated run;
  const auto report = JsonDocument::parse("x-report.json", run.json);
  const std::string page = report_page({report->root(), run.setup.catalogue, nullptr});
  CHECK(page.find("<figure") == std::string::npos);
  CHECK(page.find("Every check") != std::string::npos);
}

TEST_CASE("names, addresses and messages of a hostile report are inert in its page") {
  Simulated run;
  const std::string evil = "</script><img src=x onerror=alert(1)>\\u202e";
  for (const std::string& word : {std::string("\"profileName\": \""), std::string("\"message\": \"")}) {
    const std::size_t at = run.json.find(word);
    REQUIRE(at != std::string::npos);
    run.json.insert(at + word.size(), evil);
  }
  const auto report = JsonDocument::parse("x-report.json", run.json);
  REQUIRE(report);
  const std::string page = report_page({report->root(), run.setup.catalogue, nullptr});
  CHECK(page.find("<img") == std::string::npos);
  CHECK(page.find("&lt;img src=x") != std::string::npos);
  CHECK(page.find("\xE2\x80\xAE") == std::string::npos);
}

TEST_CASE("a margin is what is used of what is allowed") {
  Margin most{"read-p95", 300, 400, false, "ms", false, std::nullopt, ""};
  CHECK(most.share() == Approx(0.75));
  CHECK(most.sentence() == "300 of at most 400 ms");
  Margin none{"gateway-dead-letters", 0, 0, false, "", false, std::nullopt, ""};
  CHECK(none.share() == 0);
  none.actual = 1;
  CHECK(none.share() > 1);
  Margin least{"x-attained", 100, 95, true, "a minute", false, std::nullopt, ""};
  CHECK(least.share() == Approx(0));
  least.actual = 95;
  CHECK(least.share() == Approx(1));
  least.actual = 50;
  CHECK(least.share() == Approx(1.9));
}
