#include <fmt/format.h>

#include "lib/evidence/report_checks.hpp"
#include "lib/rules/json_rule.hpp"

namespace launchgate::evidence {

void check_withdrawn(const Policy& policy, const ReportSubject& subject, Findings& findings) {
  const auto history = find_at(subject.report, policy.contradictions.history);
  if (!history) return;
  for (const document::JsonValue run : history->elements()) {
    const auto withdrawn = run.find("withdrawn");
    if (!withdrawn) continue;
    findings.add("withdrawn-run", subject.item, *withdrawn,
                 fmt::format("the run of {} that finished at {} was withdrawn at {}: {}",
                             rules::quoted(run.string_member("command")), run.string_member("finishedAt"),
                             withdrawn->string_member("at"), rules::quoted(withdrawn->string_member("reason"))));
  }
}

}  // namespace launchgate::evidence
