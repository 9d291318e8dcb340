#include "lib/schema/wording.hpp"

#include <algorithm>

#include "lib/base/ascii.hpp"
#include "lib/base/utf8.hpp"
#include "lib/schema/formats.hpp"

namespace launchgate::schema {
namespace {

using document::JsonKind;
using document::JsonValue;

constexpr std::size_t longest_help = 240;
constexpr std::size_t values_listed = 10;

std::string describe_range(const Plan& plan, Slice<NumberLimit> rules, std::string_view noun) {
  // The limit as written, or "".
  const auto limit = [&](Bound bound) -> std::string {
    for (const NumberLimit& each : plan.list(rules)) {
      if (each.bound == bound) return shortened(plan.text(each.text));
    }
    return {};
  };
  const std::string minimum = limit(Bound::minimum);
  const std::string maximum = limit(Bound::maximum);
  const std::string above = limit(Bound::exclusive_minimum);
  const std::string below = limit(Bound::exclusive_maximum);
  const std::string multiple = limit(Bound::multiple_of);
  std::string text(noun);
  if (!minimum.empty() && !maximum.empty() && above.empty() && below.empty()) {
    text += " from " + minimum + " to " + maximum;
  } else {
    std::vector<std::string> limits;
    if (!above.empty()) limits.push_back("above " + above);
    if (!minimum.empty()) limits.push_back("of at least " + minimum);
    if (!below.empty()) limits.push_back("below " + below);
    if (!maximum.empty()) limits.push_back((limits.empty() ? "of at most " : "at most ") + maximum);
    if (!limits.empty()) text += " " + join(limits, "and");
  }
  if (!multiple.empty()) text += " that is a multiple of " + multiple;
  return text;
}

std::string describe_string(const Plan& plan, const StringRules* rules) {
  if (rules == nullptr) return "a string";
  if (rules->format >= 0) return std::string(describe(static_cast<Format>(rules->format)));
  const std::string_view pattern = rules->pattern ? plan.text(plan.get(rules->pattern)->text) : std::string_view();
  if (pattern == non_blank) return "a string that is not blank";
  std::string text = rules->length.least == 1 && rules->length.most == UINT64_MAX ? "a non-empty string" : "a string";
  if (rules->length.any() && text == "a string") text += " of " + describe_size(rules->length, "character");
  if (rules->pattern) text += " that must " + demand_of(pattern);
  return text;
}

std::string describe_sized(std::string_view noun, const SizeLimits* limits, std::string_view unit) {
  std::string text(noun);
  if (limits != nullptr && limits->any()) text += " of " + describe_size(*limits, unit);
  return text;
}

// The types a node without "type" speaks about, if it speaks about one only.
Types implied_types(const Node& node) {
  const int groups =
      (node.numbers.empty() ? 0 : 1) + (node.string ? 1 : 0) + (node.array ? 1 : 0) + (node.object ? 1 : 0);
  if (groups != 1) return 0;
  if (!node.numbers.empty()) return type_number;
  if (node.string) return type_string;
  return node.array ? type_array : type_object;
}

std::string describe_types(const Plan& plan, const Node& node) {
  const ArrayRules* const array = plan.get(node.array);
  const ObjectRules* const object = plan.get(node.object);
  const Types types = node.types != 0 ? node.types : implied_types(node);
  std::vector<std::string> parts;
  if ((types & type_object) != 0)
    parts.push_back(describe_sized("an object", object != nullptr ? &object->size : nullptr, "key"));
  if ((types & type_array) != 0)
    parts.push_back(describe_sized("an array", array != nullptr ? &array->size : nullptr, "element"));
  if ((types & type_string) != 0) parts.push_back(describe_string(plan, plan.get(node.string)));
  if ((types & (type_number | type_integer)) != 0) {
    const std::string_view noun = (types & type_number) != 0 ? "a number" : "an integer";
    parts.push_back(describe_range(plan, node.numbers, noun));
  }
  if ((types & type_boolean) != 0) parts.emplace_back("true or false");
  if ((types & type_null) != 0) parts.emplace_back("null");
  return join(parts, "or");
}

}  // namespace

std::string shortened(std::string_view text, std::size_t longest) {
  const std::string_view head = base::utf8_prefix(text, longest);
  return base::printable(head) + (head.size() < text.size() ? "…" : "");
}

std::string demand_of(std::string_view pattern) {
  if (pattern == relative_path) return "be a path below the root, written with /";
  const bool literal = pattern.find_first_of("\\^$.|?*+()[]{}") == std::string_view::npos;
  if (literal) return "contain \"" + shortened(pattern, 2 * longest_shown) + '"';
  return "match " + shortened(pattern, 2 * longest_shown);
}

std::string quoted(std::string_view text) { return '"' + shortened(text) + '"'; }

std::string show_value(const JsonValue& value) {
  switch (value.kind()) {
    case JsonKind::string:
      return quoted(value.string());
    case JsonKind::array:
      return value.size() == 0 ? "an empty array" : "an array";
    case JsonKind::object:
      return value.size() == 0 ? "an empty object" : "an object";
    default:
      return shortened(value.raw());
  }
}

std::string describe_value(const JsonValue& value) {
  if (value.is(JsonKind::string))
    return value.string().empty() ? "the empty string" : "the string " + show_value(value);
  if (value.is(JsonKind::number)) return "the number " + show_value(value);
  return show_value(value);
}

std::string join(const std::vector<std::string>& parts, std::string_view last) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? " " + std::string(last) + " " : ", ";
    text += parts[i];
  }
  return text;
}

std::string list_values(const Plan& plan, std::span<const Value> values) {
  std::vector<std::string> shown;
  for (const Value& value : values) {
    if (shown.size() == values_listed) break;
    const std::string_view text = plan.text(value.text);
    shown.push_back(value.is(JsonKind::string) ? quoted(text) : shortened(text));
  }
  if (shown.size() < values.size()) shown.push_back("one of " + std::to_string(values.size() - shown.size()) + " more");
  return join(shown, "or");
}

std::string counted(std::uint64_t count, std::string_view unit) {
  return std::to_string(count) + " " + std::string(unit) + (count == 1 ? "" : "s");
}

std::string describe_size(const SizeLimits& limits, std::string_view unit) {
  if (limits.most == UINT64_MAX) return "at least " + counted(limits.least, unit);
  if (limits.least == 0) return "at most " + counted(limits.most, unit);
  if (limits.least == limits.most) return "exactly " + counted(limits.least, unit);
  return std::to_string(limits.least) + " to " + counted(limits.most, unit);
}

std::string describe_node(const Plan& plan, NodeIndex index) {
  index = plan.resolved(index);
  if (index < 0) return index == nothing ? "left out" : "anything";
  const Node& node = plan.node(index);
  if (node.constant) return list_values(plan, {plan.get(node.constant), 1});
  if (node.has_allowed) return node.allowed.empty() ? "left out" : list_values(plan, plan.list(node.allowed));
  std::string text = describe_types(plan, node);
  if (!text.empty()) return text;
  if (node.all_of.count == 1) return describe_node(plan, plan.list(node.all_of).front());
  if (node.alternatives.count == 1) {
    std::vector<std::string> parts;
    for (const NodeIndex branch : plan.list(plan.list(node.alternatives).front().branches)) {
      const std::string part = label_of(plan, branch);
      if (std::find(parts.begin(), parts.end(), part) == parts.end()) parts.push_back(part);
    }
    return join(parts, "or");
  }
  return node.title.empty() ? "anything" : quoted(plan.text(node.title));
}

std::string label_of(const Plan& plan, NodeIndex index) {
  for (NodeIndex at = index; at >= 0; at = plan.node(at).target) {
    if (!plan.node(at).title.empty()) return quoted(plan.text(plan.node(at).title));
    if (!plan.node(at).refers) break;
  }
  return describe_node(plan, index);
}

std::string help_of(const Plan& plan, NodeIndex index) {
  for (NodeIndex at = index; at >= 0; at = plan.node(at).target) {
    if (!plan.node(at).description.empty()) return shortened(plan.text(plan.node(at).description), longest_help);
    if (!plan.node(at).refers) break;
  }
  return {};
}

std::string noun_for_key(const Plan& plan, const ObjectRules& rules, std::string_view container) {
  constexpr std::size_t shortest = 4;
  const auto ends = [&](std::string_view end) {
    return container.size() > end.size() && container.substr(container.size() - end.size()) == end;
  };
  if (container.size() < shortest || !ends("s") || ends("ss") || ends("us") || ends("is")) return "key";
  Types types = 0;
  for (const Property& property : plan.list(rules.properties)) {
    const NodeIndex index = plan.resolved(property.node);
    if (property.declared == 0 || index < 0) return "key";
    Types own = plan.node(index).types;
    if (own == type_integer) own = type_number;
    if (own == 0 || (own & (type_array | type_object)) != 0 || (types != 0 && types != own)) return "key";
    types = own;
  }
  if (types == 0) return "key";
  std::string noun;
  for (const char c : container) {
    if (base::is_upper(c)) {
      if (!noun.empty()) noun += ' ';
      noun += base::lower(c);
    } else if (base::is_alnum(c)) {
      noun += c;
    } else if (c == '-' || c == '_') {
      noun += ' ';
    } else {
      return "key";
    }
  }
  if (ends("ies")) return noun.substr(0, noun.size() - 3) + "y";
  if (ends("sses") || ends("xes") || ends("ches") || ends("shes") || ends("uses"))
    return noun.substr(0, noun.size() - 2);
  return noun.substr(0, noun.size() - 1);
}

}  // namespace launchgate::schema
