#include "launchgate/rule_groups.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/base/utf8.hpp"
#include "lib/schema/schema.hpp"
#include "lib/validator/rule_texts.hpp"

namespace launchgate::suite_tool {
namespace {

using document::JsonValue;

// Groups that no kind of document gives a name to, with their schemas.
struct Group {
  std::string_view name;
  std::string_view schema;
};
constexpr Group groups[] = {{"configuration", "launchgate"},
                            {"tier-ladder", "tier-ladder"},
                            {"operation-catalogue", "operation-catalogue"},
                            {"load-report", "load-report"}};

std::optional<std::string> schema_of(const suite::Configuration& configuration, std::string_view group) {
  for (const Group& one : groups) {
    if (one.name == group) return std::string(one.schema);
  }
  for (const auto& [name, kind] : configuration.kinds) {
    if (kind.rule_prefix == group && kind.schema) return kind.schema;
  }
  return std::nullopt;
}

std::string_view description(const JsonValue& schema) {
  const std::string_view own = schema.string_member("description");
  const std::string_view reference = schema.string_member("$ref");
  if (!own.empty() || !reference.starts_with("#/")) return own;
  const auto target = schema.document().at(reference.substr(1));
  return target ? target->string_member("description") : own;
}

// The members of a file, each with a line.
std::string members_text(const JsonValue& schema) {
  const auto properties = schema.find("properties");
  if (!properties) return "";
  std::size_t width = 0;
  for (const JsonValue::Member member : properties->members()) width = std::max(width, member.name().size());
  std::string text;
  for (const JsonValue::Member member : properties->members()) {
    const std::string_view told = description(member.value);
    const std::string shown = base::printable(member.name());
    text += told.empty() ? fmt::format("  {}\n", shown)
                         : fmt::format("  {:<{}}  {}\n", shown, width, base::printable(told));
  }
  return text;
}

}  // namespace

std::vector<finding::RuleInfo> schema_rules() {
  std::vector<finding::RuleInfo> rules;
  for (const Group& group : groups) {
    const auto some = schema::rule_infos(group.name);
    rules.insert(rules.end(), some.begin(), some.end());
  }
  return rules;
}

std::optional<std::string> group_text(suite::Workspace& workspace, const std::vector<finding::RuleInfo>& rules,
                                      std::string_view group) {
  const std::string prefix = std::string(group) + '/';
  std::vector<finding::RuleInfo> own;
  std::copy_if(rules.begin(), rules.end(), std::back_inserter(own),
               [&](const finding::RuleInfo& rule) { return rule.id.starts_with(prefix); });
  if (own.empty()) return std::nullopt;
  std::string text = base::printable(group);
  text += '\n';
  if (const auto schema = schema_of(workspace.configuration(), group)) {
    if (const auto document = workspace.resources().schema(*schema)) {
      const JsonValue root = (*document)->root();
      if (const std::string_view told = description(root); !told.empty())
        text += fmt::format("\n  {}\n", base::printable(told));
      if (const std::string members = members_text(root); !members.empty())
        text += fmt::format("\nWhat it holds\n{}", members);
    }
  }
  return text + fmt::format("\nRules; `launchgate explain {}` tells more of one\n{}", base::printable(own.front().id),
                            validator::rules_text(own));
}

}  // namespace launchgate::suite_tool
