#include "decide/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "decide/dispositions.hpp"
#include "decide/sections.hpp"
#include "lib/base/hex.hpp"
#include "lib/base/rfc3339.hpp"
#include "lib/base/similar.hpp"
#include "lib/base/text.hpp"
#include "lib/evidence/believable.hpp"
#include "lib/evidence/findings.hpp"
#include "lib/evidence/report_checks.hpp"
#include "lib/rules/json_rule.hpp"

namespace launchgate::decide {
namespace {

using document::JsonKind;
using document::JsonValue;
using evidence::Policy;

constexpr const char* no_demand = "the quota run did not demand that something be rejected";

class Judge {
 public:
  Judge(const Policy& policy, const GoPolicy& go, const Inputs& inputs)
      : policy_(policy),
        go_(go),
        inputs_(inputs),
        failed_(failed_checks(policy, inputs)),
        dispositions_(policy, go, inputs) {}

  Verdict run() {
    check_inputs();
    check_build();
    check_signatures();
    check_ladder();
    check_findings();
    for (const Requirement& requirement : go_.requirements) check(requirement);
    check_skips();
    for (const Line& line : verdict_.lines) verdict_.outcome = std::max(verdict_.outcome, line.outcome);
    return std::move(verdict_);
  }

 private:
  Line& line(std::string id, std::string title) {
    verdict_.lines.push_back({std::move(id), std::move(title), Outcome::go, {}});
    return verdict_.lines.back();
  }
  static void lower(Line& line, Outcome outcome, std::string reason) {
    line.outcome = std::max(line.outcome, outcome);
    line.reasons.push_back(std::move(reason));
  }

  // What failed is told once, beside its disposition; other lines that it concerns name it.
  void refer(Line& line, const FailedCheck& check) const {
    const Settled settled = dispositions_.settle(check);
    const bool told = std::any_of(verdict_.lines.begin(), verdict_.lines.end(), [&](const Line& other) {
      return std::find(other.reasons.begin(), other.reasons.end(), settled.reason) != other.reasons.end();
    });
    const std::string name = fmt::format("{} failed in {}: see the findings", check.name, check.source);
    if (told && std::find(line.reasons.begin(), line.reasons.end(), name) != line.reasons.end()) return;
    lower(line, settled.outcome, told ? name : settled.reason);
  }

  std::vector<const NamedInput*> reports() const {
    std::vector<const NamedInput*> all;
    for (const auto* one : {&inputs_.load, &inputs_.soak, &inputs_.quota}) {
      if (*one) all.push_back(&**one);
    }
    return all;
  }

  void check_inputs() {
    Line& all = line("inputs", "every input is there and about this profile");
    const auto missing = [&](bool there, std::string_view what) {
      if (!there) lower(all, Outcome::no_go, fmt::format("missing input: {}", what));
    };
    // What the ladder has no line for is not asked for.
    missing(inputs_.load || !asks_for("load"), "load report (--load)");
    missing(inputs_.soak || !asks_for("soak"), "soak report (--soak)");
    missing(quota() != nullptr || !asks_for("quota"), "quota report (--quota)");
    missing(!inputs_.smokes.empty() || !asks_for("smoke"), "smoke results (--smoke)");
    missing(inputs_.report || !asks_for("report"), "filled launch report (--report)");
    if (inputs_.quota && !asks_for("quota") && !demands_rejections(*inputs_.quota))
      lower(all, Outcome::no_go, no_demand);
    missing(inputs_.findings.has_value(), "findings file (--findings)");
    for (const NamedInput* report : reports()) {
      const std::string_view profile = report->root.string_member("profileName");
      if (profile != inputs_.profile)
        lower(all, Outcome::no_go,
              fmt::format("{} report is about profile {}, not {}", report->role, rules::quoted(profile),
                          inputs_.profile));
      const std::string_view mode = report->root.string_member("mode");
      const std::string wanted = report->role == "soak" ? "soak" : "load";
      if (mode != wanted)
        lower(all, Outcome::no_go,
              fmt::format("{} report has mode {}, not {}", report->role, rules::quoted(mode), wanted));
      check_believable(*report, all);
      check_proof(*report, all);
      if (const auto interrupted = report->root.find("interrupted"); interrupted && interrupted->boolean())
        lower(all, Outcome::no_go, fmt::format("{} run was interrupted", report->role));
    }
  }

  // What failed has its own lines; here it is whether the report may be believed at all.
  void check_proof(const NamedInput& report, Line& all) {
    if (!inputs_.committed) return lower(all, Outcome::no_go, "missing input: target profiles to judge the runs by");
    evidence::Findings findings;
    judgement::judge(policy_, *inputs_.committed,
                     {"", inputs_.profile, report.role == "soak" ? "soak" : "load", true, false, inputs_.rung},
                     report.root, findings);
    for (const finding::Finding& found : findings.all())
      lower(all, Outcome::no_go,
            fmt::format("{} report: {} [{}] at {}", report.role, found.message, found.rule_id, found.json_pointer));
  }

  // A run's own times must be possible, and its parts must agree on how it ended.
  void check_believable(const NamedInput& report, Line& all) {
    const auto place = evidence::report_in(policy_, report.root);
    if (!place) return;
    evidence::Findings findings;
    evidence::RecordSettings settings;
    settings.now = inputs_.now;
    evidence::check_times(policy_, {"", *place, *place}, settings, findings);
    for (const finding::Finding& found : findings.all())
      lower(all, Outcome::no_go, fmt::format("{} report: {}", report.role, found.message));
    const std::string_view overall = evidence::string_at(report.root, "/gates/overall");
    const std::string_view status = evidence::string_at(*place, policy_.report.status);
    if (status != overall)
      lower(all, Outcome::no_go,
            fmt::format("{} report contradicts itself: its status is {}, its gates' result {}", report.role,
                        rules::quoted(status), rules::quoted(overall)));
    if (const auto ok = report.root.find("ok"); ok && ok->boolean() != (overall != go_.no_go)) {
      lower(all, Outcome::no_go,
            fmt::format("{} report contradicts itself: ok is {}, its gates' result {}", report.role, rules::shown(*ok),
                        rules::quoted(overall)));
    }
  }

  void check_build() {
    Line& build = line("same-build", "all inputs are about the same commit and images");
    const auto look = [&](const NamedInput& input) {
      const auto place = evidence::report_in(policy_, input.root);
      const std::string commit = place ? base::lower_case(evidence::string_at(*place, policy_.report.commit_sha)) : "";
      if (!base::is_commit_sha(commit)) {
        lower(build, Outcome::no_go, fmt::format("{} ({}) names no commit", input.role, input.path));
      } else if (verdict_.commit.empty()) {
        verdict_.commit = commit;
      } else if (verdict_.commit != commit) {
        lower(build, Outcome::no_go,
              fmt::format("{} ({}) is about commit {}, others about {}", input.role, input.path, commit.substr(0, 12),
                          verdict_.commit.substr(0, 12)));
      }
      for (const std::string& image : policy_.images) {
        const std::string digest =
            place ? base::lower_case(evidence::string_at(
                        *place, policy_.report.image_digests + "/" + document::escape_pointer_segment(image)))
                  : "";
        std::string& common = verdict_.digests[image];
        if (!base::is_image_digest(digest)) {
          lower(build, Outcome::no_go,
                fmt::format("{} ({}) names no digest of the {} image", input.role, input.path, image));
        } else if (common.empty()) {
          common = digest;
        } else if (common != digest) {
          lower(build, Outcome::no_go, fmt::format("{} ({}) is about another {} image", input.role, input.path, image));
        }
      }
    };
    for (const NamedInput* report : reports()) look(*report);
    for (const NamedInput& smoke : inputs_.smokes) look(smoke);
    std::erase_if(verdict_.digests, [](const auto& entry) { return entry.second.empty(); });
    if (verdict_.commit.empty()) lower(build, Outcome::no_go, "no input names a commit");
    if (const auto named = inputs_.findings ? inputs_.findings->root.find("commitSha") : std::nullopt;
        named && base::lower_case(named->string()) != verdict_.commit) {
      lower(build, Outcome::no_go, "the findings file is about another commit");
    }
  }

  // Who measured. What is unsigned is named, and refused where the ladder asks for signatures.
  void check_signatures() {
    const Signatures& signatures = inputs_.signatures;
    Line& own = line("signed-evidence", "the results of runs are signed, or named as unsigned");
    for (const std::string& problem : signatures.problems) lower(own, Outcome::no_go, problem);
    if (signatures.none.empty() && signatures.good.empty() && signatures.problems.empty())
      lower(own, Outcome::no_go, "missing input: results of runs");
    if (signatures.none.empty()) return;
    const bool required = inputs_.rung != nullptr && inputs_.rung->require_signature;
    std::string text = fmt::format("unsigned: {}", base::quoted_list(signatures.none, "and", signatures.none.size()));
    if (required)
      text += "; make runs with --sign-key and give --evidence-key PUB.pem (requireSignedEvidence of the tier ladder)";
    lower(own, required ? Outcome::no_go : Outcome::go, std::move(text));
  }

  void check_ladder() {
    if (!evidence::contains(go_.laddered, inputs_.profile)) return;
    Line& ladder = line("lower-profiles", "the lower profiles are green");
    for (const std::string& profile : policy_.ladder.profiles) {
      if (profile == inputs_.profile) break;
      bool found = false;
      for (const NamedInput& one : inputs_.lower) {
        if (one.root.string_member("purpose") != "go-no-go-decision" || one.root.string_member("profile") != profile)
          continue;
        found = true;
        check_lower(one, profile, ladder);
      }
      if (!found)
        lower(ladder, Outcome::no_go, fmt::format("missing input: decision for profile {} (--lower)", profile));
    }
  }

  void check_lower(const NamedInput& one, const std::string& profile, Line& ladder) {
    const std::string_view decision = one.root.string_member("decision");
    if (decision != go_.go)
      return lower(ladder, Outcome::no_go, fmt::format("profile {} is {}", profile, rules::quoted(decision)));
    if (const auto lines = one.root.find("lines")) {
      for (const JsonValue entry : lines->elements()) {
        if (entry.string_member("outcome") != go_.go)
          lower(ladder, Outcome::no_go,
                fmt::format("the decision for profile {} contradicts itself: {} is {}", profile,
                            entry.string_member("id"), rules::quoted(entry.string_member("outcome"))));
      }
    }
    const auto decided = base::parse_date_time(one.root.string_member("now"));
    if (!decided || *decided > inputs_.now)
      lower(ladder, Outcome::no_go,
            fmt::format("the decision for profile {} was made at no time that is past", profile));
    bool same = !verdict_.commit.empty() && one.root.string_member("commitSha") == verdict_.commit;
    for (const auto& [image, digest] : verdict_.digests)
      same =
          same && evidence::string_at(one.root, "/imageDigests/" + document::escape_pointer_segment(image)) == digest;
    if (!same)
      lower(ladder, Outcome::no_go,
            fmt::format("the decision for profile {} is about another commit or other images", profile));
  }

  void check_findings() {
    Line& all = line("findings", "every failed check has exactly one disposition");
    if (!inputs_.findings) lower(all, Outcome::no_go, "missing input: findings file (--findings)");
    for (const FailedCheck& check : failed_) {
      const Settled settled = dispositions_.settle(check);
      lower(all, settled.outcome, settled.reason);
    }
    const auto list = inputs_.findings ? inputs_.findings->root.find("findings") : std::nullopt;
    if (!list) return;
    if (const auto tier = inputs_.findings->root.find("tier"); tier && !dispositions_.is_own_tier(tier->string()))
      lower(all, Outcome::no_go, fmt::format("the findings file is about tier {}", rules::shown(*tier)));
    for (const JsonValue entry : list->elements()) {
      if (!go_.dispositions.contains(std::string(entry.string_member("disposition"))))
        lower(all, Outcome::no_go,
              fmt::format("finding {} has no disposition", rules::quoted(entry.string_member("check"))));
    }
  }

  const NamedInput* source(const Requirement& requirement) const {
    if (requirement.source == "load") return inputs_.load ? &*inputs_.load : nullptr;
    if (requirement.source == "soak") return inputs_.soak ? &*inputs_.soak : nullptr;
    return quota();
  }

  bool asks_for(std::string_view source) const {
    return std::any_of(go_.requirements.begin(), go_.requirements.end(),
                       [&](const Requirement& requirement) { return requirement.source == source; });
  }

  bool demands_rejections(const NamedInput& report) const {
    const auto expected = evidence::find_at(report.root, go_.quota_expected);
    return expected && expected->boolean();
  }

  // A load run that demanded quota rejections is a quota run too.
  const NamedInput* quota() const {
    if (inputs_.quota) return &*inputs_.quota;
    return inputs_.load && demands_rejections(*inputs_.load) ? &*inputs_.load : nullptr;
  }

  void check(const Requirement& requirement) {
    Line& own = line(requirement.id, requirement.title);
    if (requirement.source == "smoke") return check_smoke(requirement, own);
    if (requirement.source == "report") return check_section(requirement, own);
    const NamedInput* report = source(requirement);
    if (report == nullptr)
      return lower(own, Outcome::no_go,
                   fmt::format("missing input: {} report (--{})", requirement.source, requirement.source));
    if (requirement.strict) check_strict(*report, own);
    if (requirement.source == "quota" && !demands_rejections(*report)) lower(own, Outcome::no_go, no_demand);
    if (!requirement.checks.empty()) check_patterns(requirement, *report, own);
  }

  void check_strict(const NamedInput& report, Line& own) {
    const auto strict = evidence::find_at(report.root, "/evidence/environmentProfile/strict");
    if (!strict || !strict->boolean())
      lower(own, Outcome::no_go, fmt::format("the {} run was not strict", report.role));
    check_length(report, own);
    std::size_t failures = 0;
    for (const FailedCheck& check : failed_) {
      if (check.source != report.role) continue;
      ++failures;
      refer(own, check);
    }
    const std::string_view overall = evidence::string_at(report.root, "/gates/overall");
    if (overall == go_.conditional) {
      lower(own, Outcome::conditional, fmt::format("the {} run was {}", report.role, go_.conditional));
    } else if (overall != go_.go && failures == 0) {
      lower(own, Outcome::no_go, fmt::format("the {} run's result is {}", report.role, rules::quoted(overall)));
    }
    if (const auto warnings = evidence::find_at(report.root, "/gates/warnings")) {
      for (const JsonValue warning : warnings->elements())
        lower(own, Outcome::conditional, std::string(warning.string()));
    }
  }

  // A shortened run proves less than the profile asks for.
  void check_length(const NamedInput& report, Line& own) {
    const auto profiles = inputs_.targets ? evidence::find_at(*inputs_.targets, policy_.target_profiles) : std::nullopt;
    const auto profile = profiles ? profiles->find(inputs_.profile) : std::nullopt;
    const auto wanted = profile ? profile->find(report.role == "soak" ? "soakDurationMs" : "durationMs") : std::nullopt;
    const auto ran = evidence::find_at(report.root, "/evidence/durationMs");
    if (!wanted || !wanted->is(JsonKind::number))
      return lower(own, Outcome::no_go, fmt::format("profile {} has no duration to compare with", inputs_.profile));
    if (!ran || !ran->is(JsonKind::number) ||
        ran->number() + static_cast<double>(policy_.duration_tolerance) < wanted->number()) {
      lower(own, Outcome::no_go,
            fmt::format("the {} run lasted {}; the profile asks for {}", report.role,
                        ran ? evidence::describe_duration(static_cast<base::Milliseconds>(std::max(ran->number(), 0.0)))
                            : "an unknown time",
                        evidence::describe_duration(static_cast<base::Milliseconds>(wanted->number()))));
    }
  }

  void check_patterns(const Requirement& requirement, const NamedInput& report, Line& own) {
    const auto checks = evidence::find_at(report.root, "/gates/checks");
    for (const auto& [text, pattern] : requirement.checks) {
      bool met = false;
      for (const JsonValue check : checks ? checks->elements() : report.root.elements()) {
        const std::string name(check.string_member("name"));
        if (!pattern.found_in(name)) continue;
        met = true;
        if (check.string_member("status") == "pass") continue;
        refer(own, {name, report.role, report.path, std::string(check.string_member("message"))});
      }
      if (!met) lower(own, Outcome::no_go, fmt::format("the {} report has no check {}", report.role, text));
    }
  }

  void check_smoke(const Requirement& requirement, Line& own) {
    bool found = false;
    for (const NamedInput& smoke : inputs_.smokes) {
      if (!smoke_names(policy_, smoke.root, requirement.command)) continue;
      found = true;
      if (smoke_problems(policy_, smoke, inputs_.now).empty()) continue;
      for (const FailedCheck& check : failed_) {
        if (check.path == smoke.path && check.source == "smoke") refer(own, check);
      }
    }
    if (!found) lower(own, Outcome::no_go, fmt::format("missing input: result of {} (--smoke)", requirement.command));
  }

  void check_section(const Requirement& requirement, Line& own) {
    if (!inputs_.report) return lower(own, Outcome::no_go, "missing input: filled launch report (--report)");
    const auto open = open_places(*inputs_.report, requirement.section);
    if (!open)
      return lower(own, Outcome::no_go, fmt::format("the launch report has no section \"{}\"", requirement.section));
    for (const std::string& what : *open)
      lower(own, Outcome::no_go, fmt::format("section \"{}\": {}", requirement.section, what));
  }

  void check_skips() {
    Line& all = line("nothing-skipped", "no token, mode or route was left out");
    if ((asks_for("load") && !inputs_.load) || (asks_for("soak") && !inputs_.soak))
      lower(all, Outcome::no_go, "missing input: a run to look at (--load, --soak)");
    for (const NamedInput* report : reports()) {
      for (const Skip& skip : go_.skips) {
        const auto value = evidence::find_at(report->root, skip.at);
        const bool given = value && (value->boolean() || (!base::trim(value->string()).empty() &&
                                                          !evidence::contains(policy_.contradictions.fail_values,
                                                                              base::lower_case(value->string()))));
        if (!given) lower(all, Outcome::conditional, fmt::format("{} run: {}", report->role, skip.title));
      }
    }
  }

  const Policy& policy_;
  const GoPolicy& go_;
  const Inputs& inputs_;
  std::vector<FailedCheck> failed_;
  Dispositions dispositions_;
  Verdict verdict_;
};

}  // namespace

Verdict decide(const Policy& policy, const GoPolicy& go, const Inputs& inputs) {
  return Judge(policy, go, inputs).run();
}

}  // namespace launchgate::decide
