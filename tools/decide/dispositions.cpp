#include "decide/dispositions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/evidence/believable.hpp"
#include "lib/rules/json_rule.hpp"

namespace launchgate::decide {

using document::JsonKind;
using document::JsonValue;

std::vector<JsonValue> Dispositions::entries_about(const FailedCheck& check) const {
  std::vector<JsonValue> entries;
  const auto list = inputs_.findings ? inputs_.findings->root.find("findings") : std::nullopt;
  if (!list) return entries;
  for (const JsonValue entry : list->elements()) {
    if (entry.string_member("check") != check.name) continue;
    const std::string_view source = entry.string_member("source");
    if (source.empty() || source == check.source || source == check.path || source == check.name)
      entries.push_back(entry);
  }
  return entries;
}

Settled Dispositions::settle(const FailedCheck& check) const {
  const std::string what =
      fmt::format("{} failed in {}{}", check.name, check.source, check.message.empty() ? "" : ": " + check.message);
  if (inputs_.waived.contains(check.name)) return {Outcome::conditional, what + " (waived)"};
  const auto entries = entries_about(check);
  if (entries.empty()) return {Outcome::no_go, what + "; it has no disposition"};
  if (entries.size() > 1) return {Outcome::no_go, fmt::format("{}; it has {} dispositions", what, entries.size())};
  const JsonValue& entry = entries.front();
  const std::string disposition(entry.string_member("disposition"));
  const auto known = go_.dispositions.find(disposition);
  if (known == go_.dispositions.end())
    return {Outcome::no_go, fmt::format("{}; {} is no disposition", what, rules::quoted(disposition))};
  for (const std::string& field : known->second) {
    const auto value = entry.find(field);
    const bool blank =
        !value || (value->is(JsonKind::string) && evidence::is_placeholder(policy_.placeholders, value->string()));
    if (blank) return {Outcome::no_go, fmt::format("{}; {} lacks {}", what, disposition, field)};
  }
  // What needs nothing more than to be mended is still failing here.
  if (known->second.empty()) return {Outcome::no_go, fmt::format("{}; {}: mend it and run again", what, disposition)};
  const std::string_view tier = entry.string_member("tier");
  if (!tier.empty() && !is_own_tier(tier))
    return {Outcome::no_go, fmt::format("{}; its disposition is about tier {}", what, rules::quoted(tier))};
  if (const auto blocking = entry.find("blocking");
      blocking && (!blocking->is(JsonKind::boolean) || blocking->boolean()))
    return {Outcome::no_go, fmt::format("{}; {}, blocking", what, disposition)};
  return {Outcome::conditional, fmt::format("{}; {}", what, disposition)};
}

bool Dispositions::is_own_tier(std::string_view tier) const {
  return tier == inputs_.profile ||
         std::any_of(policy_.ladder.rungs.begin(), policy_.ladder.rungs.end(), [&](const evidence::Rung& rung) {
           return rung.evidence_profile == inputs_.profile &&
                  (tier == rung.claim || tier == rung.matrix_tier || rung.record_tier == tier);
         });
}

}  // namespace launchgate::decide
