#include "lib/report/report.hpp"

#include <algorithm>

namespace launchgate::report {

void limit(Report& report) {
  constexpr std::size_t most = 10'000;
  if (report.findings.size() <= most) return;
  // What is waived or known is shown all the same: it is what somebody answers for.
  std::size_t kept = 0;
  std::erase_if(report.findings, [&](const finding::Finding& finding) {
    if (finding.status != finding::Status::open || ++kept <= most) return false;
    report.more.add(finding.severity);
    return true;
  });
}

Counts count(const Report& report) {
  Counts counts;
  counts.errors = report.more.errors;
  counts.warnings = report.more.warnings;
  counts.notes = report.more.notes;
  for (const finding::Finding& finding : report.findings) {
    if (finding.status == finding::Status::waived) {
      ++counts.waived;
    } else if (finding.status == finding::Status::baselined) {
      ++counts.baselined;
    } else if (finding.severity == finding::Severity::error) {
      ++counts.errors;
    } else if (finding.severity == finding::Severity::warning) {
      ++counts.warnings;
    } else {
      ++counts.notes;
    }
  }
  return counts;
}

bool passed(const Report& report) {
  if (report.unreadable_input || report.documents == 0) return false;
  const finding::Tally& more = report.more;
  const std::size_t beyond = more.errors + (report.fail_on <= finding::Severity::warning ? more.warnings : 0) +
                             (report.fail_on == finding::Severity::note ? more.notes : 0);
  if (beyond > 0) return false;
  return std::none_of(report.findings.begin(), report.findings.end(), [&](const finding::Finding& finding) {
    return finding.status == finding::Status::open && finding.severity >= report.fail_on;
  });
}

const std::vector<Format>& formats() {
  static const std::vector<Format> table = {
      {"text", "for people: source line, caret, remedy", print_text},
      {"json", "one object, described by schemas/report.schema.json", print_json},
      {"sarif", "SARIF 2.1.0, for code scanning", print_sarif},
      {"junit", "JUnit XML, a test case for every finding and every rule without one", print_junit},
      {"github", "annotations of GitHub Actions; a summary goes to GITHUB_STEP_SUMMARY", print_github},
      {"gitlab", "GitLab Code Quality", print_gitlab},
  };
  return table;
}

const Format* find_format(std::string_view name) {
  const auto found =
      std::find_if(formats().begin(), formats().end(), [&](const Format& format) { return format.name == name; });
  return found == formats().end() ? nullptr : &*found;
}

}  // namespace launchgate::report
