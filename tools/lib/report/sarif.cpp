// SARIF 2.1.0 (OASIS standard, 2020). Columns are Unicode code points from 1; no snippet is written, so that no source
// text leaves with the report.

#include <algorithm>
#include <map>

#include "lib/base/text.hpp"
#include "lib/base/utf8.hpp"
#include "lib/document/json_writer.hpp"
#include "lib/report/describe.hpp"
#include "lib/report/report.hpp"

namespace launchgate::report {
namespace {

using document::JsonWriter;

// A relative reference.
std::string to_uri(const std::string& path) { return base::percent_encoded(path, "/"); }

void message(JsonWriter& out, std::string_view name, std::string_view text) {
  out.key(name).begin_object();
  out.member("text", text);
  out.end_object();
}

void write_rule(JsonWriter& out, const finding::RuleInfo& rule) {
  out.begin_object();
  out.member("id", rule.id);
  message(out, "shortDescription", rule.summary.empty() ? rule.id : rule.summary);
  if (!rule.why.empty()) message(out, "fullDescription", rule.why);
  if (!rule.help.empty()) message(out, "help", rule.help);
  out.key("defaultConfiguration").begin_object();
  out.member("level", name(rule.severity));
  out.end_object();
  out.end_object();
}

void write_location(JsonWriter& out, const finding::Finding& finding) {
  out.key("locations").begin_array();
  out.begin_object();
  out.key("physicalLocation").begin_object();
  out.key("artifactLocation").begin_object();
  out.member("uri", finding.file.empty() ? std::string(".") : to_uri(finding.file));
  if (!finding.file.starts_with('/')) out.member("uriBaseId", "ROOT");
  out.end_object();
  // What is about a whole file stands at its beginning: services show only results with a region.
  const base::Span& span = finding.span;
  out.key("region").begin_object();
  out.member("startLine", std::max(1U, span.begin.line));
  out.member("startColumn", std::max(1U, span.begin.column));
  out.member("endLine", std::max({1U, span.begin.line, span.end.line}));
  out.member("endColumn", std::max(1U, span.end.column));
  out.end_object();
  out.end_object();
  out.end_object();
  out.end_array();
}

void write_result(JsonWriter& out, const finding::Finding& finding, std::size_t rule_index) {
  out.begin_object();
  out.member("ruleId", finding.rule_id);
  out.member("ruleIndex", rule_index);
  out.member("level", name(finding.severity));
  message(out, "message", one_paragraph(finding));
  write_location(out, finding);
  out.key("partialFingerprints").begin_object();
  out.member("launchgate/v1", finding.fingerprint);
  out.end_object();
  if (finding.status != finding::Status::open) {
    out.key("suppressions").begin_array();
    out.begin_object();
    out.member("kind", "external");
    out.member("status", "accepted");
    out.member("justification", finding.waiver ? finding.waiver->reason + " (" + finding.waiver->owner + ", until " +
                                                     finding.waiver->expires + ")"
                                               : "known from the baseline");
    out.end_object();
    out.end_array();
  }
  out.end_object();
}

}  // namespace

std::string print_sarif(const Report& report, const PrintOptions&) {
  std::vector<finding::RuleInfo> rules = report.rules.read();
  std::map<std::string, std::size_t> index;
  for (std::size_t i = 0; i < rules.size(); ++i) index.emplace(rules[i].id, i);
  for (const finding::Finding& finding : report.findings) {
    if (!index.emplace(finding.rule_id, rules.size()).second) continue;
    finding::RuleInfo rule;
    rule.id = finding.rule_id;
    rule.severity = finding.severity;
    rules.push_back(std::move(rule));
  }

  JsonWriter out;
  out.begin_object();
  out.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
  out.member("version", "2.1.0");
  out.key("runs").begin_array();
  out.begin_object();
  out.key("tool").begin_object();
  out.key("driver").begin_object();
  out.member("name", report.tool);
  out.member("semanticVersion", report.version);
  out.key("rules").begin_array();
  for (const finding::RuleInfo& rule : rules) write_rule(out, rule);
  out.end_array();
  out.end_object();
  out.end_object();
  out.member("columnKind", "unicodeCodePoints");
  out.key("originalUriBaseIds").begin_object();
  out.key("ROOT").begin_object();
  message(out, "description", "The root of the repository.");
  out.end_object();
  out.end_object();
  out.key("invocations").begin_array();
  out.begin_object();
  out.member("executionSuccessful", !report.unreadable_input && report.documents > 0);
  out.key("toolExecutionNotifications").begin_array();
  for (const Skipped& skipped : report.skipped) {
    out.begin_object();
    out.member("level", "note");
    message(out, "message", "skipped " + base::printable(skipped.file) + ": " + skipped.reason);
    out.end_object();
  }
  if (const std::string more = not_shown(report); !more.empty()) {
    out.begin_object();
    out.member("level", "error");
    message(out, "message", more);
    out.end_object();
  }
  out.end_array();
  out.end_object();
  out.end_array();
  out.key("results").begin_array();
  for (const finding::Finding& finding : report.findings) write_result(out, finding, index.at(finding.rule_id));
  out.end_array();
  out.end_object();
  out.end_array();
  out.end_object();
  return out.take() + "\n";
}

}  // namespace launchgate::report
