#include <fmt/format.h>

#include <algorithm>

#include "lib/attestation/verifier.hpp"
#include "lib/base/hex.hpp"
#include "lib/base/similar.hpp"
#include "lib/base/text.hpp"
#include "lib/document/equality.hpp"
#include "lib/evidence/believable.hpp"
#include "lib/evidence/record_checks.hpp"
#include "lib/evidence/report_checks.hpp"
#include "lib/finding/digest.hpp"
#include "lib/io/path.hpp"
#include "lib/rules/json_rule.hpp"

namespace launchgate::attestation {

using document::JsonKind;
using document::JsonValue;

namespace {

constexpr std::uint64_t largest_report = 1024UL * 1024 * 1024;
constexpr std::string_view attestation_key = "attestation";
constexpr std::string_view unsigned_help =
    "make runs with --sign-key (launchgate-load, launchgate-record run), attach them, and give --evidence-key PUB.pem; "
    "the ladder's requireSignedEvidence asks for it";

std::string_view without_algorithm(std::string_view checksum) {
  return checksum.substr(std::min(checksum.find(':') + 1, checksum.size()));
}

}  // namespace

struct RecordSignatures::Item {
  std::string id;
  JsonValue entry;
  JsonValue report;
  std::vector<std::string> commands;  // that signed reports are about
  std::vector<JsonValue> starts;      // of signed runs
  bool told = false;                  // that something is unsigned
};

void RecordSignatures::run(const JsonValue& record) {
  for (const auto& [id, entry] : evidence::items_by_id(policy_, record)) {
    const auto report = evidence::find_at(entry, policy_.record.report);
    if (!report || !report->is(JsonKind::object)) continue;  // told elsewhere
    Item item{id, entry, *report, {}, {}, false};
    judge(item);
  }
  tell_unsigned(record);
}

void RecordSignatures::judge(Item& item) {
  const auto runs = item.report.find("runs");
  const bool has_runs = runs && runs->is(JsonKind::array) && runs->size() > 0;
  bool all = true;
  if (has_runs) {
    for (const JsonValue run : runs->elements())
      all = run.is(JsonKind::object) && judge_run(item, run, run.string_member("sha256")) && all;
  }
  // A report that no tool merged is a run itself, whose file is the item's.
  if (!has_runs || item.report.find(attestation_key))
    all = judge_run(item, item.report, without_algorithm(evidence::string_at(item.entry, policy_.record.checksum))) &&
          all;
  if (!all) return;
  const auto commands = evidence::find_at(item.report, policy_.report.evidence_commands);
  std::optional<JsonValue> missing;
  if (commands) {
    for (const JsonValue command : commands->elements()) {
      if (!missing && !evidence::contains(item.commands, command.string())) missing = command;
    }
  }
  if (missing) {
    findings_.add("signature-invalid", item.id, *missing,
                  fmt::format("no signed run is one of {}", rules::quoted(missing->string())), "sign that run as well");
    return;
  }
  const auto started = evidence::find_at(item.report, policy_.report.started_at);
  if (started && std::none_of(item.starts.begin(), item.starts.end(),
                              [&](const JsonValue& one) { return document::equal(one, *started); })) {
    findings_.add("signature-invalid", item.id, *started, "no signed run started then");
    return;
  }
  signed_.insert(item.id);
}

bool RecordSignatures::judge_run(Item& item, const JsonValue& run, std::string_view sha256) {
  const auto named = run.find(attestation_key);
  if (!named || !verifier_.has_keys()) {
    some_unverified_ = some_unverified_ || named;
    if (rung_.require_signature) {
      if (!item.told)
        findings_.add("unsigned", item.id, run,
                      named ? "the signature is not verified: no --evidence-key is given" : "the evidence is unsigned",
                      std::string(unsigned_help));
      item.told = true;
    } else if (!evidence::contains(unsigned_, item.id)) {
      unsigned_.push_back(item.id);
    }
    return false;
  }
  const auto refuse = [&](const JsonValue& at, std::string text) {
    findings_.add("signature-invalid", item.id, at, std::move(text));
    return false;
  };
  const std::string path = io::normalize(io::join(folder_, named->string()));
  const auto root = verifier_.disk().canonical(folder_.empty() ? "." : folder_);
  const auto canonical = verifier_.disk().canonical(path);
  if (named->string().empty() || !root || !canonical || !io::is_inside(*root, *canonical))
    return refuse(*named, canonical ? "the envelope lies outside the folder of the evidence"
                                    : "the envelope is not in the folder of the evidence");
  const auto statement = verifier_.open(path);
  if (!statement) return refuse(*named, "the envelope " + statement.error().message);
  if (statement->result != passed_result)
    return refuse(*named, fmt::format("the signed result is {}", statement->result));
  if (!base::is_hex(sha256, 64) || !statement->is_about(sha256))
    return refuse(*named, "the envelope is about other files than this run's");
  const std::string report = report_path(path);
  const auto text =
      report.empty() ? base::Result<std::string>(base::Error{}) : verifier_.disk().read(report, largest_report);
  if (!text) return refuse(*named, "the signed report is not beside its envelope");
  if (!statement->is_about(finding::sha256_hex(*text)))
    return refuse(*named, "the report beside the envelope is not the one that was signed");
  return compare(item, run, report, *text);
}

// The record copies what the signed report says; what it says otherwise was typed.
bool RecordSignatures::compare(Item& item, const JsonValue& run, const std::string& path, std::string_view text) {
  const auto refuse = [&](const JsonValue& at, std::string message) {
    findings_.add("signature-invalid", item.id, at, std::move(message));
    return false;
  };
  const auto document = document::JsonDocument::parse(path, std::string(text));
  if (!document) return refuse(run, "the signed report is no JSON");
  const auto source = evidence::report_in(policy_, document->root());
  if (!source) return refuse(run, "the signed report names no command");
  const evidence::ReportPlaces& places = policy_.report;
  for (const std::string& pointer :
       {places.command, places.started_at, places.finished_at, places.duration_ms, places.status}) {
    const auto said = evidence::find_at(run, pointer);
    const auto was = evidence::find_at(*source, pointer);
    if (!said || !was || !document::equal(*said, *was))
      return refuse(said.value_or(run), fmt::format("{} is not that of the signed report", pointer.substr(1)));
  }
  std::vector<std::string> build = {places.commit_sha};
  for (const std::string& image : policy_.images)
    build.push_back(places.image_digests + "/" + document::escape_pointer_segment(image));
  for (const std::string& pointer : build) {
    const auto said = evidence::find_at(item.report, pointer);
    const auto was = evidence::string_at(*source, pointer);
    if (!said || base::lower_case(said->string()) != base::lower_case(was))
      return refuse(said.value_or(item.report), fmt::format("{} is not that of the signed report", pointer.substr(1)));
  }
  if (const auto measured = run.find("measured"); measured && !document::equal(*measured, document->root()))
    return refuse(*measured, "the figures are not those of the signed report");
  const auto add = [&](std::string_view command) { item.commands.emplace_back(command); };
  add(evidence::string_at(*source, places.command));
  if (const auto list = evidence::find_at(*source, places.evidence_commands)) {
    for (const JsonValue command : list->elements()) add(command.string());
  }
  if (const auto started = evidence::find_at(run, places.started_at)) item.starts.push_back(*started);
  return true;
}

void RecordSignatures::tell_unsigned(const JsonValue& record) {
  if (unsigned_.empty()) return;
  finding::Finding& told = findings_.add(
      "unsigned", "", record,
      fmt::format("the evidence of {} item{} is {}: {}", unsigned_.size(), unsigned_.size() == 1 ? "" : "s",
                  some_unverified_ && !verifier_.has_keys() ? "not verified by a signature" : "unsigned",
                  base::quoted_list(unsigned_, "and", unsigned_.size())),
      std::string(unsigned_help));
  told.severity = finding::Severity::note;
}

}  // namespace launchgate::attestation
