#include "lib/suite/waivers.hpp"

#include <algorithm>
#include <array>

#include "lib/base/similar.hpp"
#include "lib/base/text.hpp"
#include "lib/evidence/believable.hpp"
#include "lib/evidence/policy.hpp"
#include "lib/io/path.hpp"
#include "lib/rules/json_rule.hpp"

namespace launchgate::suite {
namespace {

using document::JsonKind;
using document::JsonValue;
using finding::Finding;
using finding::RuleInfo;
using finding::Severity;

constexpr std::size_t shortest_reason = 10;

enum RuleIndex : std::uint8_t { expired, forbidden, malformed, too_long, unknown, unused };

// Rules that stand in the tools, in no pack and no kind of the configuration.
constexpr std::array<std::string_view, 7> tool_prefixes = {"change",    "check", "filled-report", "leaks",
                                                           "promotion", "suite", "waivers"};

struct Waiver {
  JsonValue place;
  AppliedWaiver shown;
  std::string file;
  std::string item;
  std::string tier;
  bool usable = true;  // neither expired nor too long
  bool is_used = false;
};

Finding found(RuleIndex index, const JsonValue& at, std::string message, std::string help = {}) {
  const RuleInfo info = waiver_rules()[index];
  Finding finding = finding::make_finding(info, at.document().source(), at.span(), std::move(message),
                                          help.empty() ? info.help : std::move(help));
  finding.json_pointer = at.pointer();
  return finding;
}

bool is_never(const WaiverLimits& limits, std::string_view rule) {
  return std::any_of(limits.never.begin(), limits.never.end(), [&](std::string_view one) {
    if (one.starts_with('*')) return rule.ends_with(one.substr(1));
    return one.ends_with('*') ? rule.starts_with(one.substr(0, one.size() - 1)) : rule == one;
  });
}

std::string_view prefix_of(std::string_view rule) { return rule.substr(0, rule.find('/')); }

// Whether no tool could ever apply such a rule. A run knows all rules of the prefixes that it consulted, and of the
// others that they exist.
bool is_unknown(std::string_view rule, const WaiverContext& context) {
  const std::string_view prefix = prefix_of(rule);
  if (prefix == "check" || context.rules.contains(std::string(rule)) || context.idle.contains(std::string(rule)))
    return false;
  const auto sibling = context.rules.lower_bound(std::string(prefix) + "/");
  const bool consulted = sibling != context.rules.end() && prefix_of(*sibling) == prefix;
  return consulted || (!context.prefixes.empty() && !context.prefixes.contains(std::string(prefix)));
}

// None, with a finding, for what is no waiver.
std::optional<Waiver> read(const JsonValue& place, const WaiverLimits& limits, std::vector<Finding>& findings) {
  const auto refuse = [&](const JsonValue& at, std::string message) {
    findings.push_back(found(malformed, at, std::move(message)));
    return std::nullopt;
  };
  if (!place.is(JsonKind::object)) return refuse(place, "a waiver must be an object");
  for (const JsonValue::Member member : place.members()) {
    if (!evidence::contains({"rule", "check", "scope", "owner", "reason", "expires"}, member.name())) {
      return refuse(member.key, "a waiver has no member " + rules::quoted(member.name()));
    }
  }
  Waiver waiver{place, {}, "", "", ""};
  const auto rule = place.find("rule");
  const auto check = place.find("check");
  if (rule.has_value() == check.has_value()) return refuse(place, "a waiver names one rule or one check");
  const JsonValue name = rule ? *rule : *check;
  if (base::trim(name.string()).empty()) return refuse(name, "the name of the rule or check must be a text");
  waiver.shown.rule = (rule ? "" : "check/") + std::string(name.string());
  for (const auto& [key, target] : {std::pair("owner", &waiver.shown.owner), std::pair("reason", &waiver.shown.reason),
                                    std::pair("expires", &waiver.shown.expires)}) {
    const auto value = place.find(key);
    if (!value || base::trim(value->string()).empty())
      return refuse(value.value_or(place), std::string("a waiver needs \"") + key + "\"");
    *target = value->string();
    if (evidence::is_placeholder(limits.placeholders, *target) || evidence::says_nothing(limits.placeholders, *target))
      return refuse(*value, std::string(key) + " is " + rules::shown(*value) + ", which names nobody and nothing");
  }
  if (base::trim(waiver.shown.reason).size() < shortest_reason)
    return refuse(*place.find("reason"), "the reason must be at least 10 characters long");
  const auto scope = place.find("scope");
  if (!scope || !scope->is(JsonKind::object) || scope->size() == 0)
    return refuse(scope.value_or(place), "a waiver needs a scope: a file, an item or a tier");
  for (const JsonValue::Member member : scope->members()) {
    std::string* target = nullptr;
    if (member.name() == "file") target = &waiver.file;
    if (member.name() == "item") target = &waiver.item;
    if (member.name() == "tier") target = &waiver.tier;
    if (target == nullptr || member.value.string().empty())
      return refuse(member.key, "a scope holds texts named file, item and tier");
    *target = member.value.string();
    if (evidence::is_placeholder(limits.placeholders, *target))
      return refuse(member.value, "the scope is " + rules::shown(member.value) + ", a placeholder");
    waiver.shown.scope += (waiver.shown.scope.empty() ? "" : ", ") + std::string(member.name()) + " " + *target;
  }
  return waiver;
}

void check_time(Waiver& waiver, base::Milliseconds now, const WaiverLimits& limits, std::vector<Finding>& findings) {
  const JsonValue at = *waiver.place.find("expires");
  const auto last_day = base::parse_date(waiver.shown.expires);
  waiver.usable = false;
  if (!last_day) {
    findings.push_back(found(malformed, at, "expires is " + rules::shown(at) + ", no date YYYY-MM-DD"));
  } else if (now >= *last_day + base::milliseconds_per_day) {
    findings.push_back(
        found(expired, at, "the waiver of " + waiver.shown.rule + " expired on " + waiver.shown.expires));
  } else if (*last_day - now > limits.max_days * base::milliseconds_per_day) {
    findings.push_back(found(too_long, at,
                             "the waiver of " + waiver.shown.rule + " expires on " + waiver.shown.expires +
                                 ", more than " + std::to_string(limits.max_days) + " days ahead"));
  } else {
    waiver.usable = true;
  }
}

bool covers(const Waiver& waiver, const Finding& finding, const WaiverContext& context) {
  if (waiver.shown.rule != finding.rule_id) return false;
  if (!waiver.file.empty() && waiver.file != finding.file) return false;
  if (!waiver.tier.empty() && waiver.tier != context.tier) return false;
  return waiver.item.empty() || (context.items_judged && finding.item == waiver.item);
}

// Whether this run could have needed the waiver.
bool is_concerned(const Waiver& waiver, const WaiverContext& context) {
  if (!waiver.tier.empty() && waiver.tier != context.tier) return false;
  if (!waiver.item.empty() && !context.items_judged) return false;
  return waiver.shown.rule.starts_with("check/") ? context.gate_checks : context.rules.contains(waiver.shown.rule);
}

}  // namespace

std::vector<RuleInfo> waiver_rules() {
  return {
      RuleInfo{"waivers/expired", Severity::error, "a waiver has expired",
               "mend the finding, or renew the waiver with its owner",
               "a waiver that nobody renews has no owner any more", "", ""},
      RuleInfo{"waivers/forbidden", Severity::error, "a waiver is about something that cannot be waived",
               "remove the waiver and mend the finding",
               "a leaked value stays leaked, and missing evidence stays missing, whoever signs", "", ""},
      RuleInfo{"waivers/malformed", Severity::error, "a waiver is not complete",
               "give it one rule or check, a scope, an owner, a reason and a date",
               "a waiver without an owner, a reason or an end is a switched-off rule", "", ""},
      RuleInfo{"waivers/too-long", Severity::error, "a waiver lasts longer than allowed",
               "choose an earlier date and renew it then", "what is waived for long is not looked at again", "", ""},
      RuleInfo{"waivers/unknown", Severity::error, "a waiver names a rule that does not exist",
               "correct the rule's id; --list-rules shows all", "a misspelt waiver waives nothing, and nobody sees why",
               "", ""},
      RuleInfo{"waivers/unused", Severity::error, "a waiver waives nothing", "remove it, or correct its rule and scope",
               "a waiver left behind would hide the next finding of its kind", "", ""},
  };
}

base::Result<WaiverLimits> waiver_limits(const document::JsonDocument& tiers) {
  const auto section = tiers.root().find("waivers");
  const auto days = section ? section->find("maxDays") : std::nullopt;
  const auto never = section ? section->find("never") : std::nullopt;
  if (!days || !days->integer() || *days->integer() < 1 || !never || !never->is(JsonKind::array)) {
    return base::Error{base::ErrorCategory::configuration, tiers.path(), tiers.root().span().begin,
                       "the tier ladder does not say what a waiver may do", "give it a member \"waivers\""};
  }
  WaiverLimits limits;
  limits.max_days = *days->integer();
  for (const JsonValue rule : never->elements()) limits.never.emplace_back(rule.string());
  auto placeholders = evidence::load_placeholders(tiers);
  if (!placeholders) return placeholders.error();
  limits.placeholders = std::move(*placeholders);
  return limits;
}

std::vector<AppliedWaiver> apply_waivers(std::vector<Finding>& findings, const document::JsonDocument& document,
                                         base::Milliseconds now, const WaiverLimits& limits,
                                         const WaiverContext& context) {
  std::vector<Finding> own;
  std::vector<Waiver> waivers;
  const auto list = document.root().find("waivers");
  if (!list || !list->is(JsonKind::array)) {
    own.push_back(found(malformed, list.value_or(document.root()), "the file has no list \"waivers\""));
  } else {
    for (const JsonValue place : list->elements()) {
      auto waiver = read(place, limits, own);
      if (!waiver) continue;
      if (is_never(limits, waiver->shown.rule)) {
        own.push_back(found(forbidden, place, waiver->shown.rule + " cannot be waived"));
        continue;
      }
      if (is_unknown(waiver->shown.rule, context)) {
        own.push_back(found(unknown, *place.find("rule"), "there is no rule " + rules::quoted(waiver->shown.rule),
                            base::did_you_mean(waiver->shown.rule, {context.rules.begin(), context.rules.end()})));
        continue;
      }
      check_time(*waiver, now, limits, own);
      waivers.push_back(std::move(*waiver));
    }
  }

  std::vector<AppliedWaiver> applied;
  for (Waiver& waiver : waivers) {
    for (Finding& finding : findings) {
      if (!covers(waiver, finding, context)) continue;
      if (context.is_protected && context.is_protected(finding)) {
        if (!waiver.is_used)
          own.push_back(
              found(forbidden, waiver.place, waiver.shown.rule + " cannot be waived here: " + finding.message));
        waiver.is_used = true;
        continue;
      }
      waiver.is_used = true;
      if (!waiver.usable || finding.status != finding::Status::open) continue;
      finding.status = finding::Status::waived;
      finding.waiver = finding::Waiver{waiver.shown.owner, waiver.shown.reason, waiver.shown.expires};
      if (std::find(applied.begin(), applied.end(), waiver.shown) == applied.end()) applied.push_back(waiver.shown);
    }
    if (!waiver.is_used && waiver.usable && is_concerned(waiver, context)) {
      own.push_back(found(unused, waiver.place,
                          "the waiver of " + waiver.shown.rule + " for " + waiver.shown.scope + " waives nothing"));
    }
  }
  findings.insert(findings.end(), std::make_move_iterator(own.begin()), std::make_move_iterator(own.end()));
  return applied;
}

base::Result<WaiversOutcome> apply_waivers(Workspace& workspace, std::vector<Finding>& findings, base::Milliseconds now,
                                           const std::function<WaiverContext()>& make_context) {
  WaiversOutcome outcome;
  const std::string& path = workspace.configuration().waivers;
  const auto kind = workspace.configuration().kinds.find("waivers");
  if (path.empty() || kind == workspace.configuration().kinds.end()) return outcome;
  LoadOutcome loaded = workspace.load({{path, kind->second, false, false}});
  outcome.unreadable = loaded.unreadable;
  findings.insert(findings.end(), std::make_move_iterator(loaded.findings.begin()),
                  std::make_move_iterator(loaded.findings.end()));
  if (loaded.documents.empty() || !loaded.documents.front()->json) return outcome;
  outcome.document = loaded.documents.front()->json;
  const auto limits = waiver_limits(workspace.tiers());
  if (!limits) return limits.error();
  WaiverContext context = make_context();
  for (const auto& [name, one] : workspace.configuration().kinds) context.prefixes.insert(one.rule_prefix);
  for (const std::string& name : workspace.resources().rule_names()) context.prefixes.insert(name);
  for (const std::string_view prefix : tool_prefixes) context.prefixes.emplace(prefix);
  outcome.applied = apply_waivers(findings, *outcome.document, now, *limits, context);
  return outcome;
}

}  // namespace launchgate::suite
