#include "decide/go_policy.hpp"

#include "lib/evidence/json_writer.hpp"

namespace launchgate::decide {

using document::JsonKind;
using document::JsonValue;

base::Result<GoPolicy> load_go_policy(const document::JsonDocument& tiers) {
  const auto section = tiers.root().find("decision");
  const auto part = [&](std::string_view name, JsonKind kind) {
    const auto value = section ? section->find(name) : std::nullopt;
    return value && value->is(kind) ? value : std::nullopt;
  };
  const auto values = part("values", JsonKind::object);
  const auto dispositions = part("dispositions", JsonKind::array);
  const auto requirements = part("requirements", JsonKind::array);
  const auto skips = part("skips", JsonKind::array);
  const auto laddered = part("requiresLowerProfiles", JsonKind::array);
  const auto quota = part("quotaExpected", JsonKind::string);
  if (!values || !dispositions || !requirements || !skips || !laddered || !quota) {
    return base::Error{base::ErrorCategory::configuration, tiers.path(), section.value_or(tiers.root()).span().begin,
                       "the tier ladder does not describe decisions", "see schemas/tier-ladder.schema.json"};
  }
  GoPolicy policy;
  policy.go = values->string_member("go");
  policy.conditional = values->string_member("conditional");
  policy.no_go = values->string_member("noGo");
  for (const JsonValue entry : dispositions->elements()) {
    std::vector<std::string>& wanted = policy.dispositions[std::string(entry.string_member("id"))];
    if (const auto list = entry.find("requires")) {
      for (const JsonValue name : list->elements()) wanted.emplace_back(name.string());
    }
  }
  for (const JsonValue entry : requirements->elements()) {
    Requirement requirement;
    requirement.id = entry.string_member("id");
    requirement.title = entry.string_member("title");
    requirement.source = entry.string_member("source");
    requirement.command = entry.string_member("command");
    requirement.section = entry.string_member("section");
    if (const auto strict = entry.find("strict")) requirement.strict = strict->boolean();
    if (const auto checks = entry.find("checks")) {
      for (const JsonValue pattern : checks->elements()) {
        const auto whole = document::JsonDocument::parse(
            tiers.path(), evidence::quote_json("^(?:" + std::string(pattern.string()) + ")$"));
        if (!whole) return base::Error(whole.error());
        auto matcher = evidence::Matcher::compile(whole->root());
        if (!matcher) return std::move(matcher).error();
        requirement.checks.emplace_back(pattern.string(), std::move(*matcher));
      }
    }
    policy.requirements.push_back(std::move(requirement));
  }
  for (const JsonValue entry : skips->elements())
    policy.skips.push_back({std::string(entry.string_member("at")), std::string(entry.string_member("title"))});
  for (const JsonValue name : laddered->elements()) policy.laddered.emplace_back(name.string());
  policy.quota_expected = quota->string();
  return policy;
}

}  // namespace launchgate::decide
