#include "decide/go_policy.hpp"

namespace launchgate::decide {
namespace {

using document::JsonValue;
using document::ObjectReader;

Requirement read_requirement(ObjectReader& reader) {
  Requirement requirement;
  requirement.id = reader.text("id");
  requirement.title = reader.text("title");
  requirement.source = reader.text("source");
  requirement.command = reader.optional_text("command");
  requirement.section = reader.optional_text("section");
  requirement.strict = reader.flag("strict");
  reader.each("checks", false, [&](const JsonValue& pattern) {
    auto matcher = evidence::Matcher::whole(pattern);
    if (!matcher) return reader.refuse(matcher.error());
    requirement.checks.emplace_back(pattern.string(), *std::move(matcher));
  });
  return requirement;
}

}  // namespace

base::Result<GoPolicy> load_go_policy(const document::JsonDocument& tiers) {
  std::optional<base::Error> error;
  GoPolicy policy;
  ObjectReader root(tiers.root(), "tier ladder", error, evidence::tier_ladder_options);
  root.object("decision", "decision", true, [&](ObjectReader& decision) {
    decision.object("values", "values", true, [&](ObjectReader& values) {
      policy.go = values.text("go");
      policy.conditional = values.text("conditional");
      policy.no_go = values.text("noGo");
    });
    decision.objects("dispositions", "disposition", true, [&](ObjectReader& disposition) {
      policy.dispositions[disposition.text("id")] = disposition.strings("requires", true);
    });
    decision.objects("requirements", "requirement", true,
                     [&](ObjectReader& requirement) { policy.requirements.push_back(read_requirement(requirement)); });
    decision.objects("skips", "skip", true, [&](ObjectReader& skip) {
      policy.skips.push_back({skip.text("at"), skip.text("title")});
    });
    policy.laddered = decision.strings("requiresLowerProfiles", true);
    policy.quota_expected = decision.text("quotaExpected");
  });
  if (error) return *error;
  return policy;
}

}  // namespace launchgate::decide
