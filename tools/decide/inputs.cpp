#include "decide/inputs.hpp"

#include "lib/base/rfc3339.hpp"
#include "lib/evidence/believable.hpp"
#include "lib/evidence/findings.hpp"
#include "lib/evidence/report_checks.hpp"

namespace launchgate::decide {

using document::JsonKind;
using document::JsonValue;
using evidence::Policy;

bool smoke_names(const Policy& policy, const JsonValue& root, const std::string& command) {
  const auto place = evidence::report_in(policy, root);
  if (!place) return false;
  if (evidence::names(evidence::string_at(*place, policy.report.command), command)) return true;
  if (const auto list = evidence::find_at(*place, policy.report.evidence_commands)) {
    for (const JsonValue entry : list->elements()) {
      if (evidence::names(entry.string(), command)) return true;
    }
  }
  return false;
}

std::vector<std::string> smoke_problems(const Policy& policy, const NamedInput& smoke, base::Milliseconds now) {
  const auto place = evidence::report_in(policy, smoke.root);
  if (!place) return {"it holds no report"};
  evidence::Findings findings;
  evidence::RecordSettings settings;
  settings.now = now;
  for (const std::string& field :
       {policy.report.started_at, policy.report.finished_at, policy.report.duration_ms, policy.report.status}) {
    if (!evidence::find_at(*place, field)) findings.add("report-field", "", *place, "it has no " + field.substr(1));
  }
  evidence::check_report(policy, {"", *place, *place}, settings, findings);
  std::vector<std::string> problems;
  for (const finding::Finding& found : findings.all()) problems.push_back(found.message);
  return problems;
}

std::vector<FailedCheck> failed_checks_of(const NamedInput& report) {
  std::vector<FailedCheck> failed;
  if (const auto checks = evidence::find_at(report.root, "/gates/checks")) {
    for (const JsonValue check : checks->elements()) {
      if (check.string_member("status") != "pass")
        failed.push_back({std::string(check.string_member("name")), report.role, report.path,
                          std::string(check.string_member("message"))});
    }
  }
  return failed;
}

std::vector<FailedCheck> failed_checks(const Policy& policy, const Inputs& inputs) {
  std::vector<FailedCheck> failed;
  for (const auto* one : {&inputs.load, &inputs.soak, &inputs.quota}) {
    if (!*one) continue;
    for (FailedCheck& check : failed_checks_of(**one)) failed.push_back(std::move(check));
  }
  for (const NamedInput& smoke : inputs.smokes) {
    const auto problems = smoke_problems(policy, smoke, inputs.now);
    if (problems.empty()) continue;
    const auto place = evidence::report_in(policy, smoke.root);
    const std::string name = place ? std::string(evidence::string_at(*place, policy.report.command)) : smoke.path;
    failed.push_back({name, "smoke", smoke.path, problems.front()});
  }
  return failed;
}

}  // namespace launchgate::decide
