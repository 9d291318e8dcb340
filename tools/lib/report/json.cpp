#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include "lib/base/utf8.hpp"
#include "lib/report/report.hpp"

namespace launchgate::report {
namespace {

using Writer = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

// File names are bytes; what is no UTF-8 is escaped so that the output stays valid JSON.
void text(Writer& writer, std::string_view key, std::string_view value) {
  writer.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
  const std::string safe = base::find_invalid_utf8(value) == std::string_view::npos ? std::string(value) : base::printable(value);
  writer.String(safe.data(), static_cast<rapidjson::SizeType>(safe.size()));
}

void number(Writer& writer, std::string_view key, std::uint64_t value) {
  writer.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
  writer.Uint64(value);
}

void write_finding(Writer& writer, const finding::Finding& finding) {
  writer.StartObject();
  text(writer, "rule", finding.rule_id);
  text(writer, "severity", name(finding.severity));
  text(writer, "file", finding.file);
  number(writer, "line", finding.span.begin.line);
  number(writer, "column", finding.span.begin.column);
  number(writer, "endLine", finding.span.end.line);
  number(writer, "endColumn", finding.span.end.column);
  text(writer, "pointer", finding.json_pointer);
  text(writer, "message", finding.message);
  text(writer, "help", finding.help);
  text(writer, "fingerprint", finding.fingerprint);
  text(writer, "status", name(finding.status));
  if (finding.waiver) {
    writer.Key("waiver");
    writer.StartObject();
    text(writer, "owner", finding.waiver->owner);
    text(writer, "reason", finding.waiver->reason);
    text(writer, "expires", finding.waiver->expires);
    writer.EndObject();
  }
  writer.EndObject();
}

}  // namespace

std::string print_json(const Report& report, const PrintOptions&) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.SetIndent(' ', 2);
  const Counts counts = count(report);
  writer.StartObject();
  text(writer, "tool", report.tool);
  text(writer, "version", report.version);
  text(writer, "result", passed(report) ? "pass" : "fail");
  writer.Key("findings");
  writer.StartArray();
  for (const finding::Finding& finding : report.findings) write_finding(writer, finding);
  writer.EndArray();
  writer.Key("skipped");
  writer.StartArray();
  for (const Skipped& skipped : report.skipped) {
    writer.StartObject();
    text(writer, "file", skipped.file);
    text(writer, "reason", skipped.reason);
    writer.EndObject();
  }
  writer.EndArray();
  writer.Key("counts");
  writer.StartObject();
  number(writer, "errors", counts.errors);
  number(writer, "warnings", counts.warnings);
  number(writer, "notes", counts.notes);
  number(writer, "waived", counts.waived);
  number(writer, "baselined", counts.baselined);
  number(writer, "documents", report.documents);
  number(writer, "rules", report.rules.size());
  number(writer, "skipped", report.skipped.size());
  writer.EndObject();
  writer.EndObject();
  return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

}  // namespace launchgate::report
