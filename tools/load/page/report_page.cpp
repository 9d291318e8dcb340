#include "load/page/report_page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/base/ascii.hpp"
#include "lib/base/text.hpp"
#include "lib/page/chart.hpp"
#include "lib/page/page.hpp"
#include "load/core/text.hpp"
#include "load/page/charts.hpp"

namespace launchgate::load {

namespace {

using document::JsonKind;
using document::JsonValue;
using page::Cell;
using page::Html;
using page::Tone;

constexpr std::size_t shown_reasons = 5;
constexpr std::size_t shown_margins = 3;

std::vector<JsonValue> elements(const JsonValue& value, std::initializer_list<std::string_view> keys) {
  std::vector<JsonValue> out;
  const auto list = at(value, keys);
  if (!list || !list->is(JsonKind::array)) return out;
  for (const auto one : list->elements()) out.push_back(one);
  return out;
}

std::vector<JsonValue::Member> members(const JsonValue& value, std::initializer_list<std::string_view> keys) {
  std::vector<JsonValue::Member> out;
  const auto object = at(value, keys);
  if (!object || !object->is(JsonKind::object)) return out;
  for (const auto one : object->members()) out.push_back(one);
  return out;
}

std::string capitals(std::string text) {
  for (char& c : text) c = c == '-' ? ' ' : base::upper(c);
  return text == "NO GO" ? "NO-GO" : text;
}

Tone tone_of(std::string_view overall) {
  return overall == "go" ? Tone::good : overall == "conditional-go" ? Tone::warn : Tone::bad;
}

Html charts_of(std::vector<page::Chart> charts) {
  std::vector<Html> parts;
  for (const page::Chart& one : charts) parts.push_back(page::chart(one));
  return page::side_by_side(std::move(parts));
}

class ReportPage {
 public:
  explicit ReportPage(const ReportSource& source) : source_(source), report_(source.report), margins_(margins(source)) {
    for (const auto& check : elements(report_, {"gates", "checks"})) {
      (check.string_member("status") == "pass" ? passed_ : failed_).push_back(check);
    }
    for (const Margin& margin : margins_) {
      if (margin.failed) failed_margins_.push_back(margin);
    }
  }

  std::string write() {
    const std::string mode = text_at(report_, {"mode"});
    Html body;
    body.add(banner(mode)).add(first_screen());
    if (!failed_.empty()) body.add(page::section("failed", "What failed", failures()));
    if (source_.timeline != nullptr) charts(body);
    body.add(page::section("operations", "Operations", operations()));
    body.add(page::section("capacity", "Capacity targets", capacity()));
    body.add(page::section("checks", "Every check", checks()));
    body.add(page::section("evidence", "Evidence", evidence()));
    page::Shell shell;
    shell.kind = mode == "soak" ? "Soak report" : mode == "drill" ? "Drill report" : "Load report";
    shell.title = fmt::format("{}: {} · {}", shell.kind, text_at(report_, {"profileName"}), overall());
    shell.foot =
        fmt::format("Written {} by {} {}. Made from the JSON report and its timeline; nothing is loaded from anywhere.",
                    text_at(report_, {"generatedAt"}), text_at(report_, {"generator", "tool"}),
                    text_at(report_, {"generator", "version"}));
    return page::document(shell, std::move(body));
  }

 private:
  std::string overall() const { return text_at(report_, {"gates", "overall"}); }

  Html banner(const std::string& mode) const {
    const std::size_t warnings = elements(report_, {"gates", "warnings"}).size();
    std::string sentence = failed_.empty()
                               ? fmt::format("All {} checks passed", passed_.size())
                               : fmt::format("{} of {} checks failed", failed_.size(), failed_.size() + passed_.size());
    sentence += warnings == 0 ? "." : warnings == 1 ? "; 1 warning." : fmt::format("; {} warnings.", warnings);
    if (text_at(report_, {"interrupted"}) == "yes") sentence += " The run did not come to its end.";
    const std::string heading =
        fmt::format("{} of {}{}",
                    mode == "soak"    ? "Soak"
                    : mode == "drill" ? "Drill"
                                      : "Load gate",
                    text_at(report_, {"profileName"}),
                    text_at(report_, {"evidence", "environmentProfile", "strict"}) == "yes" ? ", strict" : "");
    return page::banner({tone_of(overall()), capitals(overall()), heading, sentence});
  }

  // Where a failed check was worst, if that is known.
  const Margin* margin_of(std::string_view check) const {
    for (const Margin& margin : margins_) {
      if (margin.check == check) return &margin;
    }
    return nullptr;
  }

  Html reasons() const {
    Html out;
    out.element("h2", failed_.empty() ? "Why" : "Why not");
    std::vector<std::string> lines;
    for (const JsonValue& check : failed_) {
      if (lines.size() == shown_reasons) break;
      lines.push_back(fmt::format("{}: {}", check.string_member("name"), check.string_member("message")));
    }
    if (failed_.size() > shown_reasons)
      lines.push_back(fmt::format("and {} more, below", failed_.size() - shown_reasons));
    for (const auto& warning : elements(report_, {"gates", "warnings"})) {
      if (lines.size() > shown_reasons) break;
      lines.push_back("Warning: " + std::string(warning.string()));
    }
    if (lines.empty()) lines.push_back("Every check passed, and nothing was left out.");
    out.add(page::list(lines));
    return out;
  }

  Html nearest() const {
    Html out;
    out.element("h2", "Nearest to a limit");
    for (std::size_t i = 0; i < std::min(shown_margins, margins_.size()); ++i) {
      const Margin& margin = margins_[i];
      const Tone tone = margin.failed ? Tone::bad : margin.share() > 0.8 ? Tone::warn : Tone::good;
      out.add(
          page::meter({margin.check + (margin.failed ? " (failed)" : ""), margin.sentence(), margin.share(), tone}));
    }
    if (margins_.empty()) out.add(page::paragraph("No check of this run has numbers to compare."));
    return out;
  }

  std::string url_name(std::string_view key) const {
    for (const TargetSpec& target : source_.catalogue.targets) {
      if (target.url_key == key) return target.title;
    }
    return std::string(key);
  }

  Html subject() const {
    std::vector<page::Fact> facts;
    const JsonValue& report = report_;
    facts.push_back({"Profile", text_at(report, {"profileName"}), false});
    facts.push_back({"Commit", text_at(report, {"evidence", "commitSha"}), true});
    for (const auto& url : members(report, {"targets"})) {
      if (url.value.is(JsonKind::string))
        facts.push_back({url_name(url.name()), std::string(url.value.string()), true});
    }
    facts.push_back({"Started", text_at(report, {"run", "startedAt"}), false});
    const auto run = at(report, {"run"}).value_or(report);
    facts.push_back({"Measured", human_duration(static_cast<std::int64_t>(number_in(run, "measuredMs"))), false});
    facts.push_back({"Requests",
                     fmt::format("{} at {} a second", page::figure(number_in(run, "requestCount")),
                                 page::figure(number_in(run, "achievedRequestRatePerSecond"))),
                     false});
    Html out;
    out.element("h2", "What was measured").add(page::facts(facts));
    return out;
  }

  Html first_screen() const {
    Html left;
    left.open("section").add(reasons()).close();
    left.open("section").add(nearest()).close();
    Html right;
    right.open("section").add(subject()).close();
    std::vector<Html> parts;
    parts.push_back(std::move(left));
    parts.push_back(std::move(right));
    return page::side_by_side(std::move(parts));
  }

  Html failures() const {
    page::Table table{"t-failed",
                      "Checks that failed",
                      {{"Check", false}, {"Actual", true}, {"Limit", true}, {"Worst at", true}, {"What", false}},
                      {},
                      false};
    for (const JsonValue& check : failed_) {
      const Margin* margin = margin_of(check.string_member("name"));
      std::vector<Cell> row = {page::text_cell(std::string(check.string_member("name")))};
      row.push_back(page::text_cell(margin == nullptr ? "" : page::figure(margin->actual) + " " + margin->unit));
      row.push_back(
          page::text_cell(margin == nullptr ? "" : (margin->at_least ? "≥ " : "≤ ") + page::figure(margin->limit)));
      Cell when;
      if (margin != nullptr && margin->moment && source_.timeline != nullptr) {
        Html link;
        link.element("a", page::clock_time(*margin->moment), {{"href", "#" + margin->chart}});
        when.picture = std::move(link);
      }
      row.push_back(std::move(when));
      row.push_back(page::text_cell(std::string(check.string_member("message"))));
      table.rows.push_back(std::move(row));
    }
    return page::table(table);
  }

  void charts(Html& body) const {
    const auto add = [&](std::string_view id, std::string_view title, std::vector<page::Chart> charts) {
      if (!charts.empty()) body.add(page::section(id, title, charts_of(std::move(charts))));
    };
    add("latency", "Response times", latency_charts(source_, failed_margins_));
    add("rate", "Rate and failures", rate_charts(source_, failed_margins_));
    add("distribution", "How response times are spread", distribution_charts(source_));
    add("streams", "Event streams", stream_charts(source_, failed_margins_));
    add("metrics", "Metrics of the deployment", metric_charts(source_, failed_margins_));
    add("generator", "The generator itself", generator_charts(source_));
  }

  Cell small_picture(std::string_view name) const {
    Cell cell;
    if (source_.timeline == nullptr) return cell;
    for (const TimelineOperation& operation : source_.timeline->operations) {
      if (operation.name != name) continue;
      std::vector<double> middle;
      std::vector<double> high;
      for (const auto& small : operation.columns) {
        middle.push_back(small.response.empty() ? page::no_value : small.response.percentile_ms(95));
        high.push_back(small.response.empty() ? page::no_value : small.response.max_ms());
      }
      cell.picture = page::sparkline(middle, high, fmt::format("p95 and most of {} over the run", name));
    }
    return cell;
  }

  Html operations() const {
    page::Table table{"t-operations",
                      "Operations of the run",
                      {{"Operation", false},
                       {"Kind", false},
                       {"Requests", true},
                       {"Failures", true},
                       {"Failed, %", true},
                       {"p50, ms", true},
                       {"p95, ms", true},
                       {"p99, ms", true},
                       {"Most, ms", true},
                       {"p95 over time", false},
                       {"Answers", false}},
                      {},
                      true};
    for (const auto& one : members(report_, {"summary", "operations"})) {
      const JsonValue& tally = one.value;
      const auto number_cell = [](double value) { return Cell{page::figure(value), value, Tone::plain, std::nullopt}; };
      std::vector<Cell> row = {page::text_cell(std::string(one.name())),
                               page::text_cell(std::string(tally.string_member("category"))),
                               number_cell(number_in(tally, "count")), number_cell(number_in(tally, "failures")),
                               number_cell(number_in(tally, "errorRate") * 100)};
      for (const std::string_view key : {"p50LatencyMs", "p95LatencyMs", "p99LatencyMs", "maxLatencyMs"}) {
        const auto value = tally.find(key);
        row.push_back(value && value->is(JsonKind::number) ? number_cell(value->number())
                                                           : Cell{"–", -1, Tone::plain, std::nullopt});
      }
      row.push_back(small_picture(one.name()));
      std::string answers;
      for (const auto& status : members(tally, {"statuses"}))
        answers += fmt::format("{}{} × {}", answers.empty() ? "" : ", ", status.value.number_text(), status.name());
      row.push_back(page::text_cell(std::move(answers)));
      table.rows.push_back(std::move(row));
    }
    Html out;
    out.add(page::paragraph(
        "Times count from when a request was due, so that waiting for a stalled server is part of them."));
    out.add(page::table(table));
    return out;
  }

  Html capacity() const {
    page::Table table{"t-capacity",
                      "Capacity targets of the profile",
                      {{"Target", false}, {"Asked for", true}, {"Achieved", true}, {"Result", false}},
                      {},
                      false};
    for (const auto& target : members(report_, {"targets", "capacityTargets"})) {
      const std::string name(target.name());
      std::vector<Cell> row = {page::text_cell(name), page::text_cell(page::figure(target.value.number()))};
      const Margin* margin = margin_of(name + "-attained");
      if (margin != nullptr) {
        row.push_back(page::text_cell(page::figure(margin->actual) + " " + margin->unit));
        row.push_back(
            page::text_cell(margin->failed ? "not attained" : "attained", margin->failed ? Tone::bad : Tone::good));
      } else {
        const std::string reason = text_at(report_, {"notDriven", name});
        row.push_back(page::text_cell(""));
        row.push_back(page::text_cell(reason.empty() ? "see the checks" : "not driven: " + reason));
      }
      table.rows.push_back(std::move(row));
    }
    return page::table(table);
  }

  Html checks() const {
    page::Table table{
        "t-checks", "Every check of the run", {{"Check", false}, {"Result", false}, {"What", false}}, {}, true};
    for (const auto* list : {&failed_, &passed_}) {
      for (const JsonValue& check : *list) {
        const bool good = list == &passed_;
        table.rows.push_back({page::text_cell(std::string(check.string_member("name"))),
                              page::text_cell(good ? "pass" : "fail", good ? Tone::good : Tone::bad),
                              page::text_cell(std::string(check.string_member("message")))});
      }
    }
    Html out;
    std::vector<std::string> warnings;
    for (const auto& warning : elements(report_, {"gates", "warnings"})) warnings.emplace_back(warning.string());
    if (!warnings.empty()) out.element("h3", "Warnings").add(page::list(warnings));
    out.add(page::table(table));
    return out;
  }

  Html evidence() const {
    std::vector<page::Fact> facts;
    facts.push_back({"Command", text_at(report_, {"evidence", "command"}), true});
    facts.push_back({"Commit", text_at(report_, {"evidence", "commitSha"}), true});
    for (const auto& digest : members(report_, {"evidence", "imageDigests"}))
      facts.push_back({std::string(digest.name()) + " image", std::string(digest.value.string()), true});
    facts.push_back({"Started", text_at(report_, {"evidence", "startedAt"}), false});
    facts.push_back({"Finished", text_at(report_, {"evidence", "finishedAt"}), false});
    for (const auto& value : members(report_, {"evidence", "environmentProfile"}))
      facts.push_back({std::string(value.name()), text_at(value.value, {}), false});
    for (const auto& digest : members(report_, {"inputs"}))
      facts.push_back({std::string(digest.name()), std::string(digest.value.string()), true});
    const auto generator = at(report_, {"generator"}).value_or(report_);
    facts.push_back({"Generator's processor time",
                     fmt::format("{} s, {} % of a core", page::figure(number_in(generator, "cpuSeconds")),
                                 page::figure(100 * number_in(generator, "cpuShare"))),
                     false});
    facts.push_back({"Arrivals not sent", text_at(report_, {"generator", "unsent"}), false});
    return page::facts(facts);
  }

  const ReportSource& source_;
  JsonValue report_;
  std::vector<Margin> margins_;
  std::vector<Margin> failed_margins_;
  std::vector<JsonValue> failed_;
  std::vector<JsonValue> passed_;
};

}  // namespace

std::string report_page(const ReportSource& source) { return ReportPage(source).write(); }

}  // namespace launchgate::load
