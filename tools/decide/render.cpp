#include "decide/render.hpp"

#include <fmt/format.h>

#include "lib/base/rfc3339.hpp"
#include "lib/base/utf8.hpp"
#include "lib/document/json_writer.hpp"

namespace launchgate::decide {
namespace {

// Text that cannot break out of a table cell or start markup.
std::string cell(std::string_view text) {
  std::string safe;
  for (const char c : base::printable(text)) {
    if (std::string_view("|\\`*_<>[]").find(c) != std::string_view::npos) safe += '\\';
    safe += c;
  }
  return safe;
}

}  // namespace

std::string_view name(const GoPolicy& go, Outcome outcome) {
  switch (outcome) {
    case Outcome::go:
      return go.go;
    case Outcome::conditional:
      return go.conditional;
    case Outcome::no_go:
      return go.no_go;
  }
  return go.no_go;
}

std::string verdict_json(const GoPolicy& go, const Verdict& verdict, const Record& record) {
  document::JsonWriter writer;
  writer.begin_object()
      .member("schemaVersion", 1)
      .member("purpose", "go-no-go-decision")
      .member("tool", "launchgate-decide")
      .member("version", record.version);
  writer.member("now", base::format_date_time(record.now))
      .member("profile", record.profile)
      .member("decision", name(go, verdict.outcome))
      .key("commitSha");
  verdict.commit.empty() ? writer.null() : writer.value(verdict.commit);
  writer.key("imageDigests").begin_object();
  for (const auto& [image, digest] : verdict.digests) writer.member(image, digest);
  writer.end_object().key("lines").begin_array();
  for (const Line& line : verdict.lines) {
    writer.begin_object()
        .member("id", line.id)
        .member("title", line.title)
        .member("outcome", name(go, line.outcome))
        .member("reasons", line.reasons)
        .end_object();
  }
  writer.end_array().key("waivers").begin_array();
  for (const suite::AppliedWaiver& waiver : record.waivers) {
    writer.begin_object()
        .member("rule", waiver.rule)
        .member("scope", waiver.scope)
        .member("owner", waiver.owner)
        .member("reason", waiver.reason)
        .member("expires", waiver.expires)
        .end_object();
  }
  writer.end_array().key("inputs").begin_array();
  for (const InputDigest& input : record.inputs)
    writer.begin_object()
        .member("role", input.role)
        .member("path", input.path)
        .member("sha256", input.sha256)
        .end_object();
  writer.end_array().end_object();
  return writer.take() + "\n";
}

std::string verdict_markdown(const GoPolicy& go, const Verdict& verdict, const Record& record) {
  std::string text = fmt::format("# Decision: {}\n\n- Profile: {}\n- Commit: {}\n", name(go, verdict.outcome),
                                 cell(record.profile), verdict.commit.empty() ? "none" : verdict.commit);
  for (const auto& [image, digest] : verdict.digests) text += fmt::format("- Image {}: {}\n", cell(image), digest);
  text +=
      fmt::format("- Decided: {} by launchgate-decide {}\n\n| Requirement | Outcome | Reason |\n| --- | --- | --- |\n",
                  base::format_date_time(record.now), record.version);
  for (const Line& line : verdict.lines) {
    if (line.reasons.empty()) text += fmt::format("| {} | {} | |\n", cell(line.title), name(go, line.outcome));
    bool first = true;
    for (const std::string& reason : line.reasons) {
      text += fmt::format("| {} | {} | {} |\n", first ? cell(line.title) : "", first ? name(go, line.outcome) : "",
                          cell(reason));
      first = false;
    }
  }
  for (const suite::AppliedWaiver& waiver : record.waivers) {
    text += fmt::format("\nWaived: {} ({}), by {} until {}: {}\n", cell(waiver.rule), cell(waiver.scope),
                        cell(waiver.owner), waiver.expires, cell(waiver.reason));
  }
  text += "\n| Input | File | SHA-256 |\n| --- | --- | --- |\n";
  for (const InputDigest& input : record.inputs)
    text += fmt::format("| {} | {} | {} |\n", cell(input.role), cell(input.path), input.sha256);
  return text + fmt::format("\nDecision: {}\n", name(go, verdict.outcome));
}

std::string findings_template(const std::vector<FailedCheck>& failed, const std::string& tier,
                              const std::string& commit) {
  document::JsonWriter writer;
  writer.begin_object().member("schemaVersion", 1);
  if (!tier.empty()) writer.member("tier", tier);
  if (!commit.empty()) writer.member("commitSha", commit);
  writer.key("findings").begin_array();
  for (const FailedCheck& check : failed) {
    writer.begin_object().member("check", check.name).member("source", check.source);
    if (!check.message.empty()) writer.member("message", check.message);
    writer.member("disposition", "").end_object();
  }
  writer.end_array().end_object();
  return writer.take() + "\n";
}

}  // namespace launchgate::decide
