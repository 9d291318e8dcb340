// GitHub Actions: workflow commands that become annotations, and a Markdown summary for GITHUB_STEP_SUMMARY.

#include <fmt/format.h>

#include "lib/base/utf8.hpp"
#include "lib/report/describe.hpp"
#include "lib/report/report.hpp"

namespace launchgate::report {
namespace {

// The escapes of the workflow-command syntax, which printable text needs; a property also escapes ':' and ','.
std::string escape(std::string_view text, bool property) {
  std::string out;
  for (const char c : base::printable(text)) {
    switch (c) {
      case '%':
        out += "%25";
        break;
      case ':':
        out += property ? "%3A" : ":";
        break;
      case ',':
        out += property ? "%2C" : ",";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string_view command(const finding::Finding& finding) {
  if (finding.status != finding::Status::open || finding.severity == finding::Severity::note) return "notice";
  return finding.severity == finding::Severity::warning ? "warning" : "error";
}

// Text inside a Markdown table cell.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '\\' || c == '`' || c == '*' || c == '_' || c == '[' || c == ']') out += '\\';
    if (c == '<') {
      out += "&lt;";
    } else {
      out += c == '\n' ? ' ' : c;
    }
  }
  return out;
}

}  // namespace

std::string print_github(const Report& report, const PrintOptions&) {
  std::string out;
  for (const finding::Finding& finding : report.findings) {
    out += fmt::format("::{} file={}", command(finding), escape(finding.file, true));
    if (finding.span.begin.line > 0) {
      out += fmt::format(",line={},col={},endLine={},endColumn={}", finding.span.begin.line, finding.span.begin.column,
                         finding.span.end.line, finding.span.end.column);
    }
    out += fmt::format(",title={}::{}\n", escape(finding.rule_id, true), escape(one_paragraph(finding), false));
  }
  if (const std::string more = not_shown(report); !more.empty()) out += "::error title=launchgate::" + more + '\n';
  for (const std::string& line : left_out(report)) out += "left out: " + line + '\n';
  const Counts counts = count(report);
  out +=
      fmt::format("{}: {} errors, {} warnings, {} notes, {} waived, {} baselined, {} documents, {} rules, {} skipped",
                  passed(report) ? "pass" : "fail", counts.errors, counts.warnings, counts.notes, counts.waived,
                  counts.baselined, report.documents, report.rules.size(), report.skipped.size());
  out += report.allowed.empty() ? "\n" : fmt::format(", {} allowed\n", report.allowed.size());
  return out;
}

std::string github_summary(const Report& report) {
  const Counts counts = count(report);
  std::string out = fmt::format(
      "### {}: {}\n\n{} errors, {} warnings, {} notes · {} documents, {} rules, {} waived, {} baselined, {} skipped\n",
      report.tool, passed(report) ? "passed" : "failed", counts.errors, counts.warnings, counts.notes, report.documents,
      report.rules.size(), counts.waived, counts.baselined, report.skipped.size());
  if (const std::string more = not_shown(report); !more.empty()) out += '\n' + more + '\n';
  for (const std::string& line : left_out(report)) out += fmt::format("\nLeft out: {}\n", cell(line));
  if (!report.findings.empty()) out += "\n| | place | finding | rule |\n| --- | --- | --- | --- |\n";
  for (const finding::Finding& finding : report.findings) {
    const std::string status = finding.status == finding::Status::open ? std::string(name(finding.severity))
                                                                       : std::string(name(finding.status));
    out += fmt::format("| {} | {} | {} | {} |\n", status, cell(place(finding)), cell(one_paragraph(finding)),
                       cell(base::printable(finding.rule_id)));
  }
  return out + "\n";
}

}  // namespace launchgate::report
