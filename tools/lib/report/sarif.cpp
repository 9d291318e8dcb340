// SARIF 2.1.0 (OASIS standard, 2020). Columns are Unicode code points from 1; no snippet is written, so that no source
// text leaves with the report.

#include <algorithm>
#include <map>

#include "lib/base/ascii.hpp"
#include "lib/report/describe.hpp"
#include "lib/report/json_writer.hpp"
#include "lib/report/report.hpp"

namespace launchgate::report {
namespace {

// A relative reference (RFC 3986): every byte that is not unreserved, nor a slash, is percent-encoded.
std::string to_uri(const std::string& path) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string uri;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = base::is_alnum(c) || std::string_view("-._~/").find(c) != std::string_view::npos;
    if (plain) {
      uri += c;
    } else {
      uri += '%';
      uri += digits[byte >> 4U];
      uri += digits[byte & 0xFU];
    }
  }
  return uri;
}

void message(JsonWriter& out, std::string_view name, std::string_view text) {
  out.key(name).open_object();
  out.text("text", text);
  out.close_object();
}

void write_rule(JsonWriter& out, const finding::RuleInfo& rule) {
  out.open_object();
  out.text("id", rule.id);
  message(out, "shortDescription", rule.summary.empty() ? rule.id : rule.summary);
  if (!rule.why.empty()) message(out, "fullDescription", rule.why);
  if (!rule.help.empty()) message(out, "help", rule.help);
  out.key("defaultConfiguration").open_object();
  out.text("level", name(rule.severity));
  out.close_object();
  out.close_object();
}

void write_location(JsonWriter& out, const finding::Finding& finding) {
  out.key("locations").open_array();
  out.open_object();
  out.key("physicalLocation").open_object();
  out.key("artifactLocation").open_object();
  out.text("uri", to_uri(finding.file));
  if (!finding.file.starts_with('/')) out.text("uriBaseId", "ROOT");
  out.close_object();
  if (finding.span.begin.line > 0) {
    out.key("region").open_object();
    out.number("startLine", finding.span.begin.line);
    out.number("startColumn", std::max(1U, finding.span.begin.column));
    out.number("endLine", std::max(finding.span.begin.line, finding.span.end.line));
    out.number("endColumn", std::max(1U, finding.span.end.column));
    out.close_object();
  }
  out.close_object();
  out.close_object();
  out.close_array();
}

void write_result(JsonWriter& out, const finding::Finding& finding, std::size_t rule_index) {
  out.open_object();
  out.text("ruleId", finding.rule_id);
  out.number("ruleIndex", rule_index);
  out.text("level", name(finding.severity));
  message(out, "message", one_paragraph(finding));
  write_location(out, finding);
  out.key("partialFingerprints").open_object();
  out.text("launchgate/v1", finding.fingerprint);
  out.close_object();
  if (finding.status != finding::Status::open) {
    out.key("suppressions").open_array();
    out.open_object();
    out.text("kind", "external");
    out.text("status", "accepted");
    out.text("justification", finding.waiver ? finding.waiver->reason + " (" + finding.waiver->owner + ", until " +
                                                   finding.waiver->expires + ")"
                                             : "known from the baseline");
    out.close_object();
    out.close_array();
  }
  out.close_object();
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
  out.open_object();
  out.text("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
  out.text("version", "2.1.0");
  out.key("runs").open_array();
  out.open_object();
  out.key("tool").open_object();
  out.key("driver").open_object();
  out.text("name", report.tool);
  out.text("semanticVersion", report.version);
  out.key("rules").open_array();
  for (const finding::RuleInfo& rule : rules) write_rule(out, rule);
  out.close_array();
  out.close_object();
  out.close_object();
  out.text("columnKind", "unicodeCodePoints");
  out.key("originalUriBaseIds").open_object();
  out.key("ROOT").open_object();
  message(out, "description", "The root of the repository.");
  out.close_object();
  out.close_object();
  out.key("invocations").open_array();
  out.open_object();
  out.boolean("executionSuccessful", !report.unreadable_input && report.documents > 0);
  out.key("toolExecutionNotifications").open_array();
  for (const Skipped& skipped : report.skipped) {
    out.open_object();
    out.text("level", "note");
    message(out, "message", "skipped " + base::printable(skipped.file) + ": " + skipped.reason);
    out.close_object();
  }
  out.close_array();
  out.close_object();
  out.close_array();
  out.key("results").open_array();
  for (const finding::Finding& finding : report.findings) write_result(out, finding, index.at(finding.rule_id));
  out.close_array();
  out.close_object();
  out.close_array();
  out.close_object();
  return out.take();
}

}  // namespace launchgate::report
