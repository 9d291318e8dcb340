#include "lib/schema/plan.hpp"

#include <algorithm>
#include <set>

#include "lib/schema/resolver.hpp"

namespace launchgate::schema {
namespace {

using document::JsonKind;

// Nodes that apply to the same value as `node` does.
std::vector<NodeIndex> in_place(const Node& node) {
  std::vector<NodeIndex> next = node.all_of;
  if (node.refers) next.push_back(node.target);
  for (const Alternatives& alternatives : node.alternatives) {
    next.insert(next.end(), alternatives.branches.begin(), alternatives.branches.end());
  }
  if (node.has_forbidden) next.push_back(node.forbidden);
  if (node.has_condition) next.insert(next.end(), {node.condition, node.then_node, node.else_node});
  if (node.object != nullptr) {
    for (const Dependency& dependency : node.object->dependencies) next.push_back(dependency.node);
  }
  return next;
}

// A node on a cycle of in-place edges, or anything. Depth-first search with its own stack: chains of references may be
// long.
NodeIndex find_cycle(const Plan& plan) {
  enum class Colour : std::uint8_t { unseen, open, done };
  std::vector<Colour> colours(plan.nodes.size(), Colour::unseen);
  struct Step {
    NodeIndex node;
    std::vector<NodeIndex> next;
  };
  std::vector<Step> path;
  const auto enter = [&](NodeIndex node) {
    colours[static_cast<std::size_t>(node)] = Colour::open;
    path.push_back({node, in_place(plan.node(node))});
  };
  for (std::size_t start = 0; start < plan.nodes.size(); ++start) {
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
std::vector<std::string> constants(const Plan& plan, NodeIndex index) {
  std::vector<std::string> texts;
  index = plan.resolved(index);
  if (index < 0) return texts;
  const Node& node = plan.node(index);
  const auto add = [&](const document::JsonValue& value) {
    if (value.is(JsonKind::string)) texts.emplace_back(value.string());
    return value.is(JsonKind::string);
  };
  if (node.constant) {
    if (!add(*node.constant)) texts.clear();
  } else if (node.has_allowed && !std::all_of(node.allowed.begin(), node.allowed.end(), add)) {
    texts.clear();
  }
  return texts;
}

std::optional<Discriminator> discriminator_of(const Plan& plan, const std::vector<NodeIndex>& branches,
                                              const std::string& key) {
  Discriminator found{key, {}, true};
  std::set<std::string> seen;
  for (const NodeIndex branch : branches) {
    const NodeIndex index = plan.resolved(branch);
    if (index < 0 || plan.node(index).object == nullptr) return std::nullopt;
    const Property* property = plan.node(index).object->find(key);
    if (property == nullptr || !property->declared) return std::nullopt;
    found.required = found.required && property->required != not_required;
    const auto texts = constants(plan, property->node);
    if (texts.empty()) return std::nullopt;
    for (const std::string& text : texts) {
      if (!seen.insert(text).second) return std::nullopt;
      found.branches.emplace_back(text, branch);
    }
  }
  return found;
}

void find_discriminator(const Plan& plan, Alternatives& alternatives) {
  if (alternatives.branches.size() < 2) return;
  const NodeIndex first = plan.resolved(alternatives.branches.front());
  if (first < 0 || plan.node(first).object == nullptr) return;
  for (const Property& property : plan.node(first).object->properties) {
    if (property.node < 0) continue;
    alternatives.discriminator = discriminator_of(plan, alternatives.branches, property.name);
    if (alternatives.discriminator) return;
  }
}

}  // namespace

const Property* ObjectRules::find(std::string_view name) const {
  const auto found =
      std::lower_bound(properties.begin(), properties.end(), name,
                       [](const Property& property, std::string_view wanted) { return property.name < wanted; });
  return found != properties.end() && found->name == name ? &*found : nullptr;
}

base::Result<void> finish(Plan& plan, const std::vector<Origin>& origins) {
  const NodeIndex cycle = find_cycle(plan);
  if (cycle >= 0) {
    // Every cycle passes through a piece, since only references point back.
    const auto place =
        std::find_if(origins.begin(), origins.end(), [&](const Origin& origin) { return origin.node == cycle; });
    const auto at = place != origins.end() ? place->schema : origins.front().schema;
    const auto reference = at.find("$ref");
    return schema_error(reference ? *reference : at,
                        "the schema refers to itself for the same value, so that checking it would never end",
                        "a reference to an enclosing schema must stand below a property or an element");
  }
  // Chains are followed once here, so that validation takes one step; from the back, since pieces refer to later ones
  // mostly.
  for (auto node = plan.nodes.rbegin(); node != plan.nodes.rend(); ++node) {
    if (node->refers) node->target = plan.resolved(node->target);
  }
  for (Node& node : plan.nodes) {
    for (Alternatives& alternatives : node.alternatives) find_discriminator(plan, alternatives);
  }
  return {};
}

}  // namespace launchgate::schema
