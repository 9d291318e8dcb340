// The only file that sees valijson. Its parser reads each piece of the normalised schema into a tree of constraints; a
// visitor turns the tree into nodes of the plan. Two constraints are ours, since valijson has no such: a reference to
// another piece, and numeric limits that are not doubles.

#include "lib/schema/json_adapter.hpp"

#include <valijson/constraints/concrete_constraints.hpp>
#include <valijson/constraints/constraint_visitor.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>

#include "lib/schema/translate.hpp"

#include <algorithm>

namespace launchgate::schema {
namespace {

namespace constraints = valijson::constraints;
using document::JsonValue;
using valijson::Subschema;

// A constraint of ours that holds a value of the schema.
template <typename Derived>
class ValueConstraint : public constraints::PolyConstraint {
 public:
  explicit ValueConstraint(const JsonValue& value) : value_(value) {}
  const JsonValue& value() const { return value_; }
  bool validate(const valijson::adapters::Adapter& /*target*/, const std::vector<std::string>& /*context*/,
                valijson::ValidationResults* /*results*/) const override {
    return false;  // valijson's own validator is never used
  }

 private:
  constraints::Constraint* cloneInto(void* place) const override { return new (place) Derived(value_); }
  std::size_t sizeOf() const override { return sizeof(Derived); }

  JsonValue value_;
};

class PieceConstraint : public ValueConstraint<PieceConstraint> {
  using ValueConstraint::ValueConstraint;
};

class NumberConstraint : public ValueConstraint<NumberConstraint> {
  using ValueConstraint::ValueConstraint;
};

template <typename T>
class Builder : public valijson::ConstraintBuilder {
 public:
  constraints::Constraint* make(const valijson::adapters::Adapter& adapter) const override {
    return new T(dynamic_cast<const JsonAdapter&>(adapter).value());
  }
};

template <typename Text>
std::string name_of(const Text& text) {
  return unshield(std::string_view(text.data(), text.size()));
}

NumberLimit number_limit(const JsonValue& value) {
  return {document::Decimal::parse(value.number_text()), value.integer(), std::string(value.number_text())};
}

const JsonValue& thawed(const valijson::adapters::FrozenValue& value) {
  return dynamic_cast<const JsonFrozenValue&>(value).value();
}

template <typename T>
T& made(std::unique_ptr<T>& rules) {
  if (rules == nullptr) rules = std::make_unique<T>();
  return *rules;
}

class Translator : public constraints::ConstraintVisitor {
 public:
  Translator(Plan& plan, std::size_t pieces) : plan_(plan) { plan_.nodes.resize(pieces); }

  void piece(const valijson::Schema& schema, std::size_t index) {
    empty_ = schema.emptySubschema();
    fill(*schema.root(), static_cast<NodeIndex>(index));
    empty_ = nullptr;
  }

  bool visit(const AllOfConstraint& constraint) override {
    constraint.applyToSubschemas([&](unsigned int, const Subschema* child) {
      const NodeIndex index = node_for(child);
      node().all_of.push_back(index);
      return true;
    });
    return true;
  }
  bool visit(const AnyOfConstraint& constraint) override { return alternatives(constraint, false); }
  bool visit(const OneOfConstraint& constraint) override { return alternatives(constraint, true); }
  bool visit(const ConditionalConstraint& constraint) override {
    const NodeIndex condition = node_for(constraint.getIfSubschema());
    const NodeIndex then_node =
        constraint.getThenSubschema() != nullptr ? node_for(constraint.getThenSubschema()) : anything;
    const NodeIndex else_node =
        constraint.getElseSubschema() != nullptr ? node_for(constraint.getElseSubschema()) : anything;
    node().has_condition = then_node != anything || else_node != anything;
    node().condition = condition;
    node().then_node = then_node;
    node().else_node = else_node;
    return true;
  }
  bool visit(const ConstConstraint& constraint) override {
    node().constant = thawed(*constraint.getValue());
    return true;
  }
  bool visit(const ContainsConstraint& constraint) override {
    const NodeIndex index = node_for(constraint.getSubschema());
    ArrayRules& rules = made(node().array);
    rules.has_contains = true;
    rules.contains = index;
    return true;
  }
  bool visit(const DependenciesConstraint& constraint) override;
  bool visit(const EnumConstraint& constraint) override {
    node().has_allowed = true;
    constraint.applyToValues([&](const valijson::adapters::FrozenValue& value) {
      node().allowed.push_back(thawed(value));
      return true;
    });
    return true;
  }
  bool visit(const FormatConstraint& constraint) override {
    made(node().string).format = format_from(constraint.getFormat());
    return true;
  }
  bool visit(const LinearItemsConstraint& constraint) override {
    std::vector<NodeIndex> tuple;
    constraint.applyToItemSubschemas([&](unsigned int, const Subschema* child) {
      tuple.push_back(node_for(child));
      return true;
    });
    const NodeIndex rest = node_for(constraint.getAdditionalItemsSubschema());
    made(node().array).tuple = std::move(tuple);
    node().array->elements = rest;
    return true;
  }
  bool visit(const SingularItemsConstraint& constraint) override {
    const NodeIndex index = node_for(constraint.getItemsSubschema());
    made(node().array).elements = index;
    return true;
  }
  bool visit(const MaxItemsConstraint& constraint) override {
    return set(made(node().array).size.most, constraint.getMaxItems());
  }
  bool visit(const MinItemsConstraint& constraint) override {
    return set(made(node().array).size.least, constraint.getMinItems());
  }
  bool visit(const MaxLengthConstraint& constraint) override {
    return set(made(node().string).length.most, constraint.getMaxLength());
  }
  bool visit(const MinLengthConstraint& constraint) override {
    return set(made(node().string).length.least, constraint.getMinLength());
  }
  bool visit(const MaxPropertiesConstraint& constraint) override {
    return set(made(node().object).size.most, constraint.getMaxProperties());
  }
  bool visit(const MinPropertiesConstraint& constraint) override {
    return set(made(node().object).size.least, constraint.getMinProperties());
  }
  // Numeric limits come as NumberConstraint.
  bool visit(const MaximumConstraint& /*constraint*/) override { return false; }
  bool visit(const MinimumConstraint& /*constraint*/) override { return false; }
  bool visit(const MultipleOfDoubleConstraint& /*constraint*/) override { return false; }
  bool visit(const MultipleOfIntConstraint& /*constraint*/) override { return false; }
  bool visit(const NotConstraint& constraint) override {
    const NodeIndex index = node_for(constraint.getSubschema());
    node().has_forbidden = true;
    node().forbidden = index;
    return true;
  }
  bool visit(const PatternConstraint& constraint) override {
    std::string pattern;
    constraint.getPattern(pattern);
    made(node().string).pattern = &plan_.regexes.get(unshield(pattern));
    return true;
  }
  bool visit(const PolyConstraint& constraint) override;
  bool visit(const PropertiesConstraint& constraint) override;
  bool visit(const PropertyNamesConstraint& constraint) override {
    const NodeIndex index = node_for(constraint.getSubschema());
    made(node().object).names = index;
    return true;
  }
  bool visit(const RequiredConstraint& constraint) override {
    ObjectRules& rules = made(node().object);
    constraint.applyToRequiredProperties([&](const auto& name) {
      property(rules, name_of(name)).required = rules.required_count;
      ++rules.required_count;
      return true;
    });
    return true;
  }
  bool visit(const TypeConstraint& constraint) override;
  bool visit(const UniqueItemsConstraint& /*constraint*/) override {
    made(node().array).unique = true;
    return true;
  }

 private:
  Node& node() { return plan_.nodes[static_cast<std::size_t>(current_)]; }

  static bool set(std::uint64_t& place, std::uint64_t value) {
    place = value;
    return true;
  }

  static Property& property(ObjectRules& rules, const std::string& name) {
    for (Property& known : rules.properties) {
      if (known.name == name) return known;
    }
    rules.properties.push_back({name, anything, false, not_required});
    return rules.properties.back();
  }

  // valijson says "false" with a null pointer or a flag, and "true" with its one empty subschema.
  NodeIndex node_for(const Subschema* subschema) {
    if (subschema == nullptr || subschema->getAlwaysInvalid()) return nothing;
    if (subschema == empty_) return anything;
    const auto index = static_cast<NodeIndex>(plan_.nodes.size());
    plan_.nodes.emplace_back();
    fill(*subschema, index);
    return index;
  }

  void fill(const Subschema& subschema, NodeIndex index) {
    const NodeIndex outer = current_;
    current_ = index;
    if (subschema.getAlwaysInvalid()) {
      node().refers = true;
      node().target = nothing;
    }
    if (subschema.hasTitle()) node().title = subschema.getTitle();
    if (subschema.hasDescription()) node().description = subschema.getDescription();
    Subschema::ApplyFunction apply = [this](const constraints::Constraint& constraint) {
      return constraint.accept(*this);
    };
    subschema.apply(apply);
    if (node().object != nullptr) {
      auto& properties = node().object->properties;
      std::sort(properties.begin(), properties.end(),
                [](const Property& a, const Property& b) { return a.name < b.name; });
    }
    current_ = outer;
  }

  template <typename Constraint>
  bool alternatives(const Constraint& constraint, bool exactly_one) {
    Alternatives found;
    found.exactly_one = exactly_one;
    constraint.applyToSubschemas([&](unsigned int, const Subschema* child) {
      found.branches.push_back(node_for(child));
      return true;
    });
    node().alternatives.push_back(std::move(found));
    return true;
  }

  Plan& plan_;
  NodeIndex current_ = anything;
  const Subschema* empty_ = nullptr;
};

bool Translator::visit(const DependenciesConstraint& constraint) {
  std::vector<Dependency> found;
  constraint.applyToPropertyDependencies([&](const auto& key, const auto& names) {
    Dependency dependency{name_of(key), {}, anything};
    for (const auto& name : names) dependency.names.push_back(name_of(name));
    found.push_back(std::move(dependency));
    return true;
  });
  constraint.applyToSchemaDependencies([&](const auto& key, const Subschema* child) {
    found.push_back({name_of(key), {}, node_for(child)});
    return true;
  });
  made(node().object).dependencies = std::move(found);
  return true;
}

bool Translator::visit(const PolyConstraint& constraint) {
  if (const auto* piece = dynamic_cast<const PieceConstraint*>(&constraint)) {
    node().refers = true;
    node().target = static_cast<NodeIndex>(*piece->value().integer());
    return true;
  }
  const auto* numbers = dynamic_cast<const NumberConstraint*>(&constraint);
  if (numbers == nullptr) return false;
  NumberRules& rules = made(node().number);
  for (const auto member : numbers->value().members()) {
    const std::string_view name = member.name();
    auto& place = name == "minimum"            ? rules.minimum
                  : name == "exclusiveMinimum" ? rules.exclusive_minimum
                  : name == "maximum"          ? rules.maximum
                  : name == "exclusiveMaximum" ? rules.exclusive_maximum
                                               : rules.multiple_of;
    place = number_limit(member.value);
  }
  return true;
}

bool Translator::visit(const PropertiesConstraint& constraint) {
  std::vector<std::pair<std::string, NodeIndex>> declared;
  constraint.applyToProperties([&](const auto& name, const Subschema* child) {
    declared.emplace_back(name_of(name), node_for(child));
    return true;
  });
  std::vector<std::pair<const RE2*, NodeIndex>> patterns;
  constraint.applyToPatternProperties([&](const auto& name, const Subschema* child) {
    patterns.emplace_back(&plan_.regexes.get(name_of(name)), node_for(child));
    return true;
  });
  const NodeIndex additional = node_for(constraint.getAdditionalPropertiesSubschema());
  ObjectRules& rules = made(node().object);
  for (const auto& [name, index] : declared) {
    Property& known = property(rules, name);
    known.node = index;
    known.declared = true;
  }
  rules.patterns = std::move(patterns);
  rules.additional = additional;
  return true;
}

bool Translator::visit(const TypeConstraint& constraint) {
  constraint.applyToNamedTypes([&](TypeConstraint::JsonType type) {
    switch (type) {
      case TypeConstraint::kNull:
        node().types |= type_null;
        break;
      case TypeConstraint::kBoolean:
        node().types |= type_boolean;
        break;
      case TypeConstraint::kInteger:
        node().types |= type_integer;
        break;
      case TypeConstraint::kNumber:
        node().types |= type_number;
        break;
      case TypeConstraint::kString:
        node().types |= type_string;
        break;
      case TypeConstraint::kArray:
        node().types |= type_array;
        break;
      case TypeConstraint::kObject:
        node().types |= type_object;
        break;
      case TypeConstraint::kAny:
        break;
    }
    return true;
  });
  return true;
}

}  // namespace

base::Result<std::unique_ptr<Plan>> translate(Normalized normalized, RegexCache regexes) {
  auto plan = std::make_unique<Plan>(std::move(normalized.pieces), std::move(regexes));
  std::vector<Origin> origins;
  try {
    valijson::SchemaParser parser;
    parser.addConstraintBuilder(std::string(piece_keyword), new Builder<PieceConstraint>);
    parser.addConstraintBuilder(std::string(number_keyword), new Builder<NumberConstraint>);
    Translator translator(*plan, normalized.origin.size());
    std::size_t index = 0;
    for (const JsonValue piece : plan->pieces.root().elements()) {
      valijson::Schema schema;
      parser.populateSchema(JsonAdapter(piece), schema);
      translator.piece(schema, index);
      origins.push_back({static_cast<NodeIndex>(index), normalized.origin[index]});
      ++index;
    }
  } catch (const std::exception& exception) {
    // The linter has refused every schema that valijson is known to refuse.
    return schema_error(normalized.origin.front(), std::string("the schema is refused: ") + exception.what());
  }
  plan->root = 0;
  auto finished = finish(*plan, origins);
  if (!finished) return std::move(finished).error();
  return plan;
}

}  // namespace launchgate::schema
