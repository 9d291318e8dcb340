#include "lib/evidence/item_checks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/base/hex.hpp"
#include "lib/base/similar.hpp"
#include "lib/base/text.hpp"
#include "lib/evidence/believable.hpp"
#include "lib/evidence/contradictions.hpp"
#include "lib/evidence/report_checks.hpp"
#include "lib/rules/json_rule.hpp"

namespace launchgate::evidence {
namespace {

using document::JsonKind;
using document::JsonValue;

std::string squeezed(std::string_view text) {
  std::string words;
  bool blank = false;
  for (const char c : base::trim(text)) {
    if (c == ' ' || c == '\t') {
      blank = true;
      continue;
    }
    if (blank) words += ' ';
    blank = false;
    words += c;
  }
  return words;
}

// One evidence item with what is asked of it.
class ItemCheck {
 public:
  ItemCheck(const Policy& policy, const RecordSubject& subject, const RecordSettings& settings, std::string id,
            const JsonValue& item, Findings& findings)
      : policy_(policy), subject_(subject), settings_(settings), id_(std::move(id)), item_(item), findings_(findings) {}

  void run() {
    if (is_untouched(policy_, item_)) return tell_untouched();
    check_status();
    check_completeness();
    const auto report = find_at(item_, policy_.record.report);
    if (!report || !report->is(JsonKind::object)) {
      findings_.add("report-missing", id_, report.value_or(item_), report ? "report is no object" : "has no report");
      return;
    }
    check_fields(*report);
    check_commands(*report);
    check_build(*report);
    const ReportSubject of_report{id_, *report, *report};
    check_report(policy_, of_report, settings_, findings_);
    check_withdrawn(policy_, of_report, findings_);
    if (settings_.rung != nullptr) {
      check_environment(policy_, of_report, *settings_.rung, findings_);
      if (const auto own = policy_.items.find(id_); own != policy_.items.end() && !own->second.duration_field.empty()) {
        check_length(policy_, of_report, own->second.duration_field, *settings_.rung, subject_.targets, findings_);
      }
      check_run_lengths(policy_, of_report, *settings_.rung, subject_.targets, findings_);
    }
    check_affirmations(*report);
  }

 private:
  void add(std::string_view rule, const JsonValue& at, std::string text, std::string help = {}) {
    findings_.add(rule, id_, at, std::move(text), std::move(help));
  }

  // One reason, and what to do next.
  void tell_untouched() {
    const std::string& path = item_.document().path();
    const std::string record = path.substr(path.rfind('/') + 1);
    const std::string command = squeezed(string_at(item_, policy_.record.command));
    const auto own = policy_.items.find(id_);
    const bool measures = own != policy_.items.end() && !own->second.figures.empty();
    const std::string next =
        measures ? fmt::format("{}, then launchgate-record attach --manifest {} --item {} --file REPORT", command,
                               record, id_)
                 : fmt::format("launchgate-record run --manifest {} --item {} -- {}", record, id_, command);
    add("report-missing", find_at(item_, policy_.record.status).value_or(item_),
        fmt::format("status must be {}; nothing is filled in, next: {}", policy_.record.pass_status, next));
  }

  void check_status() {
    const RecordPlaces& places = policy_.record;
    const auto status = find_at(item_, places.status);
    if (!status || status->string() != places.pass_status) {
      std::string text = fmt::format("status must be {}", places.pass_status);
      if (status) text += ", is " + rules::shown(*status);
      add("item-status", status.value_or(item_), std::move(text));
    }
    const auto blocking = find_at(item_, places.blocking);
    if (!blocking || !blocking->is(JsonKind::boolean) || !blocking->boolean()) {
      add("item-blocking", blocking.value_or(item_), fmt::format("{} must be true", places.blocking.substr(1)));
    }
  }

  void check_completeness() {
    for (const std::string& pointer : policy_.record.complete) {
      const auto value = find_at(item_, pointer);
      if (!value || !value->is(JsonKind::string)) {
        add("item-incomplete", value.value_or(item_), fmt::format("{} must be a text", pointer.substr(1)));
      } else if (says_nothing(policy_.placeholders, value->string())) {
        add("item-incomplete", *value,
            fmt::format("{} is {}, which says nothing", pointer.substr(1), rules::shown(*value)));
      }
    }
    if (const auto checksum = find_at(item_, policy_.record.checksum);
        checksum && !base::is_checksum(checksum->string())) {
      // An unfilled one is reported as a placeholder.
      if (!is_placeholder(policy_.placeholders, checksum->string())) {
        add("checksum", *checksum,
            fmt::format("checksum {} is neither sha256:<64 hex digits> nor artifact:<id of 8 or more>",
                        rules::shown(*checksum)));
      }
    }
  }

  void check_fields(const JsonValue& report) {
    const ReportPlaces& places = policy_.report;
    std::vector<std::string> wanted = {places.command,       places.evidence_commands,   places.commit_sha,
                                       places.image_digests, places.environment_profile, places.started_at,
                                       places.finished_at,   places.duration_ms,         places.status};
    if (const auto list = find_at(subject_.record, policy_.record.required_report_fields)) {
      for (const JsonValue field : list->elements()) {
        const std::string pointer = "/" + document::escape_pointer_segment(field.string());
        if (!contains(wanted, pointer)) wanted.push_back(pointer);
      }
    }
    for (const std::string& pointer : wanted) {
      const auto value = find_at(report, pointer);
      if (!value || value->is(JsonKind::null))
        add("report-field", value.value_or(report), fmt::format("report has no {}", pointer.substr(1)));
    }
  }

  void check_commands(const JsonValue& report) {
    const std::string command = squeezed(string_at(item_, policy_.record.command));
    const auto item_command = find_at(item_, policy_.record.command);
    if (command.empty()) add("report-command", item_command.value_or(item_), "the item names no command");
    if (item_command) {
      if (const auto dry = dry_run(policy_.dry_run, "command", *item_command, true))
        add("dry-run", *item_command, "dry run: " + *dry);
    }
    if (const auto reported = find_at(report, policy_.report.command)) {
      if (!reported->is(JsonKind::string) || !same_command(policy_, command, reported->string())) {
        add("report-command", *reported,
            fmt::format("report.command is {}, the item's is {}", rules::shown(*reported), rules::quoted(command)));
      }
    }
    const auto list = find_at(report, policy_.report.evidence_commands);
    if (!list) return;
    if (!list->is(JsonKind::array) || list->size() == 0) {
      add("evidence-commands", *list, "evidenceCommands must be a list of commands that is not empty");
    }
    std::vector<std::string> run;
    for (const JsonValue entry : list->elements()) {
      run.push_back(squeezed(entry.string()));
      if (run.back().empty())
        add("evidence-commands", entry, fmt::format("evidenceCommands holds {}, no command", rules::shown(entry)));
    }
    std::vector<std::string> wanted = required_commands(policy_, subject_.matrix, id_);
    if (!command.empty() && !contains(wanted, command)) wanted.insert(wanted.begin(), command);
    for (const std::string& one : wanted) {
      if (!was_run(policy_, one, run))
        add("evidence-commands", *list, fmt::format("evidenceCommands must include {}", one));
    }
    if (const auto own = policy_.items.find(id_); own != policy_.items.end()) {
      for (const std::string& name : own->second.must_name) {
        const bool named =
            std::any_of(run.begin(), run.end(), [&](const std::string& one) { return names(one, name); });
        if (!named) add("must-name", *list, fmt::format("no evidence command names {}", name));
      }
    }
  }

  // Of the form that is asked for, and yet nothing that was computed.
  void check_plausible(const std::optional<JsonValue>& value, std::string_view what) {
    if (!value || !policy_.placeholders.implausible.found_in(value->string())) return;
    finding::Finding& found =
        findings_.add("implausible", id_, *value, fmt::format("{} is {}", what, rules::shown(*value)));
    if (settings_.rung != nullptr && settings_.rung->require_pins) found.severity = finding::Severity::error;
  }

  void check_build(const JsonValue& report) {
    check_plausible(find_at(item_, policy_.record.checksum), "checksum");
    check_plausible(find_at(report, policy_.report.commit_sha), "commitSha");
    for (const std::string& image : policy_.images)
      check_plausible(find_at(report, policy_.report.image_digests + "/" + document::escape_pointer_segment(image)),
                      "imageDigests." + image);
    if (const auto commit = find_at(report, policy_.report.commit_sha);
        commit && !base::is_commit_sha(commit->string())) {
      add("commit", *commit, fmt::format("commitSha is {}, no 40 hexadecimal digits", rules::shown(*commit)));
    }
    const auto digests = find_at(report, policy_.report.image_digests);
    if (!digests) return;
    std::map<std::string, std::string> seen;  // image by digest
    for (const std::string& image : policy_.images) {
      const auto digest = digests->is(JsonKind::object) ? digests->find(image) : std::nullopt;
      if (digest && base::is_image_digest(digest->string())) {
        const auto [other, is_new] = seen.emplace(base::lower_case(digest->string()), image);
        if (!is_new) add("digest-shared", *digest, fmt::format("imageDigests.{} is that of {}", image, other->second));
      } else {
        add("digest", digest.value_or(*digests),
            fmt::format("imageDigests.{} {}", image,
                        digest ? "is " + rules::shown(*digest) + ", no sha256:<64 hex digits>" : "is missing"));
      }
    }
  }

  void check_affirmations(const JsonValue& report) {
    const auto own = policy_.items.find(id_);
    if (own == policy_.items.end()) return;
    for (const std::string& name : own->second.must_affirm) {
      const Affirmation& affirmation = policy_.affirmations.words.at(name);
      const auto field = affirmation.field.empty() ? std::nullopt : find_at(report, affirmation.field);
      const std::string where = affirmation.field.empty() ? "" : " (report" + dotted(affirmation.field) + ")";
      if (field && denies(policy_.affirmations, *field)) {
        add("affirmation", *field, fmt::format("{} is denied{}", name, where));
        continue;
      }
      if (field && affirms(policy_.affirmations, policy_.placeholders, *field)) continue;
      if (!affirmed_in_text(affirmation))
        add("affirmation", field.value_or(report), fmt::format("no {} evidence{}", name, where));
    }
  }

  static std::string dotted(std::string pointer) {
    std::replace(pointer.begin(), pointer.end(), '/', '.');
    return pointer;
  }

  bool affirmed_in_text(const Affirmation& affirmation) const {
    for (const std::string& pointer : policy_.affirmations.in) {
      const auto place = find_at(item_, pointer);
      if (!place) continue;
      if (place->is(JsonKind::string) && affirms(policy_.affirmations, affirmation.pattern, place->string()))
        return true;
      const auto commands = find_at(*place, policy_.report.evidence_commands);
      const auto history = find_at(*place, policy_.contradictions.history);
      bool found = false;
      walk(*place, [&](const std::optional<JsonValue>& key, const JsonValue& value) {
        // A command's name states nothing.
        if (value == commands || value == history || (key && contains(policy_.dry_run.fields, fold_key(key->string()))))
          return false;
        found =
            found || (value.is(JsonKind::string) && affirms(policy_.affirmations, affirmation.pattern, value.string()));
        return !found;
      });
      if (found) return true;
    }
    return false;
  }

  const Policy& policy_;
  const RecordSubject& subject_;
  const RecordSettings& settings_;
  std::string id_;
  JsonValue item_;
  Findings& findings_;
};

}  // namespace

bool is_untouched(const Policy& policy, const JsonValue& item) {
  const auto report = find_at(item, policy.record.report);
  if (report && (!report->is(JsonKind::object) || report->size() > 0)) return false;
  if (string_at(item, policy.record.status) != policy.record.pending_status) return false;
  const auto blocking = find_at(item, policy.record.blocking);
  if (!blocking || !blocking->boolean()) return false;
  return is_placeholder(policy.placeholders, string_at(item, policy.record.evidence)) &&
         is_placeholder(policy.placeholders, string_at(item, policy.record.checksum));
}

void check_item(const Policy& policy, const RecordSubject& subject, const RecordSettings& settings, std::string id,
                const JsonValue& item, Findings& findings) {
  ItemCheck(policy, subject, settings, std::move(id), item, findings).run();
}

}  // namespace launchgate::evidence
