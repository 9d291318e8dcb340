#include "lib/document/json_writer.hpp"
#include "lib/report/report.hpp"

namespace launchgate::report {
namespace {

using document::JsonWriter;

void write_finding(JsonWriter& out, const finding::Finding& finding) {
  out.begin_object();
  out.member("rule", finding.rule_id);
  out.member("severity", name(finding.severity));
  out.member("file", finding.file);
  out.member("line", finding.span.begin.line);
  out.member("column", finding.span.begin.column);
  out.member("endLine", finding.span.end.line);
  out.member("endColumn", finding.span.end.column);
  out.member("pointer", finding.json_pointer);
  out.member("message", finding.message);
  out.member("help", finding.help);
  out.member("fingerprint", finding.fingerprint);
  out.member("status", name(finding.status));
  if (finding.waiver) {
    out.key("waiver").begin_object();
    out.member("owner", finding.waiver->owner);
    out.member("reason", finding.waiver->reason);
    out.member("expires", finding.waiver->expires);
    out.end_object();
  }
  out.end_object();
}

}  // namespace

std::string print_json(const Report& report, const PrintOptions&) {
  JsonWriter out;
  const Counts counts = count(report);
  out.begin_object();
  out.member("tool", report.tool);
  out.member("version", report.version);
  out.member("result", passed(report) ? "pass" : "fail");
  out.key("findings").begin_array();
  for (const finding::Finding& finding : report.findings) write_finding(out, finding);
  out.end_array();
  out.key("skipped").begin_array();
  for (const Skipped& skipped : report.skipped) {
    out.begin_object();
    out.member("file", skipped.file);
    out.member("reason", skipped.reason);
    out.end_object();
  }
  out.end_array();
  out.key("allowed").begin_array();
  for (const finding::Allowed& allowed : report.allowed) {
    out.begin_object();
    out.member("rule", allowed.rule);
    out.member("file", allowed.file);
    out.member("line", allowed.line);
    out.member("by", allowed.line > 0 ? "comment" : "configuration");
    out.end_object();
  }
  out.end_array();
  out.key("counts").begin_object();
  out.member("findings", report.findings.size() + report.more.total());
  out.member("errors", counts.errors);
  out.member("warnings", counts.warnings);
  out.member("notes", counts.notes);
  out.member("waived", counts.waived);
  out.member("baselined", counts.baselined);
  out.member("documents", report.documents);
  out.member("rules", report.rules.size());
  out.member("skipped", report.skipped.size());
  out.member("allowed", report.allowed.size());
  if (report.more.total() > 0) out.member("notShown", report.more.total());
  out.end_object();
  out.end_object();
  return out.take() + "\n";
}

}  // namespace launchgate::report
