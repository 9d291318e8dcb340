#include "lib/schema/compile.hpp"

#include <valijson/constraints/concrete_constraints.hpp>
#include <valijson/constraints/constraint_visitor.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>

#include <map>
#include <optional>
#include <unordered_map>

#include "lib/base/utf8.hpp"
#include "lib/document/equality.hpp"
#include "lib/schema/adapter.hpp"
#include "lib/schema/finish.hpp"
#include "lib/schema/plan_builder.hpp"

namespace launchgate::schema {
namespace {

using document::JsonKind;
using document::JsonValue;
using valijson::Subschema;
using valijson::adapters::FrozenValue;

// The constraints of one subschema as they are visited.
struct Parts {
  Node node;
  std::optional<StringRules> string;
  std::optional<ArrayRules> array;
  std::optional<ObjectRules> object;
  std::map<std::string, Property> properties;
  std::vector<Alternatives> alternatives;
};

template <typename T>
T& made(std::optional<T>& rules) {
  if (!rules) rules.emplace();
  return *rules;
}

Types type_bit(valijson::constraints::TypeConstraint::JsonType type) {
  using TypeConstraint = valijson::constraints::TypeConstraint;
  switch (type) {
    case TypeConstraint::kNull:
      return type_null;
    case TypeConstraint::kBoolean:
      return type_boolean;
    case TypeConstraint::kInteger:
      return type_integer;
    case TypeConstraint::kNumber:
      return type_number;
    case TypeConstraint::kString:
      return type_string;
    case TypeConstraint::kArray:
      return type_array;
    case TypeConstraint::kObject:
      return type_object;
    case TypeConstraint::kAny:
      break;
  }
  return 0;
}

Bound bound_of(std::string_view keyword) {
  if (keyword == "minimum") return Bound::minimum;
  if (keyword == "exclusiveMinimum") return Bound::exclusive_minimum;
  if (keyword == "maximum") return Bound::maximum;
  return keyword == "exclusiveMaximum" ? Bound::exclusive_maximum : Bound::multiple_of;
}

class Compiler : public valijson::constraints::ConstraintVisitor {
 public:
  Compiler(const SchemaSettings& settings, Resolver& resolver) : settings_(settings), resolver_(resolver) {}

  base::Result<PlanWords> run(const JsonValue& entry);

  bool visit(const AllOfConstraint& constraint) override {
    parts_.node.all_of = plan_.add_all(nodes_of(constraint));
    return true;
  }
  bool visit(const AnyOfConstraint& constraint) override { return alternatives(constraint, false); }
  bool visit(const OneOfConstraint& constraint) override { return alternatives(constraint, true); }
  bool visit(const ConditionalConstraint& constraint) override {
    const Condition found{node_for(constraint.getIfSubschema()), node_for(constraint.getThenSubschema()),
                          node_for(constraint.getElseSubschema())};
    if (found.then_node != anything || found.else_node != anything) parts_.node.condition = plan_.add(found);
    return true;
  }
  bool visit(const ConstConstraint& constraint) override {
    parts_.node.constant = plan_.add(value_of(*constraint.getValue()));
    return true;
  }
  bool visit(const ContainsConstraint& constraint) override {
    made(parts_.array).has_contains = 1;
    parts_.array->contains = node_for(constraint.getSubschema());
    return true;
  }
  bool visit(const DependenciesConstraint& constraint) override;
  bool visit(const EnumConstraint& constraint) override {
    std::vector<Value> values;
    constraint.applyToValues([&](const FrozenValue& value) {
      values.push_back(value_of(value));
      return true;
    });
    parts_.node.has_allowed = true;
    parts_.node.allowed = plan_.add_all(values);
    return true;
  }
  bool visit(const FormatConstraint& constraint) override {
    if (settings_.formats) made(parts_.string).format = static_cast<std::int32_t>(*format_from(constraint.getFormat()));
    return true;
  }
  bool visit(const LinearItemsConstraint& constraint) override {
    std::vector<NodeIndex> tuple;
    constraint.applyToItemSubschemas([&](unsigned int, const Subschema* child) {
      tuple.push_back(node_for(child));
      return true;
    });
    made(parts_.array).tuple = plan_.add_all(tuple);
    parts_.array->elements = node_for(constraint.getAdditionalItemsSubschema());
    return true;
  }
  bool visit(const SingularItemsConstraint& constraint) override {
    made(parts_.array).elements = node_for(constraint.getItemsSubschema());
    return true;
  }
  bool visit(const MaxItemsConstraint& constraint) override {
    made(parts_.array).size.most = constraint.getMaxItems();
    return true;
  }
  bool visit(const MinItemsConstraint& constraint) override {
    made(parts_.array).size.least = constraint.getMinItems();
    return true;
  }
  bool visit(const MaxLengthConstraint& constraint) override {
    made(parts_.string).length.most = constraint.getMaxLength();
    return true;
  }
  bool visit(const MinLengthConstraint& constraint) override {
    made(parts_.string).length.least = constraint.getMinLength();
    return true;
  }
  bool visit(const MaxPropertiesConstraint& constraint) override {
    made(parts_.object).size.most = constraint.getMaxProperties();
    return true;
  }
  bool visit(const MinPropertiesConstraint& constraint) override {
    made(parts_.object).size.least = constraint.getMinProperties();
    return true;
  }
  // Limits of numbers are not shown to valijson.
  bool visit(const MaximumConstraint& /*constraint*/) override { return false; }
  bool visit(const MinimumConstraint& /*constraint*/) override { return false; }
  bool visit(const MultipleOfDoubleConstraint& /*constraint*/) override { return false; }
  bool visit(const MultipleOfIntConstraint& /*constraint*/) override { return false; }
  bool visit(const NotConstraint& constraint) override {
    parts_.node.has_forbidden = true;
    parts_.node.forbidden = node_for(constraint.getSubschema());
    return true;
  }
  bool visit(const PatternConstraint& constraint) override {
    std::string pattern;
    constraint.getPattern(pattern);
    made(parts_.string).pattern = plan_.add_pattern(unshield(pattern));
    return true;
  }
  bool visit(const PolyConstraint& /*constraint*/) override { return false; }
  bool visit(const PropertiesConstraint& constraint) override;
  bool visit(const PropertyNamesConstraint& constraint) override {
    made(parts_.object).names = node_for(constraint.getSubschema());
    return true;
  }
  bool visit(const RequiredConstraint& constraint) override {
    ObjectRules& rules = made(parts_.object);
    constraint.applyToRequiredProperties([&](const auto& name) {
      parts_.properties[unshield(name)].required = rules.required_count++;
      return true;
    });
    return true;
  }
  bool visit(const TypeConstraint& constraint) override {
    constraint.applyToNamedTypes([&](TypeConstraint::JsonType type) {
      parts_.node.types |= type_bit(type);
      return true;
    });
    return true;
  }
  bool visit(const UniqueItemsConstraint& /*constraint*/) override {
    made(parts_.array).unique = 1;
    return true;
  }

 private:
  void compile(NodeIndex index, const JsonValue& schema);
  void add_numbers(const JsonValue& schema);
  void store(NodeIndex index);
  NodeIndex node_of(const JsonValue& schema);
  NodeIndex node_for(const Subschema* subschema);
  Value value_of(const FrozenValue& value);

  template <typename Constraint>
  std::vector<NodeIndex> nodes_of(const Constraint& constraint) {
    std::vector<NodeIndex> nodes;
    constraint.applyToSubschemas([&](unsigned int, const Subschema* child) {
      nodes.push_back(node_for(child));
      return true;
    });
    return nodes;
  }

  template <typename Constraint>
  bool alternatives(const Constraint& constraint, bool exactly_one) {
    parts_.alternatives.push_back({plan_.add_all(nodes_of(constraint)), exactly_one ? 1U : 0U, {}});
    return true;
  }

  const SchemaSettings& settings_;
  Resolver& resolver_;
  valijson::SchemaParser parser_;
  PlanBuilder plan_;
  std::vector<JsonValue> places_;  // of each node
  std::unordered_map<JsonValue, NodeIndex, LocationHash> indexes_;
  Parts parts_;
  const document::JsonDocument* document_ = nullptr;  // of the subschema that is compiled
};

base::Result<PlanWords> Compiler::run(const JsonValue& entry) {
  plan_.set_root(node_of(entry));
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const JsonValue place = places_[i];  // the vector grows meanwhile
    compile(static_cast<NodeIndex>(i), place);
  }
  auto finished = finish(plan_, places_);
  if (!finished) return finished.error();
  return plan_.words();
}

// The node of a subschema, which is compiled later if it is met for the first
// time: no recursion, however deep.
NodeIndex Compiler::node_of(const JsonValue& schema) {
  if (schema.is(JsonKind::boolean)) return schema.boolean() ? anything : nothing;
  const auto [place, added] = indexes_.emplace(schema, static_cast<NodeIndex>(places_.size()));
  if (added) {
    places_.push_back(schema);
    plan_.add(Node{});
  }
  return place->second;
}

// Anything for what is not there and for valijson's one empty subschema.
NodeIndex Compiler::node_for(const Subschema* subschema) {
  if (subschema == nullptr || !subschema->hasId()) return anything;
  return node_of({*document_, static_cast<std::uint32_t>(std::stoul(subschema->getId()))});
}

void Compiler::compile(NodeIndex index, const JsonValue& schema) {
  parts_ = {};
  const auto text_of = [&](std::string_view keyword) { return plan_.add_text(schema.string_member(keyword)); };
  parts_.node.title = text_of("title");
  parts_.node.description = text_of("description");
  if (schema.find("$ref")) {
    // The linter has resolved every reference before.
    parts_.node.refers = true;
    parts_.node.target = node_of(*resolver_.resolve(schema));
  } else {
    valijson::Schema parsed;
    parser_.populateSchema(SchemaAdapter(schema, Role::schema), parsed);
    document_ = &schema.document();
    Subschema::ApplyFunction visit_all = [this](const valijson::constraints::Constraint& constraint) {
      return constraint.accept(*this);
    };
    parsed.root()->apply(visit_all);
    add_numbers(schema);
  }
  store(index);
}

// Exact, as draft-07 has them.
void Compiler::add_numbers(const JsonValue& schema) {
  std::vector<NumberLimit> limits;
  for (const auto member : schema.members()) {
    const Keyword* const keyword = find_keyword(member.name());
    if (keyword == nullptr || !is_numeric(*keyword)) continue;
    const auto plain = member.value.integer();
    limits.push_back(
        {bound_of(keyword->name), plain ? 1U : 0U, plain.value_or(0), plan_.add_text(member.value.number_text())});
  }
  parts_.node.numbers = plan_.add_all(limits);
}

void Compiler::store(NodeIndex index) {
  Node& node = parts_.node;
  if (parts_.string) node.string = plan_.add(*parts_.string);
  if (parts_.array) node.array = plan_.add(*parts_.array);
  if (parts_.object) {
    std::vector<Property> properties;
    for (auto& [name, property] : parts_.properties) {
      property.name = plan_.add_text(name);
      properties.push_back(property);
    }
    parts_.object->properties = plan_.add_all(properties);
    node.object = plan_.add(*parts_.object);
  }
  node.alternatives = plan_.add_all(parts_.alternatives);
  plan_.node_at(index) = node;
}

Value Compiler::value_of(const FrozenValue& frozen) {
  const JsonValue& value = dynamic_cast<const FrozenPlace&>(frozen).value();
  Value result{static_cast<std::uint32_t>(value.kind()),
               plan_.add_text(value.is(JsonKind::string) ? value.string() : value.raw()),
               {}};
  if (value.is(JsonKind::array) || value.is(JsonKind::object)) result.container = plan_.add(Container{result.text});
  return result;
}

bool Compiler::visit(const DependenciesConstraint& constraint) {
  std::vector<Dependency> found;
  constraint.applyToPropertyDependencies([&](const auto& key, const auto& names) {
    std::vector<Text> texts;
    for (const auto& name : names) texts.push_back(plan_.add_text(unshield(name)));
    found.push_back({plan_.add_text(unshield(key)), plan_.add_all(texts), anything});
    return true;
  });
  constraint.applyToSchemaDependencies([&](const auto& key, const Subschema* child) {
    found.push_back({plan_.add_text(unshield(key)), {}, node_for(child)});
    return true;
  });
  made(parts_.object).dependencies = plan_.add_all(found);
  return true;
}

bool Compiler::visit(const PropertiesConstraint& constraint) {
  ObjectRules& rules = made(parts_.object);
  constraint.applyToProperties([&](const auto& name, const Subschema* child) {
    Property& known = parts_.properties[unshield(name)];
    known.node = node_for(child);
    known.declared = 1;
    return true;
  });
  std::vector<PatternProperty> patterns;
  constraint.applyToPatternProperties([&](const auto& name, const Subschema* child) {
    patterns.push_back({plan_.add_pattern(unshield(name)), node_for(child)});
    return true;
  });
  rules.patterns = plan_.add_all(patterns);
  rules.additional = node_for(constraint.getAdditionalPropertiesSubschema());
  return true;
}

}  // namespace

base::Result<PlanWords> compile_plan(const document::JsonDocument& schema, const SchemaSettings& settings,
                                     Resolver& resolver) {
  const auto entry = schema.at(settings.entry);
  if (!entry || (!entry->is(JsonKind::object) && !entry->is(JsonKind::boolean)))
    return schema_error(schema.root(), "the schema has no subschema at " + base::printable(settings.entry));
  try {
    return Compiler(settings, resolver).run(*entry);
  } catch (const std::exception& exception) {
    // The linter has refused every schema that valijson is known to refuse.
    return schema_error(*entry, std::string("the schema is refused: ") + exception.what());
  }
}

}  // namespace launchgate::schema
