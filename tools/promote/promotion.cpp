#include "promote/promotion.hpp"

#include <fmt/format.h>

#include "lib/base/hex.hpp"
#include "lib/base/text.hpp"
#include "lib/document/equality.hpp"
#include "lib/evidence/believable.hpp"
#include "lib/rules/json_rule.hpp"

namespace launchgate::promote {
namespace {

using document::JsonKind;
using document::JsonValue;
using evidence::Findings;
using evidence::Policy;
using evidence::Rung;

std::string image_path(const Policy& policy, const std::string& image) {
  return policy.report.image_digests + "/" + document::escape_pointer_segment(image);
}

}  // namespace

void check_claim(const Policy& policy, const Rung& rung, const JsonValue& matrix, Findings& findings) {
  const auto tiers = evidence::find_at(matrix, policy.matrix.tiers);
  if (!tiers || !tiers->is(JsonKind::object)) {
    findings.add("claim-status", "", tiers.value_or(matrix),
                 fmt::format("{} is not claimable: the evidence matrix has no tiers", rung.claim));
    return;
  }
  const auto status_of = [&](const Rung& one) {
    return tiers->find(one.matrix_tier) ? evidence::find_at(*tiers->find(one.matrix_tier), policy.matrix.claim_status)
                                        : std::nullopt;
  };
  const auto is = [](const std::optional<JsonValue>& status, const std::string& wanted) {
    return status && status->is(JsonKind::string) && status->string() == wanted;
  };

  const auto own = status_of(rung);
  const std::string& wanted = rung.hosted ? policy.ladder.evidence_status : policy.ladder.accepted_status;
  if (!is(own, wanted)) {
    findings.add("claim-status", "", own.value_or(*tiers),
                 fmt::format("{} is not claimable: claimStatus of {} is {}, must be {}", rung.claim, rung.matrix_tier,
                             own ? rules::shown(*own) : "missing", wanted));
  }
  if (!rung.requires_below) return;
  for (const Rung& below : policy.ladder.rungs) {
    if (&below == &rung || below.claim == rung.claim) break;
    const auto status = status_of(below);
    if (is(status, policy.ladder.accepted_status) || is(status, policy.ladder.evidence_status)) continue;
    findings.add("rung-skipped", "", status.value_or(*tiers),
                 fmt::format("{} skips {}, whose claimStatus is {}", rung.claim, below.claim,
                             status ? rules::shown(*status) : "missing"));
  }
}

void check_pins(const Policy& policy, const Rung& rung, const JsonValue& record, const Pins& pins, Findings& findings) {
  for (const auto& [id, item] : evidence::items_by_id(policy, record)) {
    const auto report = evidence::find_at(item, policy.record.report);
    if (!report) continue;
    if (const auto commit = evidence::find_at(*report, policy.report.commit_sha);
        commit && pins.commit && base::lower_case(commit->string()) != *pins.commit) {
      findings.add("expected-commit", id, *commit,
                   fmt::format("commit {} must match expected release commit {}", rules::shown(*commit), *pins.commit));
    }
    for (const auto& [image, digest] : pins.digests) {
      const auto found = evidence::find_at(*report, image_path(policy, image));
      if (!found || base::lower_case(found->string()) == digest) continue;
      findings.add("expected-digest", id, *found,
                   fmt::format("digest {} must match pushed {} image digest {}", rules::shown(*found), image, digest));
    }
  }
  const auto unpinned = [&](const std::string& what) {
    finding::Finding& found =
        findings.add("unpinned", "", record, fmt::format("{} is not pinned: no {} is given", rung.claim, what));
    if (!rung.require_pins) found.severity = finding::Severity::warning;
    found.context += what;
  };
  if (!pins.commit) unpinned("expected commit");
  for (const std::string& image : policy.images) {
    if (!pins.digests.contains(image)) unpinned("pushed " + image + " image digest");
  }
}

void check_template(const Policy&, const JsonValue& record, const JsonValue& template_record, Findings& findings) {
  if (record.document().source().text() == template_record.document().source().text() ||
      document::equal(record, template_record)) {
    findings.add("template", "", record,
                 "must not use the committed public launch evidence template: the record's content is the template's");
  }
}

std::optional<std::string> digest_of(const std::string& image, const document::JsonDocument& file, Findings& findings) {
  const auto digest = file.root().find("digest");
  if (digest && base::is_image_digest(digest->string())) return base::lower_case(digest->string());
  findings.add("image-file", "", digest.value_or(file.root()),
               fmt::format("the file of the {} image holds {} as \"digest\", no sha256:<64 hex digits>", image,
                           digest ? rules::shown(*digest) : "nothing"));
  return std::nullopt;
}

}  // namespace launchgate::promote
