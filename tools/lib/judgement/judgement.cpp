#include "lib/judgement/judgement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "lib/judgement/hosts.hpp"
#include "lib/rules/json_rule.hpp"

namespace launchgate::judgement {
namespace {

using document::JsonKind;
using document::JsonValue;

constexpr std::string_view growth_suffix = "-growth";  // told by the timeline alone

class Judge {
 public:
  Judge(const evidence::Policy& policy, const Committed& committed, const Question& question, const JsonValue& report,
        evidence::Findings& findings)
      : policy_(policy), committed_(committed), question_(question), report_(report), findings_(findings) {}

  void run() {
    const auto profile = committed_.profiles.find(question_.profile);
    if (!profile) return mismatch(report_, fmt::format("the target profiles have no {}", question_.profile));
    complete_ = question_.passing || is_whole();
    check_profile(*profile);
    check_described();
    if (question_.passing) check_environment();
    check_inputs();
    if (const auto thresholds = profile->find("thresholds")) check_gates(*thresholds);
    if (question_.passing) check_verdict();
    check_counters();
    check_attained();
    for (const Disagreement& one : disagreements(report_)) add("figures-disagree", one.at, one.text);
    if (question_.rung != nullptr) {
      for (const Disagreement& one : local_hosts(policy_, *question_.rung, report_))
        add("not-remote", one.at, one.text);
    }
  }

 private:
  std::optional<JsonValue> at(std::string_view pointer) const { return evidence::find_at(report_, pointer); }
  void add(std::string_view rule, const JsonValue& place, std::string text) {
    findings_.add(rule, question_.item, place, std::move(text));
  }
  void mismatch(const JsonValue& place, std::string text) { add("profile-mismatch", place, std::move(text)); }

  void expect_text(std::string_view pointer, std::string_view wanted) {
    const auto value = at(pointer);
    if (value && value->is(JsonKind::string) && value->string() == wanted) return;
    mismatch(value.value_or(report_),
             fmt::format("{} must be {}, is {}", pointer.substr(1), wanted, value ? rules::shown(*value) : "missing"));
  }

  void expect_at_least(const JsonValue& profile, std::string_view field, std::string_view pointer) {
    const auto wanted = profile.find(field);
    const auto value = at(pointer);
    if (!wanted || !wanted->is(JsonKind::number))
      return mismatch(report_, fmt::format("profile {} has no {} to compare with", question_.profile, field));
    if (value && value->is(JsonKind::number) && value->number() >= wanted->number()) return;
    mismatch(value.value_or(report_),
             fmt::format("{} is {}; profile {} asks for {}", pointer.substr(1),
                         value ? rules::shown(*value) : "missing", question_.profile, wanted->raw()));
  }

  // Every number of the profile, and no other.
  void expect_equal(const JsonValue& profile, std::string_view name) {
    const auto wanted = profile.find(name);
    const auto given = at(fmt::format("/targets/{}", name));
    if (!wanted) return;
    if (!given || !given->is(JsonKind::object))
      return mismatch(given.value_or(report_), fmt::format("targets/{} is missing", name));
    for (const JsonValue::Member one : wanted->members()) {
      const auto value = given->find(one.name());
      if (value && value->is(JsonKind::number) && value->number() == one.value.number()) continue;
      mismatch(value.value_or(*given),
               fmt::format("{} is {}; profile {} says {}", one.name(), value ? rules::shown(*value) : "missing",
                           question_.profile, one.value.raw()));
    }
    for (const JsonValue::Member one : given->members()) {
      if (!wanted->find(one.name()))
        mismatch(one.key, fmt::format("profile {} has no {}", question_.profile, one.name()));
    }
  }

  std::string mode() const {
    const auto given = at("/mode");
    return question_.mode.empty() && given ? std::string(given->string()) : question_.mode;
  }

  void check_profile(const JsonValue& profile) {
    expect_text("/profileName", question_.profile);
    expect_text("/mode", mode());
    expect_equal(profile, "capacityTargets");
    expect_equal(profile, "thresholds");
    expect_at_least(profile, "concurrency", "/run/concurrency");
    expect_at_least(profile, "requestRatePerSecond", "/run/requestRatePerSecond");
    const std::string_view length = mode() == "soak" ? "soakDurationMs" : "durationMs";
    expect_at_least(profile, length, "/run/durationMs");
    expect_at_least(profile, length, "/run/measuredMs");
    if (const auto segment = at("/run/segment"))
      mismatch(*segment, fmt::format("the run is one segment of several, {}", rules::shown(*segment)));
    check_capacity(profile);
  }

  // What the run was driven at.
  void check_capacity(const JsonValue& profile) {
    const auto wanted = [&](std::string_view name) {
      const auto value = evidence::find_at(profile, "/capacityTargets/" + document::escape_pointer_segment(name));
      return value && value->is(JsonKind::number) ? value : profile.find(name);
    };
    const auto attained = at("/attained");
    std::set<std::string, std::less<>> driven;
    if (!attained) mismatch(report_, "the report does not say what was attained");
    for (const JsonValue::Member one : attained.value_or(report_).members()) {
      if (!attained) break;
      driven.emplace(one.name());
      const auto target = one.value.find("target");
      const auto committed = wanted(one.name());
      if (!target || !committed || !target->is(JsonKind::number) || target->number() != committed->number())
        mismatch(target.value_or(one.value), fmt::format("{} was driven at {}; profile {} says {}", one.name(),
                                                         target ? rules::shown(*target) : "nothing", question_.profile,
                                                         committed ? committed->raw() : "nothing"));
    }
    if (complete_) check_driven(driven, wanted);
  }

  // Whether nothing was left out.
  bool is_whole() const {
    const auto environment = at("/evidence/environmentProfile");
    if (!environment) return false;
    const auto all = environment->members();
    return std::all_of(all.begin(), all.end(), [](const JsonValue::Member& one) {
      return one.name() == "expectQuotaRejections" || !one.value.is(JsonKind::boolean) || one.value.boolean();
    });
  }

  template <typename Wanted>
  void check_driven(const std::set<std::string, std::less<>>& driven, const Wanted& wanted) {
    const auto operations = committed_.catalogue.find("operations");
    if (!operations) return;
    for (const JsonValue operation : operations->elements()) {
      const std::string_view rate = evidence::string_at(operation, "/rate/capacityTarget");
      const std::string_view stream = evidence::string_at(operation, "/stream/capacityTarget");
      if (!rate.empty() && !driven.contains(rate))
        mismatch(at("/attained").value_or(report_), fmt::format("{} was not driven", rate));
      if (stream.empty()) continue;
      const auto target = at("/streams/target");
      const auto committed = wanted(stream);
      if (!committed || (target && target->is(JsonKind::number) && target->number() >= committed->number())) continue;
      mismatch(target.value_or(report_),
               fmt::format("{} streams were held; profile {} asks for {} as {}", target ? rules::shown(*target) : "no",
                           question_.profile, committed->raw(), stream));
    }
  }

  // Where the run went and how it was authorised is said, in both places alike, whatever was left out.
  void check_described() {
    const auto environment = at("/evidence/environmentProfile");
    const auto targets = committed_.catalogue.find("targets");
    if (!environment || !environment->is(JsonKind::object) || !targets) return;
    for (const JsonValue::Member target : targets->members()) {
      const std::string_view key = target.value.string_member("urlKey");
      const auto url = environment->find(key);
      const auto aimed = at("/targets/" + document::escape_pointer_segment(key));
      const bool skipped = url && url->string() == "skipped";
      if (!url || (!skipped && url->string().find("://") == std::string_view::npos)) {
        mismatch(url.value_or(*environment), fmt::format("{} says where no run can go", key));
      } else if (!aimed || (skipped ? !aimed->is(JsonKind::null) : aimed->raw() != url->raw())) {
        mismatch(aimed.value_or(*url), fmt::format("targets/{} is not the environment's", key));
      }
      const auto name = evidence::find_at(target.value, "/token/providedKey");
      const auto provided = name ? environment->find(name->string()) : std::nullopt;
      if (name && (!provided || !provided->is(JsonKind::boolean)))
        mismatch(provided.value_or(*environment), fmt::format("{} is neither true nor false", name->string()));
    }
  }

  // No token, mode, stream, operator or target was left out.
  void check_environment() {
    const auto environment = at("/evidence/environmentProfile");
    if (!environment || !environment->is(JsonKind::object))
      return mismatch(environment.value_or(report_), "the report describes no environment");
    const auto must_be_true = [&](std::string_view key) {
      const auto value = environment->find(key);
      if (value && value->is(JsonKind::boolean) && value->boolean()) return;
      mismatch(value.value_or(*environment),
               fmt::format("{} must be true, is {}", key, value ? rules::shown(*value) : "missing"));
    };
    if (question_.strict) must_be_true("strict");
    for (const std::string_view key : {"includeMutations", "includeSse", "includeOperator"}) must_be_true(key);
    const auto targets = committed_.catalogue.find("targets");
    if (!targets) return;
    for (const JsonValue::Member target : targets->members()) {
      const std::string_view key = target.value.string_member("urlKey");
      const auto url = environment->find(key);
      if (!url || url->string().empty() || url->string() == "skipped")
        mismatch(url.value_or(*environment), fmt::format("{} was left out", target.name()));
      if (const auto provided = evidence::find_at(target.value, "/token/providedKey")) must_be_true(provided->string());
    }
  }

  void check_inputs() {
    const auto inputs = at("/inputs");
    for (const auto& [key, wanted] : {std::pair("targetProfilesSha256", &committed_.targets_sha256),
                                      std::pair("catalogueSha256", &committed_.catalogue_sha256)}) {
      const auto given = inputs ? inputs->find(key) : std::nullopt;
      if (!given || wanted->empty() || given->string() == *wanted) continue;
      add("inputs-changed", *given, fmt::format("{} is not that of the committed file", key));
    }
  }

  void check_gates(const JsonValue& thresholds) {
    const auto checks = at("/gates/checks");
    if (!checks || !checks->is(JsonKind::array) || checks->size() == 0)
      return add("gate-rejudged", checks.value_or(report_), "the report has no gates");
    const auto gates = gates_of(committed_.catalogue, thresholds, report_);
    std::set<std::string> seen;
    for (const JsonValue check : checks->elements()) {
      const std::string name(check.string_member("name"));
      const std::string_view status = check.string_member("status");
      if (!seen.insert(name).second) add("gate-rejudged", check, fmt::format("gate {} stands twice", name));
      const auto gate = gates.find(name);
      if (status != "pass") {
        if (question_.passing)
          add("gate-rejudged", check.find("status").value_or(check), fmt::format("gate {} did not pass", name));
      } else if (gate == gates.end()) {
        if (!name.ends_with(growth_suffix))
          add("gate-rejudged", check.find("name").value_or(check),
              fmt::format("gate {} is none that this report's figures have", rules::quoted(name)));
      } else if (gate->second.passes == false) {
        add("gate-rejudged", check.find("status").value_or(check),
            fmt::format("gate {} passes by its word, but fails by the figures: {}", name, gate->second.why));
      }
    }
    for (const auto& [name, gate] : gates) {
      if (gate.required && !seen.contains(name))
        add("gate-rejudged", *checks, fmt::format("gate {} is missing: {}", name, gate.why));
    }
    if (complete_) check_operations();
  }

  // What the catalogue measures and the report leaves out.
  void check_operations() {
    const auto operations = committed_.catalogue.find("operations");
    const auto measured = at("/summary/operations");
    if (!operations) return;
    std::size_t planned = 0;
    for (const JsonValue operation : operations->elements()) {
      const std::string_view name = operation.string_member("name");
      const bool is_there = measured && measured->find(name);
      planned += is_there ? 1 : 0;
      const auto variables = evidence::find_at(operation, "/when/variables");
      if (!is_there && (!variables || variables->size() == 0))
        add("gate-rejudged", measured.value_or(report_), fmt::format("operation {} was not measured", name));
    }
    const auto count = at("/run/operationCount");
    if (!count || !count->is(JsonKind::number) || count->number() != static_cast<double>(planned))
      add("figures-disagree", count.value_or(report_), fmt::format("{} operations were measured", planned));
  }

  void check_verdict() {
    const auto warnings = at("/gates/warnings");
    if (!warnings || warnings->size() > 0)
      add("gate-rejudged", warnings.value_or(report_), "the gates have warnings, or do not say that they have none");
    for (const std::string_view pointer : {"/gates/overall", "/evidence/status"}) {
      const auto value = at(pointer);
      if (!value || value->string() != "go")
        add("gate-rejudged", value.value_or(report_), fmt::format("{} is not go", pointer.substr(1)));
    }
    const auto ok = at("/ok");
    if (!ok || !ok->boolean()) add("figures-disagree", ok.value_or(report_), "ok is not true");
    const auto interrupted = at("/interrupted");
    if (interrupted && (!interrupted->is(JsonKind::boolean) || interrupted->boolean()))
      add("figures-disagree", *interrupted, "the run was interrupted");
  }

  // What was attained follows from what succeeded, or was rejected where that was asked for.
  void check_attained() {
    const auto operations = committed_.catalogue.find("operations");
    const auto attained = at("/attained");
    const auto measured = at("/run/measuredMs");
    if (!operations || !attained || !measured || measured->number() <= 0) return;
    const auto expected = at("/evidence/environmentProfile/expectQuotaRejections");
    std::map<std::string, double, std::less<>> sums;
    for (const JsonValue operation : operations->elements()) {
      const std::string_view target = evidence::string_at(operation, "/rate/capacityTarget");
      const auto stats = at("/summary/operations/" + document::escape_pointer_segment(operation.string_member("name")));
      if (target.empty() || !stats) continue;
      const auto count = [&](std::string_view outcome) {
        const auto value = evidence::find_at(*stats, fmt::format("/outcomes/{}", outcome));
        return value ? value->number() : 0;
      };
      sums[std::string(target)] += count("success") + (expected && expected->boolean() ? count("rejected") : 0);
    }
    for (const JsonValue::Member one : attained->members()) {
      const auto sum = sums.find(one.name());
      const auto achieved = one.value.find("achieved");
      const auto capped = one.value.find("capped");
      // What a limit stopped was attained in the time until then.
      if (sum == sums.end() || (capped && capped->is(JsonKind::boolean) && capped->boolean())) continue;
      const double per = one.value.string_member("per") == "second" ? 1000 : 60000;
      const double wanted = sum->second * per / measured->number();
      if (!achieved || !achieved->is(JsonKind::number) ||
          std::abs(achieved->number() - wanted) > 0.001 + wanted * 0.001)
        add("figures-disagree", achieved.value_or(one.value),
            fmt::format("{} succeeded in the time that was measured, {:.3f} for its unit", sum->second, wanted));
    }
  }

  // A counter grows by at least what lies between its ends.
  void check_counters() {
    const auto list = evidence::find_at(committed_.catalogue, "/metrics/series");
    if (!list) return;
    for (const JsonValue series : list->elements()) {
      const std::string name = document::escape_pointer_segment(series.string_member("name"));
      const auto delta = at("/metrics/delta/" + name);
      const auto before = at("/metrics/before/" + name);
      const auto after = at("/metrics/after/" + name);
      const auto worst = at("/metrics/worst/" + name);
      const auto is_number = [](const auto& value) { return value && value->is(JsonKind::number); };
      if (series.string_member("kind") == "counter" && is_number(delta) && is_number(before) && is_number(after) &&
          delta->number() + 1e-6 < after->number() - before->number())
        add("figures-disagree", *delta, "the counter grew by less than lies between its ends");
      if (is_number(worst) && is_number(after) && worst->number() + 1e-6 < after->number())
        add("figures-disagree", *worst, "the worst value is better than the last");
    }
  }

  const evidence::Policy& policy_;
  const Committed& committed_;
  const Question& question_;
  const JsonValue& report_;
  evidence::Findings& findings_;
  bool complete_ = true;
};

}  // namespace

void judge(const evidence::Policy& policy, const Committed& committed, const Question& question,
           const JsonValue& report, evidence::Findings& findings) {
  Judge(policy, committed, question, report, findings).run();
}

}  // namespace launchgate::judgement
