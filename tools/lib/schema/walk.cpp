#include "lib/schema/walk.hpp"

#include <algorithm>

#include "lib/base/utf8.hpp"
#include "lib/document/decimal.hpp"
#include "lib/document/equality.hpp"
#include "lib/schema/formats.hpp"
#include "lib/schema/regex.hpp"
#include "lib/schema/wording.hpp"

namespace launchgate::schema {
namespace {

using document::Decimal;
using document::JsonKind;
using document::JsonValue;

// A level of the document takes one step for its subschema and one for every allOf, anyOf, "if" in between.
// The limit leaves 2.5 KiB of the usual 8 MiB of stack to each step, which takes up to 1 KiB in a release build.
constexpr std::uint32_t depth_limit = 3200;
constexpr std::uint64_t work_at_least = 2'000'000;
constexpr std::uint64_t work_per_value = 64;

bool is_integer(std::string_view number) {
  return number.find_first_of(".eE") == std::string_view::npos || Decimal::parse(number).is_integer();
}

bool has_type(Types types, const JsonValue& value) {
  switch (value.kind()) {
    case JsonKind::null:
      return (types & type_null) != 0;
    case JsonKind::boolean:
      return (types & type_boolean) != 0;
    case JsonKind::string:
      return (types & type_string) != 0;
    case JsonKind::array:
      return (types & type_array) != 0;
    case JsonKind::object:
      return (types & type_object) != 0;
    case JsonKind::number:
      return (types & type_number) != 0 || ((types & type_integer) != 0 && is_integer(value.number_text()));
  }
  return false;
}

// A number of the document, parsed as far as a comparison needs it.
class Number {
 public:
  explicit Number(std::string_view text) : text_(text), plain_(document::plain_integer(text)) {}

  // `written` is the limit as the schema has it.
  bool satisfies(const NumberLimit& limit, std::string_view written) {
    if (limit.bound == Bound::multiple_of) return is_multiple_of(limit, written);
    const bool plain = plain_ && limit.has_plain != 0;
    const auto order = plain ? *plain_ <=> limit.plain : exact() <=> Decimal::parse(written);
    switch (limit.bound) {
      case Bound::minimum:
        return order >= 0;
      case Bound::exclusive_minimum:
        return order > 0;
      case Bound::maximum:
        return order <= 0;
      default:
        return order < 0;
    }
  }

 private:
  // Where the quotient is too large to work out, "no": nothing unchecked passes.
  bool is_multiple_of(const NumberLimit& divisor, std::string_view written) {
    if (plain_ && divisor.has_plain != 0) return *plain_ % divisor.plain == 0;
    return exact().is_multiple_of(Decimal::parse(written)).value_or(false);
  }
  const Decimal& exact() {
    if (!exact_) exact_ = Decimal::parse(text_);
    return *exact_;
  }

  std::string_view text_;
  std::optional<std::int64_t> plain_;
  std::optional<Decimal> exact_;
};

bool within(const SizeLimits& limits, std::uint64_t size) { return size >= limits.least && size <= limits.most; }

// A code point takes one to four bytes, so that most strings need no counting.
bool length_within(const SizeLimits& limits, std::string_view text) {
  if (!limits.any()) return true;
  if (text.size() <= limits.most && (text.size() + 3) / 4 >= limits.least) return true;
  return within(limits, base::count_code_points(text));
}

}  // namespace

Walk::Walk(const Plan& plan, const document::JsonDocument& document)
    : plan_(plan), work_left_(work_at_least + work_per_value * document.node(0).next) {}

bool Walk::within_bounds(const Value& value, const Step& step) {
  if (limit_) return false;
  if (work_left_ > 0 && depth_ < depth_limit) {
    --work_left_;
    return true;
  }
  give_up(value, step);
  return false;
}

void Walk::give_up(const Value& value, const Step& step) {
  Violation violation;
  violation.kind = Class::limit;
  violation.begin = static_cast<std::uint32_t>(value.begin_offset());
  violation.end = violation.begin + 1;
  violation.depth = step.depth;
  violation.pointer = pointer_of(step);
  violation.message = work_left_ == 0 ? "validation was given up here: too many combinations of alternatives to try"
                                      : "validation was given up here: values and subschemas are nested too deeply";
  violation.help =
      work_left_ == 0
          ? "nest fewer anyOf, oneOf and if in the schema, or give their branches a key with constants of their own"
          : "the limit is " + std::to_string(depth_limit) + " levels";
  limit_ = std::move(violation);
}

bool Walk::check(NodeIndex index, const Value& value, const Step& step, Sink* sink) {
  if (index == anything) return true;
  const NodeIndex target = plan_.resolved(index);
  if (target == anything) return true;
  if (target == nothing) {
    if (sink != nullptr) report_nothing(index, value, step, *sink);
    return false;
  }
  if (!within_bounds(value, step)) return false;
  ++depth_;
  const bool valid = check_constraints(plan_.node(target), index, value, step, sink);
  --depth_;
  return valid;
}

bool Walk::check_constraints(const Node& node, NodeIndex index, const Value& value, const Step& step, Sink* sink) {
  // With the wrong type or a value outside of the list, nothing else is worth saying.
  if (node.types != 0 && !has_type(node.types, value)) {
    if (sink != nullptr) report_type(node, index, value, step, *sink);
    return false;
  }
  if (node.constant && !plan_.equals(*plan_.get(node.constant), value)) {
    if (sink != nullptr) report_value(Class::wrong_value, node, index, value, step, *sink);
    return false;
  }
  const auto allowed = plan_.list(node.allowed);
  const auto is_value = [&](const schema::Value& candidate) { return plan_.equals(candidate, value); };
  if (node.has_allowed && std::none_of(allowed.begin(), allowed.end(), is_value)) {
    if (sink != nullptr) report_value(Class::wrong_value, node, index, value, step, *sink);
    return false;
  }
  bool valid = true;
  switch (value.kind()) {
    case JsonKind::number:
      valid = node.numbers.empty() || check_number(node, index, value, step, sink);
      break;
    case JsonKind::string:
      valid = !node.string || check_string(node, index, value, step, sink);
      break;
    case JsonKind::array:
      valid = !node.array || check_array(node, value, step, sink);
      break;
    case JsonKind::object:
      valid = !node.object || check_object(node, value, step, sink);
      break;
    default:
      break;
  }
  if (!valid && sink == nullptr) return false;
  return check_combined(node, value, step, sink) && valid;
}

bool Walk::check_number(const Node& node, NodeIndex index, const Value& value, const Step& step, Sink* sink) {
  Number number(value.number_text());
  const auto limits = plan_.list(node.numbers);
  if (std::all_of(limits.begin(), limits.end(),
                  [&](const NumberLimit& limit) { return number.satisfies(limit, plan_.text(limit.text)); }))
    return true;
  if (sink != nullptr) {
    report(*sink, Class::out_of_range, value, step,
           name_of(step) + " must be " + describe_node(plan_, plan_.resolved(index)) + ", but is " + show_value(value),
           help_of(plan_, index));
  }
  return false;
}

bool Walk::check_string(const Node& node, NodeIndex index, const Value& value, const Step& step, Sink* sink) {
  const StringRules& rules = *plan_.get(node.string);
  const std::string_view text = value.string();
  if (!length_within(rules.length, text)) {
    if (sink != nullptr) report_size(rules.length, base::count_code_points(text), "character", value, step, *sink);
    return false;
  }
  const auto format = static_cast<Format>(rules.format);
  if (rules.format >= 0 && !matches(format, text)) {
    if (sink != nullptr) {
      report(*sink, Class::format, value, step,
             name_of(step) + " must be " + std::string(describe(format)) + ", but is " + show_value(value),
             help_of(plan_, index));
    }
    return false;
  }
  if (rules.pattern && !found_in(plan_.regex(rules.pattern), text)) {
    if (sink != nullptr) {
      const std::string_view pattern = plan_.text(plan_.get(rules.pattern)->text);
      const bool blank = pattern == non_blank;
      report(*sink, Class::pattern, value, step,
             name_of(step) +
                 (blank ? " must not be blank" : " must " + demand_of(pattern) + ", but is " + describe_value(value)),
             help_of(plan_, index));
    }
    return false;
  }
  return true;
}

bool Walk::check_array(const Node& node, const Value& value, const Step& step, Sink* sink) {
  const ArrayRules& rules = *plan_.get(node.array);
  bool valid = true;
  if (!within(rules.size, value.size())) {
    if (sink == nullptr) return false;
    report_size(rules.size, value.size(), "element", value, step, *sink);
    valid = false;
  }
  if (!rules.tuple.empty() || rules.elements != anything) valid = check_elements(rules, value, step, sink) && valid;
  if (!valid && sink == nullptr) return false;
  if (rules.has_contains != 0) valid = check_contains(rules, value, step, sink) && valid;
  if (!valid && sink == nullptr) return false;
  if (rules.unique != 0 && value.size() > 1) valid = check_unique(value, step, sink) && valid;
  return valid;
}

bool Walk::check_elements(const ArrayRules& rules, const Value& value, const Step& step, Sink* sink) {
  const auto tuple = plan_.list(rules.tuple);
  bool valid = true;
  std::uint32_t index = 0;
  for (const Value element : value.elements()) {
    const NodeIndex node = index < tuple.size() ? tuple[index] : rules.elements;
    if (!check(node, element, step.element(index), sink)) {
      valid = false;
      if (sink == nullptr || limit_) return false;
    }
    ++index;
  }
  return valid;
}

bool Walk::check_contains(const ArrayRules& rules, const Value& value, const Step& step, Sink* sink) {
  std::uint32_t index = 0;
  for (const Value element : value.elements()) {
    if (check(rules.contains, element, step.element(index++), nullptr)) return true;
  }
  if (sink != nullptr && !limit_) report_contains(rules.contains, value, step, *sink);
  return false;
}

bool Walk::check_unique(const Value& value, const Step& step, Sink* sink) {
  std::size_t total = 0;
  const auto duplicates = document::find_duplicates(value, sink == nullptr ? 0 : sink->room(), total);
  if (total == 0) return true;
  if (sink == nullptr) return false;
  sink->drop(total - duplicates.size());
  std::size_t next = 0;
  std::uint32_t index = 0;
  for (const Value element : value.elements()) {
    if (next == duplicates.size()) break;
    if (duplicates[next].again == index) {
      report(*sink, Class::duplicate_item, element, step.element(index),
             name_of(step.element(index)) + " repeats " + name_of(step.element(duplicates[next].first)) + ", " +
                 show_value(element),
             "take one of them out");
      ++next;
    }
    ++index;
  }
  return false;
}

bool Walk::check_object(const Node& node, const Value& value, const Step& step, Sink* sink) {
  const ObjectRules& rules = *plan_.get(node.object);
  bool valid = true;
  if (!within(rules.size, value.size())) {
    if (sink == nullptr) return false;
    report_size(rules.size, value.size(), "key", value, step, *sink);
    valid = false;
  }
  SeenKeys seen(rules.required_count);
  std::vector<Value::Member> unknown;
  for (const auto member : value.members()) {
    const Property* property = plan_.find(rules, member.name());
    if (property != nullptr && property->required != not_required) seen.mark(property->required);
    bool known = property != nullptr && property->declared != 0;
    if (!check_member(rules, property, member, step, sink, known)) valid = false;
    if (!known) {
      valid = false;
      if (sink != nullptr && unknown.size() < sink->room()) {
        unknown.push_back(member);
      } else if (sink != nullptr) {
        sink->drop(1);
      }
    }
    if (!valid && (sink == nullptr || limit_)) return false;
  }
  if (!seen.all() || !unknown.empty()) {
    if (sink == nullptr) return false;
    report_keys(rules, value, step, unknown, seen, *sink);
    valid = false;
  }
  if (!rules.dependencies.empty()) valid = check_dependencies(rules, value, step, sink) && valid;
  return valid;
}

bool Walk::check_member(const ObjectRules& rules, const Property* property, const Value::Member& member,
                        const Step& step, Sink* sink, bool& known) {
  const Step inner = step.member(member.name(), member.key.node());
  bool valid = true;
  if (property != nullptr && property->declared != 0) valid = check(property->node, member.value, inner, sink);
  for (const auto& [pattern, node] : plan_.list(rules.patterns)) {
    if (!valid && sink == nullptr) return false;
    if (!found_in(plan_.regex(pattern), member.name())) continue;
    known = true;
    valid = check(node, member.value, inner, sink) && valid;
  }
  if (!known && plan_.resolved(rules.additional) != nothing) {
    known = true;
    valid = check(rules.additional, member.value, inner, sink) && valid;
  }
  if (rules.names != anything) valid = check_key(rules, member, step, sink) && valid;
  return valid;
}

bool Walk::check_key(const ObjectRules& rules, const Value::Member& member, const Step& step, Sink* sink) {
  const Step inner = step.key_of_member(member.name(), member.key.node());
  if (sink == nullptr) return check(rules.names, member.key, inner, nullptr);
  Sink own(sink->room());
  const bool valid = check(rules.names, member.key, inner, &own);
  for (Violation& violation : own.violations()) {
    if (violation.kind == Class::wrong_value || violation.kind == Class::not_allowed)
      violation.kind = Class::unknown_key;
    sink->add(std::move(violation));
  }
  sink->drop(own.dropped());
  return valid;
}

bool Walk::check_dependencies(const ObjectRules& rules, const Value& value, const Step& step, Sink* sink) {
  bool valid = true;
  for (const Dependency& dependency : plan_.list(rules.dependencies)) {
    if (!value.find(plan_.text(dependency.key))) continue;
    for (const Text name : plan_.list(dependency.names)) {
      if (value.find(plan_.text(name))) continue;
      if (sink == nullptr) return false;
      report_dependency(rules, dependency, plan_.text(name), value, step, *sink);
      valid = false;
    }
    if (!check(dependency.node, value, step, sink)) valid = false;
    if (!valid && sink == nullptr) return false;
  }
  return valid;
}

bool Walk::check_combined(const Node& node, const Value& value, const Step& step, Sink* sink) {
  bool valid = true;
  for (const NodeIndex part : plan_.list(node.all_of)) {
    if (!check(part, value, step, sink)) valid = false;
    if (!valid && sink == nullptr) return false;
  }
  for (const Alternatives& alternatives : plan_.list(node.alternatives)) {
    if (!check_alternatives(alternatives, value, step, sink)) valid = false;
    if (!valid && sink == nullptr) return false;
  }
  if (node.has_forbidden && check(node.forbidden, value, step, nullptr)) {
    if (sink != nullptr) report_forbidden(node, value, step, *sink);
    valid = false;
  }
  if (!valid && sink == nullptr) return false;
  if (const Condition* const condition = plan_.get(node.condition)) {
    const bool met = check(condition->condition, value, step, nullptr);
    const NodeIndex branch = met ? condition->then_node : condition->else_node;
    if (!check(branch, value, step, sink)) valid = false;
  }
  return valid && !limit_;
}

}  // namespace launchgate::schema
