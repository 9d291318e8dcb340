#include "promote/decision.hpp"

#include <algorithm>

#include "lib/base/hex.hpp"
#include "lib/base/rfc3339.hpp"
#include "lib/base/text.hpp"
#include "lib/document/json_writer.hpp"
#include "lib/evidence/believable.hpp"
#include "lib/evidence/record_checks.hpp"
#include "promote/statement.hpp"

namespace launchgate::promote {
namespace {

using document::JsonKind;
using document::JsonValue;
using document::JsonWriter;
using evidence::Policy;
using finding::Finding;

constexpr std::string_view claim_id = "claim";
constexpr std::string_view documents_id = "documents";
constexpr std::string_view record_id = "record";
constexpr std::string_view pins_id = "pins";
constexpr std::string_view stale_rule = "promotion/stale";

std::string_view short_rule(const Finding& reason) {
  return std::string_view(reason.rule_id).substr(reason.rule_id.find('/') + 1);
}

std::string_view requirement_of(const Finding& reason, const std::vector<std::string>& items,
                                const std::string& record) {
  if (!reason.item.empty() && evidence::contains(items, reason.item)) return reason.item;
  if (!reason.rule_id.starts_with("promotion/"))
    return !record.empty() && reason.file == record ? record_id : documents_id;
  const std::string_view rule = short_rule(reason);
  if (rule == "claim-status" || rule == "rung-skipped") return claim_id;
  if (rule == "unpinned" || rule == "image-file" || rule.starts_with("expected-")) return pins_id;
  return record_id;
}

RequirementStatus status_of(const std::vector<Finding>& reasons) {
  RequirementStatus status = RequirementStatus::met;
  for (const Finding& reason : reasons) {
    if (reason.severity != finding::Severity::error) continue;
    if (reason.status == finding::Status::open) {
      if (reason.rule_id != stale_rule) return RequirementStatus::unmet;
      status = RequirementStatus::stale;
    } else if (status == RequirementStatus::met) {
      status = RequirementStatus::waived;
    }
  }
  return status;
}

// What proves an item, as far as it is of a form that cannot hold a private value.
void write_evidence(JsonWriter& writer, const Policy& policy, const Decision& decision,
                    const Requirement& requirement) {
  const JsonValue& item = *requirement.evidence;
  writer.key("evidence").begin_object().member("proof", proof_of(policy, decision, requirement));
  writer.member("signed", decision.signed_items.contains(requirement.item));
  if (const auto checksum = evidence::string_at(item, policy.record.checksum); base::is_checksum(checksum))
    writer.member("checksum", checksum);
  if (const auto report = evidence::find_at(item, policy.record.report)) {
    if (const auto status = evidence::string_at(*report, policy.report.status);
        evidence::contains(policy.pass_statuses, status))
      writer.member("status", status);
    for (const auto& [name, pointer] :
         {std::pair("startedAt", &policy.report.started_at), std::pair("finishedAt", &policy.report.finished_at)}) {
      if (const auto time = evidence::string_at(*report, *pointer); base::parse_date_time(time))
        writer.member(name, time);
    }
    if (const auto duration = evidence::find_at(*report, policy.report.duration_ms);
        duration && duration->is(JsonKind::number) && duration->integer()) {
      writer.key("durationMs").value(*duration);
    }
  }
  writer.end_object();
}

void write_reason(JsonWriter& writer, const Finding& reason) {
  writer.begin_object().member("message", reason.message);
  if (!reason.file.empty()) writer.member("file", published_path(reason.file));
  if (reason.span.begin.line > 0) {
    writer.member("line", static_cast<std::int64_t>(reason.span.begin.line))
        .member("column", static_cast<std::int64_t>(reason.span.begin.column));
  }
  if (!reason.json_pointer.empty()) writer.member("pointer", reason.json_pointer);
  writer.end_object();
}

void write_decision(JsonWriter& writer, const Policy& policy, const Decision& decision) {
  writer.begin_object();
  writer.member("schemaVersion", 1)
      .member("purpose", "promotion-decision")
      .member("tool", "launchgate-promote")
      .member("version", decision.version);
  writer.member("now", base::format_date_time(decision.now))
      .member("tier", decision.rung.claim)
      .member("matrixTier", decision.rung.matrix_tier);
  writer.member("evidenceProfile", decision.rung.evidence_profile)
      .member("result", decision.promoted ? promoted_result : refused_result);
  writer.member("unpinned", decision.unpinned).key("commitSha");
  decision.commit.empty() ? writer.null() : writer.value(decision.commit);
  writer.key("imageDigests").begin_object();
  for (const auto& [image, digest] : decision.digests) writer.member(image, digest);
  writer.end_object().key("requirements").begin_array();
  for (const Requirement& requirement : decision.requirements) {
    writer.begin_object().member("id", requirement.id);
    if (!requirement.item.empty()) writer.member("item", requirement.item);
    writer.member("status", name(requirement.status));
    if (requirement.evidence) write_evidence(writer, policy, decision, requirement);
    writer.key("reasons").begin_array();
    for (const Finding& reason : requirement.reasons) write_reason(writer, reason);
    writer.end_array().end_object();
  }
  writer.end_array().key("waivers").begin_array();
  for (const suite::AppliedWaiver& waiver : decision.waivers) {
    writer.begin_object().member("rule", waiver.rule).member("scope", waiver.scope).member("owner", waiver.owner);
    writer.member("reason", waiver.reason).member("expires", waiver.expires).end_object();
  }
  writer.end_array().key("inputs").begin_array();
  for (const Input& input : decision.inputs) {
    writer.begin_object()
        .member("role", input.role)
        .member("path", input.path)
        .member("sha256", input.sha256)
        .end_object();
  }
  writer.end_array().member("rulesDigest", "sha256:" + decision.rules_digest).end_object();
}

// SLSA wants levels of other schemes in capitals and without its own prefix.
std::string level_name(std::string_view tier) { return "LAUNCHGATE_" + base::environment_name(tier); }

}  // namespace

std::string_view name(RequirementStatus status) {
  switch (status) {
    case RequirementStatus::met:
      return "met";
    case RequirementStatus::unmet:
      return "unmet";
    case RequirementStatus::stale:
      return "stale";
    case RequirementStatus::waived:
      return "waived";
  }
  return "unmet";
}

std::string_view proof_of(const Policy& policy, const Decision& decision, const Requirement& requirement) {
  const std::string timeline = "timeline " + requirement.item;
  for (const Input& input : decision.inputs) {
    if (input.role == timeline) return "recomputes";
  }
  const auto report = evidence::find_at(*requirement.evidence, policy.record.report);
  if (!report) return "says";
  bool shows = evidence::shows_figures(*report);
  evidence::walk(*report, [&](const std::optional<JsonValue>&, const JsonValue& value) {
    shows = shows || evidence::shows_figures(value);
    return !shows;
  });
  return shows ? "shows" : "says";
}

std::string published_path(const std::string& path) {
  return path.starts_with('/') ? path.substr(path.rfind('/') + 1) : path;
}

std::vector<Requirement> make_requirements(const Policy& policy, const evidence::Rung& rung,
                                           const std::vector<std::string>& items,
                                           const std::optional<JsonValue>& record, const std::string& path,
                                           const std::vector<Finding>& findings) {
  std::vector<Requirement> requirements;
  const auto add = [&](std::string_view id, bool is_item) {
    Requirement requirement;
    requirement.id = id;
    if (is_item) requirement.item = id;
    requirements.push_back(std::move(requirement));
  };
  add(claim_id, false);
  add(documents_id, false);
  if (rung.record_tier || !path.empty()) add(record_id, false);
  if (rung.record_tier) {
    add(pins_id, false);
    for (const std::string& item : items) add(item, true);
  }
  const auto entries = record ? evidence::items_by_id(policy, *record) : std::map<std::string, JsonValue>();
  for (Requirement& requirement : requirements) {
    if (const auto entry = entries.find(requirement.item); entry != entries.end()) requirement.evidence = entry->second;
    for (const Finding& reason : findings) {
      if (requirement_of(reason, items, path) == requirement.id) requirement.reasons.push_back(reason);
    }
    requirement.status = status_of(requirement.reasons);
    // An item without an entry is evidence of nothing, even where the reason stands elsewhere: the record could not be
    // read. For the same reason a record that is not there is nothing to be met or pinned.
    const bool about_record = requirement.id == record_id || requirement.id == pins_id;
    if (requirement.item.empty() ? about_record && !record : !requirement.evidence)
      requirement.status = RequirementStatus::unmet;
  }
  return requirements;
}

std::string decision_json(const Policy& policy, const Decision& decision) {
  JsonWriter writer;
  write_decision(writer, policy, decision);
  return writer.take() + "\n";
}

std::optional<std::string> statement_json(const Policy& policy, const Decision& decision) {
  if (decision.digests.empty()) return std::nullopt;
  JsonWriter writer;
  writer.begin_object().member("_type", statement_type).key("subject").begin_array();
  for (const auto& [image, digest] : decision.digests) {
    writer.begin_object()
        .member("name", image)
        .key("digest")
        .begin_object()
        .member("sha256", digest.substr(digest.find(':') + 1))
        .end_object()
        .end_object();
  }
  writer.end_array().member("predicateType", predicate_type).key("predicate").begin_object();
  writer.key("verifier").begin_object().member("id", verifier_id);
  writer.key("version").begin_object().member("launchgate", decision.version).end_object().end_object();
  writer.member("timeVerified", base::format_date_time(decision.now))
      .member("resourceUri", "urn:git-commit:" + (decision.commit.empty() ? "unknown" : decision.commit));
  writer.key("policy")
      .begin_object()
      .member("uri", "https://launchgate.dev/rules")
      .key("digest")
      .begin_object()
      .member("sha256", decision.rules_digest)
      .end_object()
      .end_object();
  writer.key("inputAttestations").begin_array();
  for (const Input& input : decision.inputs) {
    writer.begin_object()
        .member("uri", input.role + ":" + input.path)
        .key("digest")
        .begin_object()
        .member("sha256", input.sha256)
        .end_object()
        .end_object();
  }
  writer.end_array().member("verificationResult", decision.promoted ? passed_result : failed_result);
  writer
      .member("verifiedLevels",
              std::vector<std::string>{decision.promoted ? level_name(decision.rung.claim) : "FAILED"})
      .member("slsaVersion", "1.0");
  writer.key(decision_key);
  write_decision(writer, policy, decision);
  writer.end_object().end_object();
  return writer.take() + "\n";
}

}  // namespace launchgate::promote
