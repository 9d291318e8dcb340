// GitLab Code Quality: a JSON array of issues, the subset of the Code Climate format that GitLab reads.

#include "lib/report/describe.hpp"
#include "lib/report/json_writer.hpp"
#include "lib/report/report.hpp"

namespace launchgate::report {
namespace {

std::string_view severity(const finding::Finding& finding) {
  if (finding.status != finding::Status::open) return "info";
  switch (finding.severity) {
    case finding::Severity::error:
      return "critical";
    case finding::Severity::warning:
      return "minor";
    case finding::Severity::note:
      return "info";
  }
  return "critical";
}

void position(JsonWriter& out, std::string_view name, const base::Position& place) {
  out.key(name).open_object();
  out.number("line", place.line);
  out.number("column", place.column);
  out.close_object();
}

}  // namespace

std::string print_gitlab(const Report& report, const PrintOptions&) {
  JsonWriter out;
  out.open_array();
  for (const finding::Finding& finding : report.findings) {
    out.open_object();
    out.text("description", one_paragraph(finding));
    out.text("check_name", finding.rule_id);
    out.text("fingerprint", finding.fingerprint);
    out.text("severity", severity(finding));
    out.key("location").open_object();
    out.text("path", finding.file);
    if (finding.span.begin.line > 0) {
      out.key("positions").open_object();
      position(out, "begin", finding.span.begin);
      position(out, "end", finding.span.end);
      out.close_object();
    } else {
      // A whole file: the widget asks for a line all the same.
      out.key("lines").open_object();
      out.number("begin", 1);
      out.close_object();
    }
    out.close_object();
    out.close_object();
  }
  out.close_array();
  return out.take();
}

}  // namespace launchgate::report
