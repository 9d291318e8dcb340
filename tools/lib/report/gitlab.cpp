// GitLab Code Quality: a JSON array of issues, the subset of the Code Climate format that GitLab reads.

#include "lib/document/json_writer.hpp"
#include "lib/finding/digest.hpp"
#include "lib/report/describe.hpp"
#include "lib/report/report.hpp"

namespace launchgate::report {
namespace {

using document::JsonWriter;

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
  out.key(name).begin_object();
  out.member("line", place.line);
  out.member("column", place.column);
  out.end_object();
}

}  // namespace

std::string print_gitlab(const Report& report, const PrintOptions&) {
  JsonWriter out;
  out.begin_array();
  for (const finding::Finding& finding : report.findings) {
    out.begin_object();
    out.member("description", one_paragraph(finding));
    out.member("check_name", finding.rule_id);
    out.member("fingerprint", finding.fingerprint);
    out.member("severity", severity(finding));
    out.key("location").begin_object();
    out.member("path", finding.file);
    if (finding.span.begin.line > 0) {
      out.key("positions").begin_object();
      position(out, "begin", finding.span.begin);
      position(out, "end", finding.span.end);
      out.end_object();
    } else {
      // A whole file: the widget asks for a line all the same.
      out.key("lines").begin_object();
      out.member("begin", 1);
      out.end_object();
    }
    out.end_object();
    out.end_object();
  }
  if (const std::string more = not_shown(report); !more.empty()) {
    out.begin_object();
    out.member("description", more);
    out.member("check_name", "launchgate/not-shown");
    out.member("fingerprint", finding::sha256_hex("launchgate/not-shown").substr(0, 32));
    out.member("severity", "critical");
    out.key("location").begin_object();
    out.member("path", report.findings.empty() ? "" : report.findings.back().file);
    out.key("lines").begin_object();
    out.member("begin", 1);
    out.end_object();
    out.end_object();
    out.end_object();
  }
  out.end_array();
  return out.take() + "\n";
}

}  // namespace launchgate::report
