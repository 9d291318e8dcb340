#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lib/base/utf8.hpp"
#include "lib/document/json_writer.hpp"
#include "lib/page/chart.hpp"
#include "lib/page/page.hpp"
#include "load/compare/compare.hpp"
#include "load/core/report.hpp"

namespace launchgate::load {

namespace {

using page::Cell;
using page::Html;
using page::Tone;

std::string percent_text(double share) { return fmt::format("{:+.1f} %", share * 100); }

// Shares of failures change by percentage points.
std::string change_text(const ComparedFigure& figure, double change) {
  return figure.unit == "%" ? fmt::format("{:+.2f} points", change * 100) : percent_text(change);
}

std::string value_text(const ComparedFigure& figure, double value) {
  return page::figure(figure.unit == "%" ? value * 100 : value);
}

std::string measure_text(const ComparedFigure& figure) { return figure.measure + ", " + figure.unit; }

std::string range_text(const ComparedFigure& figure) {
  return change_text(figure, figure.difference.low) + " to " + change_text(figure, figure.difference.high);
}

std::string headline(const Comparison& comparison) {
  const std::size_t worse = comparison.count(Moved::worse);
  const std::size_t better = comparison.count(Moved::better);
  const std::size_t judged = worse + better + comparison.count(Moved::same);
  if (judged == 0) return "too little was measured to compare";
  if (worse + better == 0) return fmt::format("nothing moved in {} figures", judged);
  return fmt::format("{} of {} figures are worse, {} better", worse, judged, better);
}

std::string side_text(const ComparedSide& side) {
  return fmt::format("{} {}, commit {}, {}, {}{}", side.profile, side.mode, side.commit.substr(0, 12), side.started,
                     side.overall, side.runs > 1 ? fmt::format(", {} runs", side.runs) : "");
}

// What moved first, then the whole, then what is known of the rest.
std::vector<const ComparedFigure*> in_order(const Comparison& comparison) {
  std::vector<const ComparedFigure*> out;
  for (const ComparedFigure& figure : comparison.figures) {
    if (figure.moved != Moved::unknown) out.push_back(&figure);
  }
  std::stable_sort(out.begin(), out.end(), [](const ComparedFigure* a, const ComparedFigure* b) {
    const auto rank = [](const ComparedFigure& one) {
      return one.moved == Moved::worse ? 0 : one.moved == Moved::better ? 1 : 2;
    };
    return rank(*a) < rank(*b);
  });
  return out;
}

Tone tone_of(Moved moved) {
  return moved == Moved::worse ? Tone::bad : moved == Moved::better ? Tone::good : Tone::plain;
}

std::vector<double> p95_at(const Timeline& timeline, Index category, const std::vector<double>& xs) {
  std::vector<double> out;
  for (const double x : xs) {
    const auto column = static_cast<std::size_t>(x / timeline.column_seconds);
    const bool there = column < timeline.columns.size() && timeline.columns[column].lines > 0 &&
                       category < timeline.columns[column].response.size() &&
                       !timeline.columns[column].response[category].empty();
    out.push_back(there ? timeline.columns[column].response[category].percentile_ms(95) : page::no_value);
  }
  return out;
}

std::vector<page::Chart> curves(const ComparedRun& base, const ComparedRun& fresh) {
  std::vector<page::Chart> charts;
  const Timeline& old = *base.timeline;
  const Timeline& now = *fresh.timeline;
  const auto& categories = now.header->catalogue.categories;
  for (Index category = 0; category < categories.size(); ++category) {
    if (now.response[category].empty() || category >= old.response.size() || old.response[category].empty()) continue;
    page::Chart chart;
    chart.id = fmt::format("c-compare-{}", category);
    chart.title = categories[category].title + ": p95, base and new";
    chart.unit = "ms";
    chart.to = std::max(old.seconds, now.seconds);
    chart.width = std::max(old.column_seconds, now.column_seconds);
    for (double at = 0; at < chart.to; at += chart.width) chart.xs.push_back(std::min(at + chart.width / 2, chart.to));
    chart.lines = {{"base", 4, 1, page::Mark::line, p95_at(old, category, chart.xs), {}},
                   {"new", 0, 0, page::Mark::line, p95_at(now, category, chart.xs), {}}};
    chart.summary = fmt::format("p95 was {} ms and is {} ms.", page::figure(old.response[category].percentile_ms(95)),
                                page::figure(now.response[category].percentile_ms(95)));
    charts.push_back(std::move(chart));
  }
  return charts;
}

Html figures_table(const Comparison& comparison) {
  page::Table table{"t-figures",
                    "Figures of both sides",
                    {{"What", false},
                     {"Figure", false},
                     {"Base", true},
                     {"New", true},
                     {"Change", true},
                     {"95 % confidence", true},
                     {"Moved", false}},
                    {},
                    true};
  for (const ComparedFigure* one : in_order(comparison)) {
    Cell change = page::text_cell(change_text(*one, one->difference.change));
    change.number = one->difference.change;
    table.rows.push_back(
        {page::text_cell(one->scope), page::text_cell(measure_text(*one)),
         page::text_cell(value_text(*one, one->difference.base)),
         page::text_cell(value_text(*one, one->difference.fresh)), change, page::text_cell(range_text(*one)),
         page::text_cell(one->regression ? "worse, too much" : std::string(name(one->moved)), tone_of(one->moved))});
  }
  return page::table(table);
}

Html gates_table(const Comparison& comparison) {
  page::Table table{"t-gates",
                    "Checks that changed",
                    {{"Check", false}, {"Base", false}, {"New", false}, {"What", false}},
                    {},
                    false};
  const auto status = [](const std::string& value) {
    return page::text_cell(value.empty() ? "not judged" : value, value == "pass"   ? Tone::good
                                                                 : value == "fail" ? Tone::bad
                                                                                   : Tone::plain);
  };
  for (const GateChange& gate : comparison.gates)
    table.rows.push_back(
        {page::text_cell(gate.check), status(gate.before), status(gate.after), page::text_cell(gate.message)});
  return page::table(table);
}

std::string method() {
  return fmt::format(
      "Moving-block bootstrap over intervals (Künsch 1989), Welch's degrees of freedom, Holm's correction over all "
      "figures at a level of {} %.",
      error_level * 100);
}

}  // namespace

std::string comparison_json(const Comparison& comparison) {
  document::JsonWriter out;
  out.begin_object().member("tool", "launchgate-load").member("regressed", comparison.regressed());
  for (const auto& [key, side] : {std::pair("base", &comparison.base), std::pair("new", &comparison.fresh)}) {
    out.key(key)
        .begin_object()
        .member("runs", side->runs)
        .member("profileName", side->profile)
        .member("mode", side->mode);
    out.member("commitSha", side->commit)
        .member("startedAt", side->started)
        .member("overall", side->overall)
        .end_object();
  }
  out.member("failOnRegressionPercent", comparison.allowed)
      .member("remarks", comparison.remarks)
      .member("method", method());
  out.key("figures").begin_array();
  for (const ComparedFigure& figure : comparison.figures) {
    out.begin_object()
        .member("scope", figure.scope)
        .member("kind", figure.kind)
        .member("measure", figure.measure)
        .member("unit", figure.unit);
    out.member("moved", name(figure.moved)).member("regression", figure.regression);
    if (figure.difference.known) {
      out.member("base", figure.difference.base)
          .member("new", figure.difference.fresh)
          .member("change", figure.difference.change);
      out.member("low", figure.difference.low).member("high", figure.difference.high).member("p", figure.difference.p);
    }
    out.end_object();
  }
  out.end_array().key("gates").begin_array();
  for (const GateChange& gate : comparison.gates)
    out.begin_object()
        .member("check", gate.check)
        .member("base", gate.before)
        .member("new", gate.after)
        .member("message", gate.message)
        .end_object();
  out.end_array().end_object();
  return out.take() + "\n";
}

std::string comparison_text(const Comparison& comparison) {
  std::string out =
      fmt::format("{}\n  base: {}\n  new:  {}\n", headline(comparison), base::printable(side_text(comparison.base)),
                  base::printable(side_text(comparison.fresh)));
  for (const std::string& remark : comparison.remarks) out += "  note: " + base::printable(remark) + "\n";
  for (const ComparedFigure* one : in_order(comparison)) {
    if (one->moved == Moved::same && one->kind != "all") continue;
    out += fmt::format("  {:<7} {} {}: {} -> {} {}, {} ({})\n", one->regression ? "WORSE" : name(one->moved),
                       base::printable(one->scope), one->measure, value_text(*one, one->difference.base),
                       value_text(*one, one->difference.fresh), one->unit, change_text(*one, one->difference.change),
                       range_text(*one));
  }
  for (const GateChange& gate : comparison.gates)
    out +=
        fmt::format("  check   {}: {} -> {}\n", base::printable(gate.check),
                    gate.before.empty() ? "not judged" : gate.before, gate.after.empty() ? "not judged" : gate.after);
  return out;
}

std::string comparison_markdown(const Comparison& comparison) {
  std::string out =
      fmt::format("# Comparison of load runs\n\n**{}**\n\n- Base: {}\n- New: {}\n", headline(comparison),
                  markdown_escaped(side_text(comparison.base)), markdown_escaped(side_text(comparison.fresh)));
  for (const std::string& remark : comparison.remarks) out += "- Note: " + markdown_escaped(remark) + "\n";
  out +=
      "\n## Figures\n\n| what | figure | base | new | change | 95 % confidence | moved "
      "|\n|---|---|---:|---:|---:|---|---|\n";
  for (const ComparedFigure* one : in_order(comparison))
    out += fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", markdown_escaped(one->scope), measure_text(*one),
                       value_text(*one, one->difference.base), value_text(*one, one->difference.fresh),
                       change_text(*one, one->difference.change), range_text(*one),
                       one->regression ? "**worse**" : name(one->moved));
  out += "\n## Checks\n\n| check | base | new | message |\n|---|---|---|---|\n";
  for (const GateChange& gate : comparison.gates)
    out += fmt::format("| {} | {} | {} | {} |\n", markdown_escaped(gate.check), gate.before, gate.after,
                       markdown_escaped(gate.message));
  return out + "\n" + method() + "\n";
}

std::string comparison_page(const Comparison& comparison, const ComparedRun& base, const ComparedRun& fresh) {
  const std::size_t worse = comparison.count(Moved::worse);
  const bool changed = worse + comparison.count(Moved::better) > 0;
  const bool failed = comparison.regressed();
  Html body;
  std::string sentence = headline(comparison) + ".";
  if (comparison.allowed) sentence += fmt::format(" {} % are allowed.", page::figure(*comparison.allowed));
  body.add(page::banner({failed      ? Tone::bad
                         : worse > 0 ? Tone::warn
                                     : Tone::good,
                         failed      ? "REGRESSION"
                         : worse > 0 ? "WORSE"
                         : changed   ? "BETTER"
                                     : "SAME",
                         "Comparison of load runs", sentence}));
  Html left;
  left.open("section").element("h2", "What moved");
  std::vector<std::string> lines;
  for (const ComparedFigure* one : in_order(comparison)) {
    if (one->moved == Moved::same || lines.size() == 6) break;
    lines.push_back(fmt::format("{}, {}: {} to {} {} ({})", one->scope, one->measure,
                                value_text(*one, one->difference.base), value_text(*one, one->difference.fresh),
                                one->unit, change_text(*one, one->difference.change)));
  }
  if (lines.empty()) lines.emplace_back("Nothing that is more than noise.");
  for (const std::string& remark : comparison.remarks) lines.push_back("Note: " + remark);
  left.add(page::list(lines)).close();
  Html right;
  right.open("section").element("h2", "What was compared");
  right
      .add(page::facts({{"Base", side_text(comparison.base), false},
                        {"New", side_text(comparison.fresh), false},
                        {"How", method(), false}}))
      .close();
  std::vector<Html> parts;
  parts.push_back(std::move(left));
  parts.push_back(std::move(right));
  body.add(page::side_by_side(std::move(parts)));
  std::vector<Html> charts;
  for (const page::Chart& chart : curves(base, fresh)) charts.push_back(page::chart(chart));
  if (!charts.empty()) body.add(page::section("curves", "Both curves", page::side_by_side(std::move(charts))));
  if (!comparison.gates.empty()) body.add(page::section("gates", "Checks that changed", gates_table(comparison)));
  body.add(page::section("figures", "Every figure", figures_table(comparison)));
  return page::document(
      {"Comparison of load runs", "Comparison", "Written by launchgate-load. Nothing is loaded from anywhere.", 0},
      std::move(body));
}

}  // namespace launchgate::load
