#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "lib/base/rfc3339.hpp"
#include "lib/base/similar.hpp"
#include "lib/base/text.hpp"
#include "lib/base/utf8.hpp"
#include "promote/decision.hpp"

namespace launchgate::promote {
namespace {

using evidence::Policy;
using finding::Finding;

constexpr std::size_t widest_reason = 100;

struct Row {
  std::string status;
  std::string name;
  std::string text;
  std::string place;
};

std::string place_of(const Finding& reason) {
  if (reason.file.empty()) return "";
  const std::string file = base::printable(reason.file);
  return reason.span.begin.line == 0 ? file
                                     : fmt::format("{}:{}:{}", file, reason.span.begin.line, reason.span.begin.column);
}

std::string text_of(const Finding& reason) {
  std::string text = fmt::format("{} [{}]", base::printable(evidence::text_beside_item(reason)), reason.rule_id);
  if (reason.waiver) {
    text += fmt::format(" — waived by {} until {}: {}", base::printable(reason.waiver->owner), reason.waiver->expires,
                        base::printable(reason.waiver->reason));
  }
  if (reason.help.starts_with("did you mean")) text += " " + base::printable(reason.help);
  if (reason.severity != finding::Severity::error) text = std::string(name(reason.severity)) + ": " + text;
  return text;
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t used = base::count_code_points(text);
  return used < width ? text + std::string(width - used, ' ') : text;
}

std::string painted(const std::string& text, RequirementStatus status, bool color) {
  if (!color) return text;
  const char* code = status == RequirementStatus::met ? "32" : status == RequirementStatus::waived ? "33" : "31";
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

std::string age_of(const Policy& policy, const Requirement& requirement, base::Milliseconds now) {
  const auto report =
      requirement.evidence ? evidence::find_at(*requirement.evidence, policy.record.report) : std::nullopt;
  const auto finished =
      report ? base::parse_date_time(evidence::string_at(*report, policy.report.finished_at)) : std::nullopt;
  return finished && *finished <= now ? "finished " + evidence::describe_duration(now - *finished) + " ago" : "";
}

std::string footer(const Policy& policy, const Decision& decision) {
  std::size_t met = 0;
  std::optional<base::Milliseconds> oldest;
  for (const Requirement& requirement : decision.requirements) {
    if (requirement.item.empty()) continue;
    if (requirement.status == RequirementStatus::met) ++met;
    const auto report =
        requirement.evidence ? evidence::find_at(*requirement.evidence, policy.record.report) : std::nullopt;
    const auto finished =
        report ? base::parse_date_time(evidence::string_at(*report, policy.report.finished_at)) : std::nullopt;
    if (finished && *finished <= decision.now) oldest = std::max(oldest.value_or(0), decision.now - *finished);
  }
  std::string text = fmt::format("{} item{} met", met, met == 1 ? "" : "s");
  if (!decision.commit.empty()) text += fmt::format(" · commit {}", decision.commit.substr(0, 7));
  text += decision.unpinned ? " · not pinned from outside the record" : " · commit and digests pinned";
  const bool has_record = std::any_of(decision.requirements.begin(), decision.requirements.end(),
                                      [](const Requirement& one) { return one.evidence.has_value(); });
  if (has_record)
    text += decision.signed_items.empty() ? std::string(" · unsigned")
                                          : fmt::format(" · {} signed", decision.signed_items.size());
  if (oldest) text += " · oldest evidence " + evidence::describe_duration(*oldest);
  if (!decision.waivers.empty())
    text += fmt::format(" · {} waiver{} applied", decision.waivers.size(), decision.waivers.size() == 1 ? "" : "s");
  return text;
}

constexpr std::size_t said_once = 3;  // what holds for so many items is said once

bool is_refused(RequirementStatus status) {
  return status == RequirementStatus::unmet || status == RequirementStatus::stale;
}

// The rows of a decision, the worst first.
class Table {
 public:
  Table(const Policy& policy, const Decision& decision) : policy_(policy), decision_(decision) {
    for (const Requirement& requirement : decision.requirements) {
      if (requirement.item.empty()) continue;
      for (const Finding& reason : requirement.reasons)
        shared_[{requirement.status, text_of(reason)}].push_back(requirement.item);
    }
    std::erase_if(shared_, [](const auto& entry) { return entry.second.size() < said_once; });
  }

  std::vector<std::pair<RequirementStatus, Row>> rows(bool quiet) {
    for (const RequirementStatus wanted :
         {RequirementStatus::unmet, RequirementStatus::stale, RequirementStatus::waived, RequirementStatus::met}) {
      if (wanted == RequirementStatus::met && quiet) continue;
      for (const auto& [key, items] : shared_) {
        if (key.first != wanted) continue;
        add(wanted, fmt::format("{} items", items.size()), fmt::format("{}: {}", key.second, base::joined(items, ", ")),
            "");
      }
      for (const Requirement& requirement : decision_.requirements) {
        if (requirement.status == wanted) add(requirement);
      }
    }
    return std::move(rows_);
  }

 private:
  void add(RequirementStatus status, std::string who, std::string text, std::string place) {
    rows_.push_back({status, {std::string(name(status)), std::move(who), std::move(text), std::move(place)}});
  }

  void add(const Requirement& requirement) {
    if (requirement.reasons.empty())
      return add(requirement.status, requirement.id, age_of(policy_, requirement, decision_.now), "");
    bool first = true;
    for (const Finding& reason : requirement.reasons) {
      if (!requirement.item.empty() && shared_.contains({requirement.status, text_of(reason)})) continue;
      add(requirement.status, first ? requirement.id : "", text_of(reason), place_of(reason));
      if (!first) rows_.back().second.status.clear();
      first = false;
    }
  }

  const Policy& policy_;
  const Decision& decision_;
  std::map<std::pair<RequirementStatus, std::string>, std::vector<std::string>> shared_;  // items
  std::vector<std::pair<RequirementStatus, Row>> rows_;
};

std::string verdict_line(const Decision& decision, bool color) {
  if (decision.promoted)
    return painted(fmt::format("{} promotion gate validated", decision.rung.claim), RequirementStatus::met, color) +
           "\n";
  std::size_t items = 0;
  std::size_t refused = 0;
  std::size_t reasons = 0;
  for (const Requirement& requirement : decision.requirements) {
    items += requirement.item.empty() ? 0U : 1U;
    if (!is_refused(requirement.status)) continue;
    refused += requirement.item.empty() ? 0U : 1U;
    for (const Finding& reason : requirement.reasons)
      reasons += reason.severity == finding::Severity::error && reason.status == finding::Status::open ? 1U : 0U;
  }
  std::string counts = decision.rung.record_tier ? fmt::format("{} of {} items, ", refused, items) : "";
  counts += fmt::format("{} reason{}", reasons, reasons == 1 ? "" : "s");
  return fmt::format("promotion to {}: {} ({})\n", decision.rung.claim,
                     painted("REFUSED", RequirementStatus::unmet, color), counts);
}

}  // namespace

std::string decision_text(const Policy& policy, const Decision& decision, bool color, bool quiet) {
  const auto rows = Table(policy, decision).rows(quiet);
  const std::string verdict = verdict_line(decision, color);
  std::string text = verdict;
  std::size_t name_width = 0;
  std::size_t text_width = 0;
  for (const auto& [status, row] : rows) {
    name_width = std::max(name_width, base::count_code_points(row.name));
    text_width = std::max(text_width, std::min(widest_reason, base::count_code_points(row.text)));
  }
  for (const auto& [status, row] : rows) {
    std::string line = "  " + painted(padded(row.status, 6), status, color) + "  " + padded(row.name, name_width) +
                       "  " + padded(row.text, row.place.empty() ? 0 : text_width);
    if (!row.place.empty()) line += "  " + row.place;
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  if (!quiet)
    text += "  " +
            (decision.rung.record_tier ? footer(policy, decision)
                                       : std::string("no private evidence is needed for this tier")) +
            "\n";
  // Whoever reads the end of a log sees it, too.
  return rows.empty() ? text : text + verdict;
}

}  // namespace launchgate::promote
