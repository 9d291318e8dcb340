#include <algorithm>

#include "lib/base/similar.hpp"
#include "lib/schema/walk.hpp"
#include "lib/schema/wording.hpp"

namespace launchgate::schema {
namespace {

using document::JsonKind;

constexpr std::size_t keys_listed = 12;

std::vector<std::string> strings_of(const Plan& plan, std::span<const Value> values) {
  std::vector<std::string> texts;
  for (const Value& value : values) {
    if (value.is(JsonKind::string)) texts.emplace_back(plan.text(value.text));
  }
  return texts;
}

// What keys of the object look like, for somebody who wrote one that is unknown.
std::string allowed_keys(const Plan& plan, const ObjectRules& rules) {
  std::vector<std::string> names;
  for (const Property& property : plan.list(rules.properties)) {
    if (property.declared != 0) names.emplace_back(plan.text(property.name));
  }
  std::string text;
  if (!names.empty()) text = "allowed are " + base::quoted_list(names, "and", keys_listed);
  for (const auto& [pattern, node] : plan.list(rules.patterns)) {
    text += (text.empty() ? "allowed are keys that match " : ", and keys that match ") +
            shortened(plan.text(plan.get(pattern)->text));
  }
  return text.empty() ? "no key is allowed" : text;
}

}  // namespace

void Walk::report(Sink& sink, Class kind, const Value& value, const Step& step, std::string message,
                  std::string help) const {
  if (sink.full()) {
    sink.drop(1);
    return;
  }
  Violation violation;
  violation.kind = kind;
  violation.begin = static_cast<std::uint32_t>(value.begin_offset());
  violation.end = static_cast<std::uint32_t>(value.end_offset());
  violation.depth = step.depth;
  violation.pointer = pointer_of(step);
  violation.message = std::move(message);
  violation.help = std::move(help);
  sink.add(std::move(violation));
}

void Walk::report_type(const Node& node, NodeIndex index, const Value& value, const Step& step, Sink& sink) const {
  if (node.constant || node.has_allowed) {
    report_value(Class::wrong_type, node, index, value, step, sink);
    return;
  }
  const std::string actual =
      value.is(JsonKind::number) && (node.types & type_integer) != 0 ? show_value(value) : describe_value(value);
  report(sink, Class::wrong_type, value, step,
         name_of(step) + " must be " + describe_node(plan_, index) + ", but is " + actual, help_of(plan_, index));
}

void Walk::report_value(Class kind, const Node& node, NodeIndex index, const Value& value, const Step& step,
                        Sink& sink) const {
  if (sink.full()) {
    sink.drop(1);
    return;
  }
  const schema::Value* const constant = plan_.get(node.constant);
  const bool constant_is_wrong = constant != nullptr && !plan_.equals(*constant, value);
  const auto allowed = constant_is_wrong ? std::span(constant, 1) : plan_.list(node.allowed);
  std::string help = base::did_you_mean(value.string(), strings_of(plan_, allowed));
  if (help.empty()) help = help_of(plan_, index);
  const bool same_kind =
      std::any_of(allowed.begin(), allowed.end(), [&](const schema::Value& each) { return each.is(value.kind()); });
  const std::string actual = same_kind ? show_value(value) : describe_value(value);
  const std::string wanted = allowed.empty() ? " is not allowed here" : " must be " + list_values(plan_, allowed);
  report(sink, kind, value, step, name_of(step) + wanted + (allowed.empty() ? "" : ", but is " + actual),
         std::move(help));
}

void Walk::report_nothing(NodeIndex index, const Value& value, const Step& step, Sink& sink) const {
  report(sink, Class::not_allowed, value, step, name_of(step) + " is not allowed here", help_of(plan_, index));
}

void Walk::report_contains(NodeIndex index, const Value& value, const Step& step, Sink& sink) const {
  report(sink, Class::not_allowed, value, step,
         name_of(step) + " must contain " + describe_node(plan_, index) + ", but none of its elements is that",
         help_of(plan_, index));
}

void Walk::report_dependency(const ObjectRules& rules, const Dependency& dependency, std::string_view name,
                             const Value& value, const Step& step, Sink& sink) const {
  const Property* property = plan_.find(rules, name);
  report_missing(name, property == nullptr ? anything : property->node,
                 ", which " + quoted(plan_.text(dependency.key)) + " needs", {}, value, step, sink);
}

void Walk::report_discriminator(const Discriminator& discriminator, const Value::Member* member, const Value& value,
                                const Step& step, Sink& sink) const {
  std::vector<std::string> texts;
  for (const NamedBranch& entry : plan_.list(discriminator.branches)) texts.emplace_back(plan_.text(entry.value));
  const std::string wanted = base::quoted_list(texts, "or", keys_listed);
  if (member == nullptr) {
    report_missing(plan_.text(discriminator.key), anything, {}, "it must be " + wanted, value, step, sink);
    return;
  }
  const Value& found = member->value;
  const bool string = found.is(JsonKind::string);
  const Step inner = step.member(member->name(), member->key.node());
  report(sink, string ? Class::wrong_value : Class::wrong_type, found, inner,
         name_of(inner) + " must be " + wanted + ", but is " + (string ? show_value(found) : describe_value(found)),
         base::did_you_mean(found.string(), texts));
}

void Walk::report_size(const SizeLimits& limits, std::uint64_t actual, std::string_view unit, const Value& value,
                       const Step& step, Sink& sink) const {
  if (sink.full()) {
    sink.drop(1);
    return;
  }
  if (actual == 0 && limits.least == 1) {
    report(sink, Class::size, value, step, name_of(step) + " must not be empty",
           "at least 1 " + std::string(unit) + " is needed");
    return;
  }
  report(sink, Class::size, value, step,
         name_of(step) + " must have " + describe_size(limits, unit) + ", but has " +
             (actual == 0 ? "none" : std::to_string(actual)),
         {});
}

void Walk::report_keys(const ObjectRules& rules, const Value& value, const Step& step,
                       const std::vector<Value::Member>& unknown, const SeenKeys& seen, Sink& sink) const {
  std::vector<std::string> missing;
  std::vector<std::string> unused;
  for (const Property& property : plan_.list(rules.properties)) {
    const std::string_view name = plan_.text(property.name);
    if (property.required != not_required && !seen.has(property.required)) {
      missing.emplace_back(name);
    } else if (property.declared != 0 && !value.find(name)) {
      unused.emplace_back(name);
    }
  }
  const auto take = [](std::vector<std::string>& names, const std::string& name) {
    names.erase(std::remove(names.begin(), names.end(), name), names.end());
  };
  const std::string noun = noun_for_key(plan_, rules, step.kind == Step::Kind::member ? step.name : std::string_view());
  for (const auto& member : unknown) {
    // A misspelt key explains the one that is missing: one finding says both.
    auto guess = base::nearest(member.name(), missing);
    if (guess) {
      take(missing, *guess);
    } else {
      guess = base::nearest(member.name(), unused);
      if (guess) take(unused, *guess);
    }
    // The pointer is that of the object: the key itself names nothing that the schema knows.
    report(sink, Class::unknown_key, member.key, step, "unknown " + noun + " " + quoted(member.name()),
           guess ? "did you mean " + quoted(*guess) + "?" : allowed_keys(plan_, rules));
  }
  for (const std::string& name : missing) {
    std::string guess;
    if (unknown.empty()) {
      // Where unknown keys are allowed, a near one may still be the one that was meant.
      std::vector<std::string> others;
      for (const auto member : value.members()) {
        const Property* property = plan_.find(rules, member.name());
        if (property == nullptr && others.size() < 50) others.emplace_back(member.name());
      }
      if (const auto near = base::nearest(name, others)) guess = quoted(*near) + " is there: is it misspelt?";
    }
    report_missing(name, plan_.find(rules, name)->node, {}, guess, value, step, sink);
  }
}

void Walk::report_missing(std::string_view key, NodeIndex index, const std::string& why, const std::string& guess,
                          const Value& value, const Step& step, Sink& sink) const {
  if (sink.full()) {
    sink.drop(1);
    return;
  }
  std::string help = guess;
  if (guess.empty()) {
    const std::string what = describe_node(plan_, index);
    const std::string description = help_of(plan_, index);
    if (what != "anything") help = "it must be " + what;
    if (!description.empty()) help += (help.empty() ? "" : "; ") + description;
  }
  Violation violation;
  violation.kind = Class::missing_key;
  violation.begin = static_cast<std::uint32_t>(value.begin_offset());
  violation.end = violation.begin + 1;
  if (step.kind == Step::Kind::member && step.key != 0) {
    const Value holder(value.document(), step.key);
    violation.begin = static_cast<std::uint32_t>(holder.begin_offset());
    violation.end = static_cast<std::uint32_t>(holder.end_offset());
  }
  violation.depth = step.depth;
  violation.pointer = pointer_of(step);
  violation.message = quoted(key) + " is missing" + why;
  violation.help = std::move(help);
  sink.add(std::move(violation));
}

void Walk::report_forbidden(const Node& node, const Value& value, const Step& step, Sink& sink) const {
  const NodeIndex index = plan_.resolved(node.forbidden);
  std::string message = name_of(step) + " is not allowed here";
  if (index >= 0) {
    const Node& forbidden = plan_.node(index);
    std::vector<std::string> keys;
    const ObjectRules* const object = plan_.get(forbidden.object);
    if (object != nullptr && value.is(JsonKind::object)) {
      for (const Property& property : plan_.list(object->properties)) {
        if (property.required != not_required) keys.push_back(quoted(plan_.text(property.name)));
      }
    }
    const std::string what = describe_node(plan_, index);
    if (!keys.empty()) {
      message = name_of(step) + " must not have " + join(keys, "and") + (keys.size() > 1 ? " together" : "");
    } else if (what != "anything") {
      message = name_of(step) + " must not be " + what;
    }
  }
  report(sink, Class::not_allowed, value, step, std::move(message), help_of(plan_, node.forbidden));
}

}  // namespace launchgate::schema
