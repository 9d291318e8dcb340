#include "lib/schema/finish.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "lib/schema/resolver.hpp"

namespace launchgate::schema {
namespace {

using document::JsonKind;
using document::JsonValue;

// Nodes that apply to the same value as `node` does.
std::vector<NodeIndex> in_place(const PlanBuilder& plan, const Node& node) {
  const auto all_of = plan.list(node.all_of);
  std::vector<NodeIndex> next(all_of.begin(), all_of.end());
  if (node.refers) next.push_back(node.target);
  for (const Alternatives& alternatives : plan.list(node.alternatives)) {
    const auto branches = plan.list(alternatives.branches);
    next.insert(next.end(), branches.begin(), branches.end());
  }
  if (node.has_forbidden) next.push_back(node.forbidden);
  if (const Condition* const condition = plan.get(node.condition))
    next.insert(next.end(), {condition->condition, condition->then_node, condition->else_node});
  if (const ObjectRules* const object = plan.get(node.object)) {
    for (const Dependency& dependency : plan.list(object->dependencies)) next.push_back(dependency.node);
  }
  return next;
}

// A node on a cycle of in-place edges, or anything. Depth-first search with its own stack: chains of references may be
// long.
NodeIndex find_cycle(const PlanBuilder& plan) {
  enum class Colour : std::uint8_t { unseen, open, done };
  std::vector<Colour> colours(plan.all<Node>().size(), Colour::unseen);
  struct Step {
    NodeIndex node;
    std::vector<NodeIndex> next;
  };
  std::vector<Step> path;
  const auto enter = [&](NodeIndex node) {
    colours[static_cast<std::size_t>(node)] = Colour::open;
    path.push_back({node, in_place(plan, plan.node(node))});
  };
  for (std::size_t start = 0; start < colours.size(); ++start) {
    if (colours[start] == Colour::unseen) enter(static_cast<NodeIndex>(start));
    while (!path.empty()) {
      if (path.back().next.empty()) {
        colours[static_cast<std::size_t>(path.back().node)] = Colour::done;
        path.pop_back();
        continue;
      }
      const NodeIndex next = path.back().next.back();
      path.back().next.pop_back();
      if (next < 0) continue;
      const Colour colour = colours[static_cast<std::size_t>(next)];
      if (colour == Colour::open) return next;
      if (colour == Colour::unseen) enter(next);
    }
  }
  return anything;
}

// The constant strings of a key in a branch; empty where it has none.
std::vector<Text> constants(const PlanBuilder& plan, NodeIndex index) {
  index = plan.resolved(index);
  if (index < 0) return {};
  const Node& node = plan.node(index);
  const Value* const constant = plan.get(node.constant);
  const auto values = constant != nullptr ? std::span<const Value>(constant, 1) : plan.list(node.allowed);
  std::vector<Text> texts;
  for (const Value& value : values) {
    if (!value.is(JsonKind::string)) return {};
    texts.push_back(value.text);
  }
  return texts;
}

std::optional<Discriminator> discriminator_of(PlanBuilder& plan, Slice<NodeIndex> branches, Text key) {
  Discriminator found{key, {}, 1};
  std::vector<NamedBranch> named;
  std::set<std::string_view> seen;
  for (const NodeIndex branch : plan.list(branches)) {
    const NodeIndex index = plan.resolved(branch);
    const ObjectRules* const object = index < 0 ? nullptr : plan.get(plan.node(index).object);
    const Property* const property = object == nullptr ? nullptr : plan.find(*object, plan.text(key));
    if (property == nullptr || property->declared == 0) return std::nullopt;
    if (property->required == not_required) found.required = 0;
    const auto texts = constants(plan, property->node);
    if (texts.empty()) return std::nullopt;
    for (const Text text : texts) {
      if (!seen.insert(plan.text(text)).second) return std::nullopt;
      named.push_back({text, branch});
    }
  }
  found.branches = plan.add_all(named);
  return found;
}

void find_discriminator(PlanBuilder& plan, Alternatives& alternatives) {
  if (alternatives.branches.count < 2) return;
  const NodeIndex first = plan.resolved(plan.list(alternatives.branches).front());
  const ObjectRules* const object = first < 0 ? nullptr : plan.get(plan.node(first).object);
  if (object == nullptr) return;
  for (const Property& property : plan.list(object->properties)) {
    if (property.node < 0) continue;
    const auto found = discriminator_of(plan, alternatives.branches, property.name);
    if (!found) continue;
    alternatives.discriminator = plan.add(*found);
    return;
  }
}

}  // namespace

base::Result<void> finish(PlanBuilder& plan, const std::vector<JsonValue>& places) {
  const NodeIndex cycle = find_cycle(plan);
  if (cycle >= 0) {
    const JsonValue at = places[static_cast<std::size_t>(cycle)];
    const auto reference = at.find("$ref");
    return schema_error(reference ? *reference : at,
                        "the schema refers to itself for the same value, so that checking it would never end",
                        "a reference to an enclosing schema must stand below a property or an element");
  }
  // Chains are followed once here, so that validation takes one step; from the back, since references lead to later
  // nodes mostly.
  auto& nodes = plan.table<Node>();
  for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) {
    if (node->refers) node->target = plan.resolved(node->target);
  }
  for (Alternatives& alternatives : plan.table<Alternatives>()) find_discriminator(plan, alternatives);
  return {};
}

}  // namespace launchgate::schema
