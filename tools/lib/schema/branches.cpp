// anyOf and oneOf.
//
// Where the branches declare a key with constants of their own ("kind": {"const": "load"}), that key decides: the
// branch it names is checked alone, and its violations are those of the document. Otherwise the branches are tried one
// after the other, stopping early; where none fits, each is tried again with a sink of its own, and the nearest is the
// one with the least to say, a wrong type of the value itself weighing most and a wrong constant of a member next. Its
// violations are reported as they are if it is nearest without doubt; else one violation names the branches and what
// each wants first.

#include <algorithm>
#include <limits>

#include "lib/base/similar.hpp"
#include "lib/schema/walk.hpp"
#include "lib/schema/wording.hpp"

namespace launchgate::schema {
namespace {

using document::JsonKind;
using document::JsonValue;

constexpr std::size_t violations_compared = 30;
constexpr std::size_t branches_named = 5;

struct Attempt {
  NodeIndex branch;
  Sink sink{violations_compared};
  std::uint64_t score = 0;
};

bool is_about_value_itself(const Violation& violation, std::uint32_t depth) {
  if (violation.depth != depth) return false;
  switch (violation.kind) {
    case Class::wrong_type:
    case Class::wrong_value:
    case Class::out_of_range:
    case Class::pattern:
    case Class::format:
      return true;
    default:
      return false;
  }
}

std::uint64_t score(const Sink& sink, std::uint32_t depth) {
  constexpr std::uint64_t wrong_kind = 10'000;
  constexpr std::uint64_t wrong_constant = 100;
  std::uint64_t sum = sink.dropped();
  for (const Violation& violation : sink.violations()) {
    if (violation.depth == depth && (violation.kind == Class::wrong_type || violation.kind == Class::not_allowed)) {
      sum += wrong_kind;
    } else if (violation.depth == depth + 1 && violation.kind == Class::wrong_value) {
      sum += wrong_constant;
    } else {
      sum += 1;
    }
  }
  return sum;
}

std::string ordinal(std::size_t branch, std::size_t count) {
  return "form " + std::to_string(branch + 1) + " of " + std::to_string(count);
}

// The title of a branch, else its place in the list.
std::string branch_name(const Plan& plan, NodeIndex branch, std::size_t place, std::size_t count) {
  for (NodeIndex at = branch; at >= 0; at = plan.node(at).target) {
    if (!plan.node(at).title.empty()) return quoted(plan.text(plan.node(at).title));
    if (!plan.node(at).refers) break;
  }
  return ordinal(place, count);
}

bool all_about_value(const std::vector<Attempt>& attempts, std::uint32_t depth) {
  return std::all_of(attempts.begin(), attempts.end(), [&](const Attempt& attempt) {
    const auto& list = attempt.sink.violations();
    return std::all_of(list.begin(), list.end(),
                       [&](const Violation& each) { return is_about_value_itself(each, depth); });
  });
}

// What each of the branches asks of the value.
std::string wanted_by(const Plan& plan, const std::vector<Attempt>& attempts) {
  std::vector<std::string> wanted;
  for (const Attempt& attempt : attempts) {
    if (plan.resolved(attempt.branch) == nothing) continue;
    const std::string what = describe_node(plan, attempt.branch);
    if (std::find(wanted.begin(), wanted.end(), what) == wanted.end()) wanted.push_back(what);
  }
  return join(wanted, "or");
}

std::string first_guess(const std::vector<Attempt>& attempts) {
  for (const Attempt& attempt : attempts) {
    for (const Violation& each : attempt.sink.violations()) {
      if (each.help.starts_with("did you mean")) return each.help;
    }
  }
  return {};
}

// The violations of one branch become those of the document.
void take_over(Attempt& nearest, const std::string& name, Sink& sink) {
  const std::string note = "to fit " + name + ", the nearest of the forms allowed here";
  for (Violation& violation : nearest.sink.violations()) {
    if (violation.help.find(", the nearest of the forms") == std::string::npos)
      violation.help += (violation.help.empty() ? "" : "; ") + note;
    sink.add(std::move(violation));
  }
  sink.drop(nearest.sink.dropped());
}

std::string first_of_each(const Plan& plan, const std::vector<Attempt>& attempts) {
  std::string text;
  for (std::size_t i = 0; i < attempts.size() && i < branches_named; ++i) {
    if (attempts[i].sink.violations().empty()) continue;
    text += (text.empty() ? "" : "; ") + branch_name(plan, attempts[i].branch, i, attempts.size()) + ": " +
            attempts[i].sink.violations().front().message;
  }
  return text;
}

// The key that a branch misses and nothing else, or "".
std::string only_missing(const Attempt& attempt, std::uint32_t depth) {
  if (attempt.sink.violations().size() != 1 || attempt.sink.dropped() > 0) return {};
  const Violation& violation = attempt.sink.violations().front();
  if (violation.kind != Class::missing_key || violation.depth != depth) return {};
  return violation.message.substr(0, violation.message.rfind(" is missing"));
}

}  // namespace

bool Walk::check_alternatives(const Alternatives& alternatives, const Value& value, const Step& step, Sink* sink) {
  if (alternatives.discriminator && value.is(JsonKind::object)) {
    bool decided = false;
    const bool valid = check_by_discriminator(*plan_.get(alternatives.discriminator), value, step, sink, decided);
    if (decided) return valid;
  }
  const std::size_t enough = alternatives.exactly_one != 0 ? 2 : 1;
  std::size_t fitting = 0;
  for (const NodeIndex branch : plan_.list(alternatives.branches)) {
    if (check(branch, value, step, nullptr) && ++fitting == enough) break;
  }
  if (fitting == 1) return true;
  if (sink == nullptr || limit_) return false;
  if (fitting > 1) {
    report_several(alternatives, value, step, *sink);
  } else {
    report_none(alternatives, value, step, *sink);
  }
  return false;
}

bool Walk::check_by_discriminator(const Discriminator& discriminator, const Value& value, const Step& step, Sink* sink,
                                  bool& decided) {
  const auto branches = plan_.list(discriminator.branches);
  for (const auto member : value.members()) {
    if (member.name() != plan_.text(discriminator.key)) continue;
    decided = true;
    const auto named = std::find_if(branches.begin(), branches.end(), [&](const NamedBranch& entry) {
      return member.value.is(JsonKind::string) && plan_.text(entry.value) == member.value.string();
    });
    if (named != branches.end()) return check(named->branch, value, step, sink);
    if (sink != nullptr) report_discriminator(discriminator, &member, value, step, *sink);
    return false;
  }
  if (discriminator.required == 0) return false;
  // Without the key no branch can fit, and which one was meant cannot be said.
  decided = true;
  if (sink != nullptr) report_discriminator(discriminator, nullptr, value, step, *sink);
  return false;
}

void Walk::report_several(const Alternatives& alternatives, const Value& value, const Step& step, Sink& sink) {
  std::vector<std::string> names;
  const auto branches = plan_.list(alternatives.branches);
  const std::size_t count = branches.size();
  for (std::size_t i = 0; i < count && names.size() < 2; ++i) {
    if (check(branches[i], value, step, nullptr)) names.push_back(branch_name(plan_, branches[i], i, count));
  }
  report(sink, Class::no_variant, value, step,
         name_of(step) + " fits more than one of the " + std::to_string(count) +
             " forms, and exactly one is allowed: " + join(names, "and"),
         {});
}

void Walk::report_none(const Alternatives& alternatives, const Value& value, const Step& step, Sink& sink) {
  if (sink.full()) {
    sink.drop(1);
    return;
  }
  std::vector<Attempt> attempts;
  for (const NodeIndex branch : plan_.list(alternatives.branches)) {
    attempts.push_back({branch});
    check(branch, value, step, &attempts.back().sink);
    attempts.back().score = score(attempts.back().sink, step.depth);
    if (limit_) return;
  }

  if (all_about_value(attempts, step.depth)) {
    report(sink, Class::no_variant, value, step,
           name_of(step) + " must be " + wanted_by(plan_, attempts) + ", but is " + describe_value(value),
           first_guess(attempts));
    return;
  }
  std::vector<std::string> keys;
  for (const Attempt& attempt : attempts) keys.push_back(only_missing(attempt, step.depth));
  if (std::none_of(keys.begin(), keys.end(), [](const std::string& key) { return key.empty(); })) {
    report_missing({}, anything, {},
                   alternatives.exactly_one != 0 ? "exactly one of them is needed" : "one of them is enough", value,
                   step, sink);
    Violation& added = sink.violations().back();
    added.kind = Class::no_variant;
    added.message = name_of(step) + " must have " + join(keys, "or");
    return;
  }
  const auto nearest = std::min_element(attempts.begin(), attempts.end(),
                                        [](const Attempt& a, const Attempt& b) { return a.score < b.score; });
  const auto as_near = std::count_if(attempts.begin(), attempts.end(),
                                     [&](const Attempt& each) { return each.score == nearest->score; });
  if (as_near == 1) {
    const auto place = static_cast<std::size_t>(nearest - attempts.begin());
    take_over(*nearest, branch_name(plan_, nearest->branch, place, attempts.size()), sink);
    return;
  }
  report(sink, Class::no_variant, value, step,
         name_of(step) + " fits none of the " + std::to_string(attempts.size()) + " forms allowed here",
         first_of_each(plan_, attempts));
}

}  // namespace launchgate::schema
