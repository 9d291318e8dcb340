#include <fmt/format.h>

#include <algorithm>

#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/validator/checks.hpp"

namespace launchgate::validator {
namespace {

using document::JsonKind;
using document::JsonValue;
using finding::Finding;
using finding::RuleInfo;
using finding::Severity;

enum RuleIndex : std::uint8_t { accepted_tier, ladder_tiers };

std::vector<RuleInfo> tier_rules() {
  return {
      RuleInfo{
          "matrix/accepted-tier", Severity::error,
          "exactly one tier is accepted, and it is the one that the matrix names",
          "give one tier the accepted status, and name it as the accepted tier",
          "a build is promoted to the accepted tier without private evidence; two of them, or none, leave open which",
          R"({"acceptedPublicTier": "a", "tiers": {"a": {"claimStatus": "not-claimed"}}})",
          R"({"acceptedPublicTier": "a", "tiers": {"a": {"claimStatus": "accepted-public"}}})"},
      RuleInfo{"matrix/ladder-tiers", Severity::error,
               "the matrix has the tiers of the ladder, each of them and no other",
               "add what is missing, or correct the name",
               "a tier without an entry could be promoted on evidence that nobody asked for", "", ""},
  };
}

Finding found(RuleIndex rule, const JsonValue& at, std::string message, std::string help) {
  const RuleInfo info = tier_rules()[rule];
  Finding finding = finding::make_finding(info, at.document().source(), at.span(), std::move(message), std::move(help));
  finding.json_pointer = at.pointer();
  return finding;
}

std::optional<JsonValue> at(const JsonValue& root, const JsonValue& section, std::string_view member) {
  return root.document().at(section.string_member(member));
}

std::string quoted(std::string_view text) { return '"' + base::printable(base::utf8_prefix(text, 80)) + '"'; }

std::vector<Finding> check_tiers(const rules::JsonSubject& subject) {
  std::vector<Finding> findings;
  const auto ladders = subject.documents.find(rules::tiers_kind);
  if (ladders == subject.documents.end() || ladders->second.empty()) return findings;
  const JsonValue ladder = ladders->second.front();
  const auto section = ladder.find("matrix");
  const auto tiers = section ? at(subject.root, *section, "tiers") : std::nullopt;
  if (!tiers || !tiers->is(JsonKind::object)) return findings;

  std::vector<std::string> expected;
  if (const auto steps = ladder.find("ladder")) {
    for (const JsonValue step : steps->elements()) expected.emplace_back(step.string_member("matrixTier"));
  }
  std::vector<std::string> present;
  for (const JsonValue::Member member : tiers->members()) present.emplace_back(member.name());
  for (const JsonValue::Member member : tiers->members()) {
    if (std::find(expected.begin(), expected.end(), member.name()) != expected.end()) continue;
    Finding finding = found(ladder_tiers, member.key, "tier " + quoted(member.name()) + " is not on the ladder",
                            base::did_you_mean(member.name(), expected));
    findings.push_back(std::move(finding));
  }
  for (const std::string& name : expected) {
    if (std::find(present.begin(), present.end(), name) != present.end()) continue;
    findings.push_back(found(ladder_tiers, *tiers, "tier " + quoted(name) + " of the ladder is missing",
                             "add it with its claim status"));
  }

  const std::string accepted_status(ladder.string_member("acceptedStatus"));
  const auto named = at(subject.root, *section, "acceptedTier");
  std::vector<JsonValue::Member> accepted;
  for (const JsonValue::Member member : tiers->members()) {
    const auto status =
        subject.root.document().at(member.value.pointer() + std::string(section->string_member("claimStatus")));
    if (status && status->string() == accepted_status) accepted.push_back(member);
  }
  if (accepted.empty()) {
    findings.push_back(found(accepted_tier, *tiers, fmt::format("no tier has the status {}", quoted(accepted_status)),
                             "exactly one tier is the accepted one"));
  }
  for (std::size_t i = 1; i < accepted.size(); ++i) {
    findings.push_back(
        found(accepted_tier, accepted[i].key,
              fmt::format("tier {} is accepted beside {}", quoted(accepted[i].name()), quoted(accepted[0].name())),
              "exactly one tier is the accepted one"));
  }
  if (named && accepted.size() == 1 && named->string() != accepted[0].name()) {
    findings.push_back(found(accepted_tier, *named,
                             fmt::format("the accepted tier is named as {}, but {} has the status {}",
                                         quoted(named->string()), quoted(accepted[0].name()), quoted(accepted_status)),
                             "let both say the same"));
  }
  return findings;
}

}  // namespace

suite::KindCheck tier_check() { return {std::string(rules::matrix_kind), tier_rules(), check_tiers}; }

}  // namespace launchgate::validator
