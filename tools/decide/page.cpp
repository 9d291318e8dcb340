#include <fmt/format.h>

#include <algorithm>

#include "decide/render.hpp"
#include "lib/base/rfc3339.hpp"
#include "lib/base/text.hpp"
#include "lib/page/page.hpp"

namespace launchgate::decide {
namespace {

using page::Cell;
using page::Html;
using page::text_cell;
using page::Tone;

Tone tone_of(Outcome outcome) {
  return outcome == Outcome::go ? Tone::good : outcome == Outcome::conditional ? Tone::warn : Tone::bad;
}

Html lines_table(const GoPolicy& go, const Verdict& verdict) {
  page::Table table{"t-lines",
                    "What the decision requires",
                    {{"Requirement", false}, {"Outcome", false}, {"Reasons", false}},
                    {},
                    true};
  for (const Line& line : verdict.lines) {
    table.rows.push_back({text_cell(line.title),
                          page::text_cell(std::string(name(go, line.outcome)), tone_of(line.outcome)),
                          text_cell(base::joined(line.reasons, "; "))});
  }
  return page::table(table);
}

Html why(const Verdict& verdict) {
  std::vector<std::string> lines;
  for (const Line& line : verdict.lines) {
    if (line.outcome == Outcome::go) continue;
    lines.push_back(line.title + (line.reasons.empty() ? "" : ": " + line.reasons.front()) +
                    (line.reasons.size() > 1 ? fmt::format(" (and {} more)", line.reasons.size() - 1) : ""));
  }
  if (lines.empty()) lines.emplace_back("Everything that a go requires is there.");
  return page::list(lines);
}

Html subject(const Verdict& verdict, const Record& record) {
  std::vector<page::Fact> facts = {{"Profile", record.profile, false},
                                   {"Decided", base::format_date_time(record.now), false},
                                   {"Commit", verdict.commit.empty() ? "none agreed on" : verdict.commit, true}};
  for (const auto& [image, digest] : verdict.digests) facts.push_back({image + " image", digest, true});
  for (const suite::AppliedWaiver& waiver : record.waivers)
    facts.push_back({"Waived until " + waiver.expires,
                     fmt::format("{} ({}), by {}: {}", waiver.rule, waiver.scope, waiver.owner, waiver.reason), false});
  return page::facts(facts);
}

}  // namespace

std::string verdict_page(const GoPolicy& go, const Verdict& verdict, const Record& record) {
  const auto met = std::count_if(verdict.lines.begin(), verdict.lines.end(),
                                 [](const Line& line) { return line.outcome == Outcome::go; });
  Html body;
  body.add(page::banner({tone_of(verdict.outcome), base::upper_case(name(go, verdict.outcome)),
                         "Launch decision for " + record.profile,
                         fmt::format("{} of {} requirements are met.", met, verdict.lines.size())}));
  Html left;
  left.open("section").element("h2", verdict.outcome == Outcome::go ? "Why" : "Why not").add(why(verdict)).close();
  Html right;
  right.open("section").element("h2", "What it is about").add(subject(verdict, record)).close();
  std::vector<Html> parts;
  parts.push_back(std::move(left));
  parts.push_back(std::move(right));
  body.add(page::side_by_side(std::move(parts)));
  body.add(page::section("lines", "Requirements", lines_table(go, verdict)));
  page::Table inputs{
      "t-inputs", "Files with their digests", {{"Role", false}, {"File", false}, {"SHA-256", false}}, {}, false};
  for (const InputDigest& input : record.inputs)
    inputs.rows.push_back({text_cell(input.role), text_cell(input.path), text_cell(input.sha256)});
  body.add(page::section("inputs", "What was read", page::table(inputs)));
  return page::document(
      {"Launch decision for " + record.profile, "Launch decision",
       fmt::format("Decided {} by launchgate-decide {}.", base::format_date_time(record.now), record.version), 0},
      std::move(body));
}

}  // namespace launchgate::decide
