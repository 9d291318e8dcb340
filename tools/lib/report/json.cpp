#include "lib/report/json_writer.hpp"
#include "lib/report/report.hpp"

namespace launchgate::report {
namespace {

void write_finding(JsonWriter& out, const finding::Finding& finding) {
  out.open_object();
  out.text("rule", finding.rule_id);
  out.text("severity", name(finding.severity));
  out.text("file", finding.file);
  out.number("line", finding.span.begin.line);
  out.number("column", finding.span.begin.column);
  out.number("endLine", finding.span.end.line);
  out.number("endColumn", finding.span.end.column);
  out.text("pointer", finding.json_pointer);
  out.text("message", finding.message);
  out.text("help", finding.help);
  out.text("fingerprint", finding.fingerprint);
  out.text("status", name(finding.status));
  if (finding.waiver) {
    out.key("waiver").open_object();
    out.text("owner", finding.waiver->owner);
    out.text("reason", finding.waiver->reason);
    out.text("expires", finding.waiver->expires);
    out.close_object();
  }
  out.close_object();
}

}  // namespace

std::string print_json(const Report& report, const PrintOptions&) {
  JsonWriter out;
  const Counts counts = count(report);
  out.open_object();
  out.text("tool", report.tool);
  out.text("version", report.version);
  out.text("result", passed(report) ? "pass" : "fail");
  out.key("findings").open_array();
  for (const finding::Finding& finding : report.findings) write_finding(out, finding);
  out.close_array();
  out.key("skipped").open_array();
  for (const Skipped& skipped : report.skipped) {
    out.open_object();
    out.text("file", skipped.file);
    out.text("reason", skipped.reason);
    out.close_object();
  }
  out.close_array();
  out.key("counts").open_object();
  out.number("findings", report.findings.size());
  out.number("errors", counts.errors);
  out.number("warnings", counts.warnings);
  out.number("notes", counts.notes);
  out.number("waived", counts.waived);
  out.number("baselined", counts.baselined);
  out.number("documents", report.documents);
  out.number("rules", report.rules.size());
  out.number("skipped", report.skipped.size());
  out.close_object();
  out.close_object();
  return out.take();
}

}  // namespace launchgate::report
