#include <fmt/format.h>

#include <algorithm>

#include "launchgate/status.hpp"
#include "lib/base/text.hpp"
#include "lib/base/utf8.hpp"
#include "lib/document/json_writer.hpp"
#include "lib/evidence/duration.hpp"
#include "lib/page/chart.hpp"
#include "lib/page/page.hpp"

namespace launchgate::suite_tool {
namespace {

using page::Cell;
using page::Html;
using page::Tone;

std::string day(base::Milliseconds time) { return base::format_date_time(time).substr(0, 10); }

std::string age(const Status& status, const StatusLine& line) {
  if (!line.finished || *line.finished > status.now) return "";
  return evidence::describe_duration(status.now - *line.finished);
}

std::string padded(std::string_view text, std::size_t width) {
  std::string out = base::printable(text);
  if (base::count_code_points(out) > width) out = std::string(base::code_points_prefix(out, width - 1)) + "…";
  return out + std::string(width - std::min(width, base::count_code_points(out)), ' ');
}

Tone tone_of(const std::string& standing) {
  return standing == "met" ? Tone::good : standing == "failed" ? Tone::bad : Tone::warn;
}

std::string painted(const std::string& text, const std::string& standing, bool color) {
  if (!color) return text;
  return fmt::format("\x1b[{}m{}\x1b[0m", standing == "met" ? 32 : standing == "failed" ? 31 : 33, text);
}

std::string headline(const Status& status) {
  if (status.complete) return "nothing is missing";
  const std::size_t missing = status.missing();
  std::string text = fmt::format("{} {} missing", missing, missing == 1 ? "requirement is" : "requirements are");
  if (status.items() > 0) text += fmt::format("; {} of {} items met", status.items_met(), status.items());
  return text;
}

std::string claim_words(const StatusTier& tier) {
  return tier.claim_status.empty() ? "not in the matrix" : tier.claim_status;
}

Html tiers_table(const Status& status) {
  page::Table table{
      "t-tiers", "Tiers of the ladder", {{"Tier", false}, {"Claim", false}, {"Blocked by", false}}, {}, false};
  for (const StatusTier& tier : status.tiers) {
    const std::string blocked = base::joined(tier.blocked_by, "; ");
    const bool accepted = tier.claim_status.starts_with("accepted");
    table.rows.push_back({page::text_cell(tier.claim + (tier.asked ? " (this page)" : "")),
                          page::text_cell(claim_words(tier), accepted ? Tone::good : Tone::plain),
                          page::text_cell(blocked.empty() ? tier.description : blocked)});
  }
  return page::table(table);
}

Html lines_table(const Status& status) {
  page::Table table{"t-items",
                    "What the tier requires",
                    {{"Requirement", false},
                     {"Status", false},
                     {"Category", false},
                     {"Owner", false},
                     {"Age", true},
                     {"Good until", true},
                     {"Proof", false},
                     {"What is missing", false}},
                    {},
                    true};
  for (const StatusLine& line : status.lines) {
    std::string reasons;  // of what is missing: what is met may have remarks, which the decision tells
    for (std::size_t i = 0; i < std::min<std::size_t>(line.done() ? 0 : line.reasons.size(), 3); ++i)
      reasons += (i > 0 ? "; " : "") + line.reasons[i];
    if (!line.done() && line.reasons.size() > 3) reasons += fmt::format("; and {} more", line.reasons.size() - 3);
    Cell when = page::text_cell(age(status, line));
    if (line.finished) when.number = static_cast<double>(status.now - *line.finished);
    table.rows.push_back({page::text_cell(line.id), page::text_cell(line.standing, tone_of(line.standing)),
                          page::text_cell(line.category), page::text_cell(line.owner), when,
                          page::text_cell(line.expires ? day(*line.expires) : ""),
                          page::text_cell(line.proof + (line.is_signed ? ", signed" : "")), page::text_cell(reasons)});
  }
  return page::table(table);
}

Html next_list(const Status& status) {
  Html out;
  out.open("ol");
  for (const NextStep& step : status.next)
    out.open("li").element("span", step.why + ": ").element("code", step.command).close();
  out.close();
  return out;
}

// What is met of each category, in the order in which they come.
Html how_far(const Status& status) {
  Html out;
  out.open("section").element("h2", "How far");
  const auto add = [&](const std::string& name, std::size_t met, std::size_t all) {
    out.add(page::meter({name, fmt::format("{} of {}", met, all), static_cast<double>(met) / static_cast<double>(all),
                         met == all ? Tone::good : Tone::warn, true}));
  };
  std::vector<std::string> categories;
  for (const StatusLine& line : status.lines) {
    if (line.is_item && std::find(categories.begin(), categories.end(), line.category) == categories.end())
      categories.push_back(line.category);
  }
  if (status.items() > 0) add("All evidence items", status.items_met(), status.items());
  for (const std::string& category : categories) {
    std::size_t met = 0;
    std::size_t all = 0;
    for (const StatusLine& line : status.lines) {
      if (!line.is_item || line.category != category) continue;
      ++all;
      met += line.done() ? 1U : 0U;
    }
    if (!category.empty()) add(category, met, all);
  }
  if (categories.empty()) out.add(page::paragraph("This tier rests on the repository alone."));
  out.close();
  return out;
}

Html as_of(const Status& status) {
  Html out;
  out.open("section").element("h2", "As of " + day(status.now));
  std::vector<page::Fact> facts = {{"Time", base::format_date_time(status.now), false}};
  if (!status.commit.empty()) facts.push_back({"Commit", status.commit, true});
  facts.push_back({"Last decision",
                   status.last ? fmt::format("{}, {}, {}", status.last->tier, status.last->result, status.last->when)
                               : "none was given",
                   false});
  std::optional<base::Milliseconds> first;
  for (const StatusLine& line : status.lines) {
    if (line.expires && (!first || *line.expires < *first)) first = line.expires;
  }
  if (first) facts.push_back({"Evidence good until", day(*first), false});
  for (const suite::AppliedWaiver& waiver : status.waivers)
    facts.push_back({"Waived until " + waiver.expires, waiver.rule, false});
  out.add(page::facts(facts)).close();
  return out;
}

}  // namespace

std::string status_json(const Status& status) {
  document::JsonWriter out;
  out.begin_object()
      .member("tool", "launchgate status")
      .member("version", status.version)
      .member("now", base::format_date_time(status.now));
  out.member("tier", status.tier).member("complete", status.complete).member("missing", status.missing());
  out.key("tiers").begin_array();
  for (const StatusTier& tier : status.tiers) {
    out.begin_object()
        .member("tier", tier.claim)
        .member("claimStatus", tier.claim_status)
        .member("blockedBy", tier.blocked_by)
        .end_object();
  }
  out.end_array().key("requirements").begin_array();
  for (const StatusLine& line : status.lines) {
    out.begin_object().member("id", line.id).member("item", line.is_item).member("status", line.standing);
    if (!line.category.empty()) out.member("category", line.category);
    if (!line.owner.empty()) out.member("owner", line.owner);
    if (line.finished) out.member("finishedAt", base::format_date_time(*line.finished));
    if (line.expires) out.member("goodUntil", base::format_date_time(*line.expires));
    if (!line.proof.empty()) out.member("proof", line.proof).member("signed", line.is_signed);
    out.member("reasons", line.reasons).end_object();
  }
  out.end_array().key("next").begin_array();
  for (const NextStep& step : status.next)
    out.begin_object().member("why", step.why).member("command", step.command).end_object();
  out.end_array().key("waivers").begin_array();
  for (const suite::AppliedWaiver& waiver : status.waivers) {
    out.begin_object().member("rule", waiver.rule).member("scope", waiver.scope);
    if (!waiver.owner.empty()) out.member("owner", waiver.owner);
    out.member("expires", waiver.expires).end_object();
  }
  out.end_array().key("lastDecision");
  if (status.last) {
    out.begin_object()
        .member("tier", status.last->tier)
        .member("result", status.last->result)
        .member("now", status.last->when)
        .end_object();
  } else {
    out.null();
  }
  out.end_object();
  return out.take() + "\n";
}

std::string status_text(const Status& status, bool color) {
  std::string out = fmt::format("{}: {}\n\n", base::printable(status.tier),
                                painted(headline(status), status.complete ? "met" : "missing", color));
  for (const StatusTier& tier : status.tiers)
    out +=
        fmt::format("{} {} {}\n", tier.asked ? ">" : " ", padded(tier.claim, 24), base::printable(claim_words(tier)));
  out += fmt::format("\n  {} {} {} {} good until\n", padded("status", 8), padded("requirement", 37),
                     padded("owner", 13), padded("age", 6));
  for (const StatusLine& line : status.lines) {
    std::string row =
        fmt::format("  {} {} {} {} {}", painted(padded(line.standing, 8), line.standing, color), padded(line.id, 37),
                    padded(line.owner, 13), padded(age(status, line), 6), line.expires ? day(*line.expires) : "");
    while (row.ends_with(' ')) row.pop_back();
    out += row + "\n";
  }
  if (status.last)
    out += fmt::format("\nlast decision: {}, {}, {}\n", base::printable(status.last->tier),
                       base::printable(status.last->result), base::printable(status.last->when));
  for (const suite::AppliedWaiver& waiver : status.waivers)
    out += fmt::format("waived: {} until {}\n", base::printable(waiver.rule), base::printable(waiver.expires));
  out += "\nnext:\n";
  for (std::size_t i = 0; i < status.next.size(); ++i)
    out +=
        fmt::format("{:>3}. {}\n     $ {}\n", i + 1,
                    padded(status.next[i].why, 74).substr(0, padded(status.next[i].why, 74).find_last_not_of(' ') + 1),
                    base::printable(status.next[i].command));
  return out;
}

std::string status_page(const Status& status) {
  Html body;
  body.add(page::banner({status.complete ? Tone::good : Tone::warn, status.complete ? "READY" : "NOT YET",
                         "The way to " + status.tier, headline(status) + "."}));
  std::vector<Html> parts;
  parts.push_back(how_far(status));
  parts.push_back(as_of(status));
  body.add(page::side_by_side(std::move(parts)));
  body.add(page::section("next", "Next", next_list(status)));
  body.add(page::section("required", "What " + status.tier + " requires", lines_table(status)));
  body.add(page::section("tiers", "The ladder", tiers_table(status)));
  return page::document(
      {"Launch status: " + status.tier, "Launch status",
       fmt::format("Written {} by launchgate {}.", base::format_date_time(status.now), status.version), 0},
      std::move(body));
}

}  // namespace launchgate::suite_tool
