#include "launchgate/status.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/evidence/record_checks.hpp"

namespace launchgate::suite_tool {
namespace {

using document::JsonKind;
using document::JsonValue;
using promote::Requirement;
using promote::RequirementStatus;

std::vector<std::string> strings_of(const std::optional<JsonValue>& list) {
  std::vector<std::string> out;
  if (!list || !list->is(JsonKind::array)) return out;
  for (const auto one : list->elements()) out.emplace_back(one.string());
  return out;
}

class Maker {
 public:
  explicit Maker(const StatusRequest& request)
      : request_(request), policy_(request.policy), decision_(request.decision) {}

  Status make() {
    out_.tier = decision_.rung.claim;
    out_.complete = decision_.promoted;
    out_.now = decision_.now;
    out_.version = decision_.version;
    out_.commit = decision_.commit;
    out_.waivers = decision_.waivers;
    if (request_.is_public) {
      for (suite::AppliedWaiver& waiver : out_.waivers) waiver.owner = waiver.reason = "";
    }
    tiers();
    for (const Requirement& requirement : decision_.requirements) out_.lines.push_back(line_of(requirement));
    steps();
    return std::move(out_);
  }

 private:
  void tiers() {
    for (const evidence::Rung& rung : policy_.ladder.rungs) {
      StatusTier tier;
      tier.claim = rung.claim;
      tier.asked = rung.claim == decision_.rung.claim;
      if (request_.matrix) {
        const auto all = evidence::find_at(*request_.matrix, policy_.matrix.tiers);
        if (const auto found = all ? all->find(rung.matrix_tier) : std::nullopt) {
          tier.claim_status = evidence::string_at(*found, policy_.matrix.claim_status);
          tier.description = found->string_member("description");
          tier.blocked_by = strings_of(found->find("blockedBy"));
        }
      }
      out_.tiers.push_back(std::move(tier));
    }
  }

  std::string category_of(const std::string& item) const {
    const auto items = request_.matrix ? evidence::find_at(*request_.matrix, policy_.matrix.items) : std::nullopt;
    const auto found = items ? items->find(item) : std::nullopt;
    return found ? std::string(found->string_member("category")) : "";
  }

  std::string standing_of(const Requirement& requirement) const {
    switch (requirement.status) {
      case RequirementStatus::met:
        return "met";
      case RequirementStatus::waived:
        return "waived";
      case RequirementStatus::stale:
        return "stale";
      case RequirementStatus::unmet:
        break;
    }
    if (requirement.item.empty()) return requirement.reasons.empty() ? "missing" : "failed";
    if (!requirement.evidence) return "missing";
    const auto status = evidence::string_at(*requirement.evidence, policy_.record.status);
    return status == policy_.record.pass_status || status == policy_.record.fail_status ? "failed" : "missing";
  }

  StatusLine line_of(const Requirement& requirement) const {
    StatusLine line;
    line.id = requirement.id;
    line.is_item = !requirement.item.empty();
    line.standing = standing_of(requirement);
    for (const finding::Finding& reason : requirement.reasons) {
      if (reason.status != finding::Status::open) continue;
      // A reason may quote what only the record may hold.
      line.reasons.emplace_back(request_.is_public ? std::string_view(reason.rule_id)
                                                   : evidence::text_beside_item(reason));
    }
    if (request_.is_public) {
      std::sort(line.reasons.begin(), line.reasons.end());
      line.reasons.erase(std::unique(line.reasons.begin(), line.reasons.end()), line.reasons.end());
    }
    if (!line.is_item) return line;
    line.category = category_of(requirement.item);
    line.is_signed = decision_.signed_items.contains(requirement.item);
    if (!requirement.evidence) return line;
    const JsonValue& entry = *requirement.evidence;
    const auto owner = evidence::string_at(entry, policy_.record.owner);
    if (!request_.is_public && !owner.starts_with('{')) line.owner = owner;
    const auto report = evidence::find_at(entry, policy_.record.report);
    if (!report) return line;
    line.proof = promote::proof_of(policy_, decision_, requirement);
    line.finished = base::parse_date_time(evidence::string_at(*report, policy_.report.finished_at));
    if (line.finished) {
      const std::int64_t days = decision_.rung.max_age_days.value_or(decision_.rung.stale_after_days);
      line.expires = *line.finished + days * base::milliseconds_per_day;
    }
    return line;
  }

  std::string manifest() const {
    return request_.is_public || request_.manifest.empty() ? "RECORD" : request_.manifest;
  }

  // The commands of an item that no run of it has shown yet; all of them where the runs themselves are at fault.
  std::vector<std::string> commands_of(const Requirement& requirement) const {
    if (!request_.matrix) return {};
    std::vector<std::string> wanted = evidence::required_commands(policy_, *request_.matrix, requirement.item);
    const auto report =
        requirement.evidence ? evidence::find_at(*requirement.evidence, policy_.record.report) : std::nullopt;
    if (!report) return wanted;
    const bool at_fault =
        std::any_of(requirement.reasons.begin(), requirement.reasons.end(), [&](const finding::Finding& reason) {
          return reason.status == finding::Status::open && reason.severity == finding::Severity::error &&
                 reason.json_pointer.find(policy_.record.report) != std::string::npos;
        });
    if (at_fault || requirement.status == RequirementStatus::stale) return wanted;
    const std::vector<std::string> shown = strings_of(evidence::find_at(*report, policy_.report.evidence_commands));
    std::erase_if(wanted, [&](const std::string& command) { return evidence::contains(shown, command); });
    return wanted;
  }

  void steps() {
    const bool hosted = decision_.rung.record_tier.has_value();
    const auto open = [&](std::string_view id) {
      return std::any_of(out_.lines.begin(), out_.lines.end(),
                         [&](const StatusLine& line) { return line.id == id && !line.done(); });
    };
    if (open("documents")) out_.next.push_back({"the repository's documents have errors", "launchgate check"});
    if (hosted && request_.manifest.empty())
      out_.next.push_back({"there is no evidence record yet",
                           fmt::format("launchgate record init --tier {} --output RECORD", decision_.rung.claim)});
    runs();
    fields();
    if (hosted && (open("record") && !request_.manifest.empty()))
      out_.next.push_back({"the record itself is refused", "launchgate record --manifest " + manifest()});
    if (open("claim"))
      out_.next.push_back({"the evidence matrix does not let this tier be claimed", "launchgate matrix --show"});
    if (out_.complete || out_.next.empty() || hosted) {
      std::string pins;
      if (hosted && decision_.unpinned) {
        pins = " --expected-commit-sha SHA";
        for (const std::string& image : policy_.images) pins += fmt::format(" --{}-image-json FILE", image);
      }
      out_.next.push_back({out_.complete ? "everything is there" : "when all of that is there",
                           fmt::format("launchgate promote --tier {}{}{} --decision FILE", decision_.rung.claim,
                                       hosted ? " --manifest " + manifest() : "", pins)});
    }
  }

  // One step for each command, with all the items that it serves.
  void runs() {
    std::vector<std::pair<std::string, std::vector<std::string>>> by_command;
    for (const Requirement& requirement : decision_.requirements) {
      if (requirement.item.empty() || requirement.status == RequirementStatus::met ||
          requirement.status == RequirementStatus::waived)
        continue;
      for (const std::string& command : commands_of(requirement)) {
        auto known =
            std::find_if(by_command.begin(), by_command.end(), [&](const auto& one) { return one.first == command; });
        if (known == by_command.end()) known = by_command.insert(by_command.end(), {command, {}});
        known->second.push_back(requirement.item);
      }
    }
    for (const auto& [command, items] : by_command) {
      std::string line = fmt::format("launchgate record run --manifest {} --item {}", manifest(), items.front());
      for (std::size_t i = 1; i < items.size(); ++i) line += " --also " + items[i];
      out_.next.push_back({items.size() == 1 ? "for " + items.front() : fmt::format("for {} items", items.size()),
                           line + " -- " + command});
    }
  }

  // Items whose runs are there, and whose words are not.
  void fields() {
    for (const Requirement& requirement : decision_.requirements) {
      if (requirement.item.empty() || !requirement.evidence || requirement.status != RequirementStatus::unmet) continue;
      if (!commands_of(requirement).empty()) continue;
      std::string why = requirement.item;
      if (!request_.is_public && !requirement.reasons.empty())
        why += ": " + std::string(evidence::text_beside_item(requirement.reasons.front()));
      out_.next.push_back({std::move(why), fmt::format("launchgate record attach --manifest {} --item {} --file REPORT",
                                                       manifest(), requirement.item)});
    }
  }

  const StatusRequest& request_;
  const evidence::Policy& policy_;
  const promote::Decision& decision_;
  Status out_;
};

}  // namespace

std::size_t Status::missing() const {
  return static_cast<std::size_t>(
      std::count_if(lines.begin(), lines.end(), [](const StatusLine& line) { return !line.done(); }));
}
std::size_t Status::items() const {
  return static_cast<std::size_t>(
      std::count_if(lines.begin(), lines.end(), [](const StatusLine& line) { return line.is_item; }));
}
std::size_t Status::items_met() const {
  return static_cast<std::size_t>(
      std::count_if(lines.begin(), lines.end(), [](const StatusLine& line) { return line.is_item && line.done(); }));
}

Status make_status(const StatusRequest& request) { return Maker(request).make(); }

}  // namespace launchgate::suite_tool
