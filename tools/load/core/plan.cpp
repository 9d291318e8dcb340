#include "load/core/plan.hpp"

#include <algorithm>
#include <cmath>

#include "load/core/schedule.hpp"

namespace launchgate::load {

namespace {

std::string_view title(Switch value) {
  switch (value) {
    case Switch::mutations:
      return "mutations";
    case Switch::sse:
      return "streams";
    case Switch::operator_checks:
      return "operator checks";
  }
  return "";
}

std::string reason_left_out(const Catalogue& catalogue, const Settings& settings, const OperationSpec& op) {
  const TargetSpec& target = catalogue.targets[op.target];
  if (settings.targets[op.target].skipped) return target.title + " is skipped";
  if (op.needs_token && settings.targets[op.target].token.empty()) {
    return "no " + (target.token ? target.token->title : "token") + " was given";
  }
  for (const Switch value : op.switches) {
    if (!settings.is_on(value)) return std::string(title(value)) + " are off";
  }
  for (const Index variable : op.variables) {
    if (settings.variables[variable].empty()) return "no --" + catalogue.variables[variable].name + " was given";
  }
  for (const Index id : op.needs) {
    const auto creator = catalogue.creator_of(id);
    if (creator && !reason_left_out(catalogue, settings, catalogue.operations[*creator]).empty()) {
      return "\"" + catalogue.operations[*creator].name + "\", which makes its " + catalogue.ids[id].title +
             ", is not planned";
    }
  }
  return {};
}

bool applies(const WarningSpec& warning, const Catalogue& catalogue, const Settings& settings, const Plan& plan) {
  if (warning.target_skipped && !settings.targets[*warning.target_skipped].skipped) return false;
  if (warning.target_used && settings.targets[*warning.target_used].skipped) return false;
  if (warning.token_missing && !settings.targets[*warning.token_missing].token.empty()) return false;
  if (warning.switch_off && settings.is_on(*warning.switch_off)) return false;
  if (warning.switch_on && !settings.is_on(*warning.switch_on)) return false;
  if (warning.variable_missing && !settings.variables[*warning.variable_missing].empty()) return false;
  if (warning.none_planned) {
    for (const PlannedOperation& planned : plan.operations) {
      const auto& switches = catalogue.operations[planned.operation].switches;
      if (std::find(switches.begin(), switches.end(), *warning.none_planned) != switches.end()) return false;
    }
  }
  return true;
}

void add_warnings(const Catalogue& catalogue, const Settings& settings, Plan& plan) {
  for (const WarningSpec& warning : catalogue.warnings) {
    if (applies(warning, catalogue, settings, plan))
      plan.warnings.push_back({warning.id, warning.message, warning.help});
  }
  if (!settings.verify_tls) {
    plan.warnings.push_back({"tls-verification-off", "certificates were not verified, so the target may be anyone",
                             "leave out --insecure; give --cacert for a private authority"});
  }
  std::string missing;
  for (std::size_t i = 0; i < settings.targets.size(); ++i) {
    if (settings.targets[i].skipped || settings.targets[i].image_digest != "not-provided") continue;
    missing += (missing.empty() ? "--" : ", --") + catalogue.targets[i].name + "-image-digest";
  }
  if (!missing.empty()) {
    plan.warnings.push_back(
        {"image-digests-unknown", "image digests are not given, so the evidence pins no build", "give " + missing});
  }
  if (settings.commit_sha == "unknown") {
    plan.warnings.push_back(
        {"commit-unknown", "the commit is unknown, so the evidence pins no source", "give --commit-sha"});
  }
  if (plan.streams == 0 && settings.mode == Mode::soak && settings.include_sse && settings.sse_mode == SseMode::probe) {
    plan.warnings.push_back({"streams-probed",
                             "streams were probed one at a time and not held, so their target was not driven",
                             "leave out --sse probe"});
  }
}

double capacity(const Profile& profile, const std::string& name) {
  const auto found = profile.capacity_targets.find(name);
  return found == profile.capacity_targets.end() ? 0 : found->second;
}

void drive(Plan& plan, const std::string& name, double target, double per_seconds, Index operation) {
  for (DrivenTarget& driven : plan.driven) {
    if (driven.name == name) {
      driven.operations.push_back(operation);
      return;
    }
  }
  plan.driven.push_back({name, target, per_seconds, {operation}});
}

// What the capacity targets need within the load gate, and one more for each operation that may have to make its own id
// first, in each segment.
std::uint64_t default_limit(const Catalogue& catalogue, const Profile& profile, const Settings& settings,
                            const Plan& plan, Index limit) {
  const std::int64_t gate_ms = settings.mode == Mode::load
                                   ? std::max(profile.duration_ms, settings.duration_ms + settings.warmup_ms)
                                   : profile.duration_ms;
  std::uint64_t need = 0;
  for (const PlannedOperation& planned : plan.operations) {
    const OperationSpec& op = catalogue.operations[planned.operation];
    if (op.limit == limit && op.rate) {
      need +=
          Schedule::arrivals(capacity(profile, op.rate->capacity_target) / op.rate->per_seconds, gate_ms * millisecond);
    }
    for (const Index id : op.needs) {
      const auto creator = catalogue.creator_of(id);
      if (creator && catalogue.operations[*creator].limit == limit) need += settings.segments;
    }
  }
  return std::max(need, catalogue.limits[limit].floor);
}

void choose_operations(const Catalogue& catalogue, const Settings& settings, Plan& plan) {
  for (std::size_t i = 0; i < catalogue.operations.size(); ++i) {
    const auto index = static_cast<Index>(i);
    std::string reason = reason_left_out(catalogue, settings, catalogue.operations[i]);
    if (!reason.empty()) {
      plan.left_out.push_back({index, std::move(reason)});
      continue;
    }
    PlannedOperation planned;
    planned.operation = index;
    plan.operations.push_back(std::move(planned));
  }
}

// By what an operation is paced: its capacity target, or the rate that the rest shares.
void choose_pacer(const OperationSpec& op, const Profile& profile, const Settings& settings, Plan& plan,
                  PlannedOperation& planned) {
  if (op.stream && settings.sse_mode == SseMode::hold) {
    planned.held = true;
    planned.paced_by = op.stream->capacity_target;
    const double target = capacity(profile, op.stream->capacity_target);
    plan.whole_streams += static_cast<std::uint64_t>(target);
    drive(plan, op.stream->capacity_target, target, 0, planned.operation);
  } else if (op.rate && settings.pacing == Pacing::targets && capacity(profile, op.rate->capacity_target) > 0) {
    planned.paced_by = op.rate->capacity_target;
    drive(plan, op.rate->capacity_target, capacity(profile, op.rate->capacity_target), op.rate->per_seconds,
          planned.operation);
  } else {
    planned.paced_by = shared_rate;
  }
}

void pace(const Catalogue& catalogue, const Profile& profile, const Settings& settings, Plan& plan) {
  std::size_t sharing = 0;
  for (PlannedOperation& planned : plan.operations) {
    choose_pacer(catalogue.operations[planned.operation], profile, settings, plan, planned);
    if (planned.paced_by == shared_rate) ++sharing;
  }
  for (PlannedOperation& planned : plan.operations) {
    if (planned.held) continue;
    planned.per_second = settings.request_rate / static_cast<double>(std::max<std::size_t>(sharing, 1));
    for (const DrivenTarget& driven : plan.driven) {
      if (driven.name == planned.paced_by) {
        planned.per_second = driven.target / driven.per_seconds / static_cast<double>(driven.operations.size());
      }
    }
    planned.whole_per_second = planned.per_second;
    planned.per_second /= settings.segments;
    planned.arrivals =
        settings.share().count(Schedule::arrivals(planned.whole_per_second, settings.duration_ms * millisecond) +
                               Schedule::warmup_arrivals(planned.whole_per_second, settings.warmup_ms * millisecond));
  }
  plan.streams = settings.share().count(plan.whole_streams);
  plan.places = std::max<std::uint64_t>(1, settings.share().count(static_cast<std::uint64_t>(settings.concurrency)));
}

void bound(const Catalogue& catalogue, const Profile& profile, const Settings& settings, Plan& plan) {
  for (Index limit = 0; limit < catalogue.limits.size(); ++limit) {
    const LimitSpec& spec = catalogue.limits[limit];
    LimitPlan one;
    one.given = settings.limits[limit].has_value();
    const std::uint64_t most =
        one.given ? *settings.limits[limit] : default_limit(catalogue, profile, settings, plan, limit);
    one.most = settings.share().count(most);
    for (const PlannedOperation& planned : plan.operations) {
      if (catalogue.operations[planned.operation].limit == limit) one.wanted += planned.arrivals;
    }
    plan.limits.push_back(one);
    if (one.given && one.wanted > one.most) {
      plan.warnings.push_back({"capped-" + spec.name,
                               "--max-mutating-" + spec.name + " stops " + spec.title + " at " +
                                   std::to_string(one.most) + " of the " + std::to_string(one.wanted) +
                                   " that the run asks for",
                               "raise it or leave it out"});
    }
  }
}

}  // namespace

std::string_view name(Mode mode) {
  switch (mode) {
    case Mode::plan:
      return "plan";
    case Mode::load:
      return "load";
    case Mode::soak:
      return "soak";
  }
  return "";
}

bool Settings::is_on(Switch value) const {
  switch (value) {
    case Switch::mutations:
      return include_mutations;
    case Switch::sse:
      return include_sse;
    case Switch::operator_checks:
      return include_operator;
  }
  return false;
}

const std::string& evidence_command(const Catalogue& catalogue, const Settings& settings) {
  if (settings.mode == Mode::plan) return catalogue.commands.plan;
  if (settings.mode == Mode::load) return settings.strict ? catalogue.commands.load_strict : catalogue.commands.load;
  return settings.strict ? catalogue.commands.soak_strict : catalogue.commands.soak;
}

bool Plan::plans(Index operation) const {
  return std::any_of(operations.begin(), operations.end(),
                     [&](const PlannedOperation& p) { return p.operation == operation; });
}

Accepts accepts(const OperationSpec& operation, const Settings& settings) {
  Accepts out;
  out.success = operation.success;
  if (!settings.strict) out.tolerated = operation.lenient;
  if (settings.targets[operation.target].token.empty()) {
    out.tolerated.insert(out.tolerated.end(), operation.without_token.begin(), operation.without_token.end());
  }
  return out;
}

Plan make_plan(const Catalogue& catalogue, const Profile& profile, const Settings& settings) {
  Plan plan;
  choose_operations(catalogue, settings, plan);
  pace(catalogue, profile, settings, plan);
  bound(catalogue, profile, settings, plan);
  for (const Index scrape : catalogue.scrapes) {
    if (plan.plans(scrape)) plan.scrapes.push_back(scrape);
  }
  for (const GateSpec& gate : catalogue.gates) {
    const auto limit = profile.thresholds.find(gate.threshold);
    const bool judged = gate.measure == Measure::latency && limit != profile.thresholds.end();
    plan.latency_limits.push_back(judged ? std::optional(limit->second) : std::nullopt);
  }
  add_warnings(catalogue, settings, plan);
  return plan;
}

}  // namespace launchgate::load
