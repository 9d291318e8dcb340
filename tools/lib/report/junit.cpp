// JUnit XML as CI systems read it: a test case for every finding, and one that passes for every rule without findings.

#include <fmt/format.h>

#include <set>

#include "lib/base/text.hpp"
#include "lib/base/utf8.hpp"
#include "lib/report/describe.hpp"
#include "lib/report/report.hpp"

namespace launchgate::report {
namespace {

// XML 1.0 (section 2.2) has no way to write most control characters, which printable() has turned into \uXXXX before,
// nor U+FFFE and U+FFFF.
std::string escape(std::string_view text) {
  constexpr std::string_view no_characters = "\xEF\xBF";
  const std::string shown = base::printable(text);
  std::string out;
  for (std::size_t at = 0; at < shown.size(); ++at) {
    const char c = shown[at];
    if (std::string_view(shown).substr(at).starts_with(no_characters) && at + 2 < shown.size() &&
        (shown[at + 2] == '\xBE' || shown[at + 2] == '\xBF')) {
      out += shown[at + 2] == '\xBE' ? "\\uFFFE" : "\\uFFFF";
      at += 2;
      continue;
    }
    base::append_markup(out, c);
  }
  return out;
}

}  // namespace

std::string print_junit(const Report& report, const PrintOptions&) {
  std::string cases;
  std::size_t failures = 0;
  std::size_t skipped = 0;
  std::size_t tests = 0;
  std::set<std::string> with_findings;
  for (const finding::Finding& finding : report.findings) {
    ++tests;
    with_findings.insert(finding.rule_id);
    cases += fmt::format("    <testcase classname=\"{}\" name=\"{}\">\n", escape(finding.rule_id),
                         escape(place(finding) + ": " + finding.message));
    const std::string text = escape(one_paragraph(finding));
    if (finding.status != finding::Status::open) {
      ++skipped;
      cases += fmt::format("      <skipped message=\"{}: {}\"/>\n", name(finding.status), text);
    } else if (finding.severity >= report.fail_on) {
      ++failures;
      cases += fmt::format("      <failure type=\"{}\" message=\"{}\">{}</failure>\n", name(finding.severity),
                           escape(finding.message), text);
    } else {
      cases += fmt::format("      <system-out>{}: {}</system-out>\n", name(finding.severity), text);
    }
    cases += "    </testcase>\n";
  }
  for (const finding::RuleInfo& rule : report.rules.read()) {
    if (with_findings.contains(rule.id)) continue;
    ++tests;
    cases += fmt::format("    <testcase classname=\"{}\" name=\"{}\"/>\n", escape(rule.id), escape(rule.summary));
  }
  if (const std::string more = not_shown(report); !more.empty()) {
    ++tests;
    ++failures;
    cases += fmt::format(
        "    <testcase classname=\"launchgate\" name=\"all findings are shown\">\n      <failure "
        "type=\"error\" message=\"{}\"/>\n    </testcase>\n",
        more);
  }
  if (report.documents == 0) {
    ++tests;
    ++failures;
    cases +=
        "    <testcase classname=\"launchgate\" name=\"something was checked\">\n      <failure type=\"error\" "
        "message=\"nothing was checked\"/>\n    </testcase>\n";
  }
  std::string properties;
  for (const Skipped& one : report.skipped) {
    properties +=
        fmt::format("      <property name=\"skipped\" value=\"{}: {}\"/>\n", escape(one.file), escape(one.reason));
  }
  if (!properties.empty()) properties = "    <properties>\n" + properties + "    </properties>\n";
  const std::string totals =
      fmt::format("name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\"", escape(report.tool), tests, failures);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {}>\n  <testsuite {} skipped=\"{}\">\n{}{}  "
      "</testsuite>\n</testsuites>\n",
      totals, totals, skipped, properties, cases);
}

}  // namespace launchgate::report
