#include <fmt/format.h>

#include <algorithm>

#include "lib/base/hex.hpp"
#include "lib/base/rfc3339.hpp"
#include "lib/base/text.hpp"
#include "lib/evidence/duration.hpp"
#include "lib/page/chart.hpp"
#include "lib/page/page.hpp"
#include "promote/decision.hpp"

namespace launchgate::promote {
namespace {

using evidence::Policy;
using page::Cell;
using page::Html;
using page::text_cell;
using page::Tone;

constexpr std::size_t shown_reasons = 6;

std::string reason_text(const finding::Finding& reason) {
  std::string text(evidence::text_beside_item(reason));
  if (reason.waiver) text += fmt::format(" (waived by {} until {})", reason.waiver->owner, reason.waiver->expires);
  if (reason.severity != finding::Severity::error) text = std::string(finding::name(reason.severity)) + ": " + text;
  return text;
}

std::string place_text(const finding::Finding& reason) {
  if (reason.file.empty()) return "";
  const std::string file = published_path(reason.file);
  return reason.span.begin.line == 0 ? file : fmt::format("{}:{}", file, reason.span.begin.line);
}

Tone tone_of(RequirementStatus status) {
  switch (status) {
    case RequirementStatus::met:
      return Tone::good;
    case RequirementStatus::waived:
    case RequirementStatus::stale:
      return Tone::warn;
    case RequirementStatus::unmet:
      break;
  }
  return Tone::bad;
}

// What an item rests on, in words that a manager has.
std::string proof_words(const Policy& policy, const Decision& decision, const Requirement& requirement) {
  if (requirement.item.empty() || !requirement.evidence) return "";
  const std::string_view proof = proof_of(policy, decision, requirement);
  std::string words = proof == "recomputes" ? "recomputed from the timeline"
                      : proof == "shows"    ? "figures judged again"
                                            : "the record's word";
  if (decision.signed_items.contains(requirement.item)) words += ", signed";
  return words;
}

std::string finished(const Policy& policy, const Requirement& requirement) {
  const auto report =
      requirement.evidence ? evidence::find_at(*requirement.evidence, policy.record.report) : std::nullopt;
  const auto time =
      report ? base::parse_date_time(evidence::string_at(*report, policy.report.finished_at)) : std::nullopt;
  return time ? base::format_date_time(*time) : "";
}

std::string checksum(const Policy& policy, const Requirement& requirement) {
  if (!requirement.evidence) return "";
  const auto text = evidence::string_at(*requirement.evidence, policy.record.checksum);
  return base::is_checksum(text) ? std::string(text) : "";
}

Html requirements(const Policy& policy, const Decision& decision) {
  page::Table table{"t-requirements",
                    "Requirements and their evidence",
                    {{"Requirement", false},
                     {"Status", false},
                     {"Rests on", false},
                     {"Finished", false},
                     {"Checksum", false},
                     {"Reasons", false}},
                    {},
                    true};
  for (const Requirement& requirement : decision.requirements) {
    std::string reasons;
    for (const finding::Finding& reason : requirement.reasons)
      reasons += (reasons.empty() ? "" : "; ") + reason_text(reason);
    table.rows.push_back(
        {text_cell(requirement.id), page::text_cell(std::string(name(requirement.status)), tone_of(requirement.status)),
         text_cell(proof_words(policy, decision, requirement)), text_cell(finished(policy, requirement)),
         text_cell(checksum(policy, requirement)), text_cell(std::move(reasons))});
  }
  return page::table(table);
}

Html refusals(const Decision& decision) {
  std::vector<std::string> lines;
  std::size_t more = 0;
  for (const Requirement& requirement : decision.requirements) {
    for (const finding::Finding& reason : requirement.reasons) {
      if (reason.severity != finding::Severity::error || reason.status != finding::Status::open) continue;
      if (lines.size() == shown_reasons) {
        ++more;
        continue;
      }
      const std::string place = place_text(reason);
      lines.push_back(requirement.id + ": " + reason_text(reason) + (place.empty() ? "" : " (" + place + ")"));
    }
  }
  if (more > 0) lines.push_back(fmt::format("and {} more, below", more));
  if (lines.empty())
    lines.push_back(decision.promoted ? "Every requirement is met." : "A requirement has no evidence.");
  return page::list(lines);
}

// What no file, figure or signature stood for.
Html trusted(const Policy& policy, const Decision& decision) {
  std::vector<std::string> lines;
  std::string says;
  for (const Requirement& requirement : decision.requirements) {
    if (requirement.item.empty() || !requirement.evidence || decision.signed_items.contains(requirement.item)) continue;
    if (proof_of(policy, decision, requirement) == "says") says += (says.empty() ? "" : ", ") + requirement.item;
  }
  if (decision.unpinned)
    lines.emplace_back("The commit or the images are what the record says; nothing from outside pins all of them.");
  if (!says.empty()) lines.push_back("The record's word alone stands for: " + says + ".");
  for (const suite::AppliedWaiver& waiver : decision.waivers)
    lines.push_back(fmt::format("{} is waived by {} until {}: {} ({})", waiver.rule, waiver.owner, waiver.expires,
                                waiver.reason, waiver.scope));
  if (lines.empty()) lines.emplace_back("Nothing.");
  return page::list(lines);
}

Html subject(const Decision& decision) {
  std::vector<page::Fact> facts = {{"Tier", decision.rung.claim, false},
                                   {"Decided", base::format_date_time(decision.now), false},
                                   {"Commit", decision.commit.empty() ? "none" : decision.commit, true}};
  for (const auto& [image, digest] : decision.digests) facts.push_back({image + " image", digest, true});
  facts.push_back(
      {"Pinned from outside", decision.rung.record_tier ? (decision.unpinned ? "no" : "yes") : "not needed", false});
  facts.push_back({"Signed items", std::to_string(decision.signed_items.size()), false});
  facts.push_back({"Rules", "sha256:" + decision.rules_digest, true});
  return page::facts(facts);
}

Html inputs(const Decision& decision) {
  page::Table table{
      "t-inputs", "Files with their digests", {{"Role", false}, {"File", false}, {"SHA-256", false}}, {}, false};
  for (const Input& input : decision.inputs)
    table.rows.push_back({text_cell(input.role), text_cell(input.path), text_cell(input.sha256)});
  return page::table(table);
}

}  // namespace

std::string decision_page(const Policy& policy, const Decision& decision) {
  std::size_t met = 0;
  for (const Requirement& requirement : decision.requirements)
    met += requirement.status == RequirementStatus::met || requirement.status == RequirementStatus::waived ? 1 : 0;
  Html body;
  body.add(page::banner({decision.promoted ? Tone::good : Tone::bad, decision.promoted ? "PROMOTED" : "REFUSED",
                         "Promotion to " + decision.rung.claim,
                         fmt::format("{} of {} requirements are met.", met, decision.requirements.size())}));
  Html left;
  left.open("section").element("h2", decision.promoted ? "Why" : "Why not").add(refusals(decision)).close();
  left.open("section").element("h2", "Taken on trust").add(trusted(policy, decision)).close();
  Html right;
  right.open("section").element("h2", "What it is about").add(subject(decision)).close();
  std::vector<Html> parts;
  parts.push_back(std::move(left));
  parts.push_back(std::move(right));
  body.add(page::side_by_side(std::move(parts)));
  body.add(page::section("requirements", "Requirements", requirements(policy, decision)));
  body.add(page::section("inputs", "What was read", inputs(decision)));
  return page::document(
      {"Promotion to " + decision.rung.claim, "Promotion",
       fmt::format("Decided {} by launchgate-promote {}.", base::format_date_time(decision.now), decision.version), 0},
      std::move(body));
}

}  // namespace launchgate::promote
