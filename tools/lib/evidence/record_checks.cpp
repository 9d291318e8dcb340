#include "lib/evidence/record_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

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

// Nothing is filled in: there is no report, no status but the one to begin with, and no evidence.
bool is_untouched(const Policy& policy, const JsonValue& item) {
  const auto report = find_at(item, policy.record.report);
  if (report && (!report->is(JsonKind::object) || report->size() > 0)) return false;
  if (string_at(item, policy.record.status) != policy.record.pending_status) return false;
  const auto blocking = find_at(item, policy.record.blocking);
  if (!blocking || !blocking->boolean()) return false;
  return is_placeholder(policy.placeholders, string_at(item, policy.record.evidence)) &&
         is_placeholder(policy.placeholders, string_at(item, policy.record.checksum));
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

void check_header(const Policy& policy, const JsonValue& record, const RecordSettings& settings, Findings& findings) {
  const auto scope = find_at(record, policy.record.scope);
  if (!scope || !scope->is(JsonKind::string)) {
    findings.add("template", "", scope.value_or(record),
                 "the record has no scope, so it cannot be told from the public template");
  } else if (contains(policy.record.template_scopes, base::lower_case(base::trim(scope->string())))) {
    findings.add(
        "template", "", *scope,
        fmt::format("must not use the committed public launch evidence template: scope is {}", rules::shown(*scope)));
  }
  if (settings.rung == nullptr || !settings.rung->record_tier) return;
  const auto tier = find_at(record, policy.record.target_tier);
  if (!tier || tier->string() != *settings.rung->record_tier) {
    std::string text = fmt::format("targetTier must be {}", *settings.rung->record_tier);
    if (tier) text += ", is " + rules::shown(*tier);
    findings.add("target-tier", "", tier.value_or(record), std::move(text));
  }
}

void check_placeholders(const Policy& policy, const JsonValue& record,
                        const std::function<std::string(const JsonValue&)>& item_of, Findings& findings) {
  std::unordered_set<std::string_view> fine;  // a record repeats most of its strings
  walk(record, [&](const std::optional<JsonValue>&, const JsonValue& value) {
    if (value.is(JsonKind::object) && !string_at(value, policy.record.id).empty() && is_untouched(policy, value))
      return false;
    if (!value.is(JsonKind::string) || fine.contains(value.string())) return true;
    if (!is_placeholder(policy.placeholders, value.string())) {
      fine.insert(value.string());
      return true;
    }
    const std::string pointer = value.pointer();
    const auto& forms = policy.placeholders.exempt_forms;
    if (pointer_fits(policy.placeholders.exempt, pointer) && (!forms || forms->found_in(base::trim(value.string()))))
      return true;
    const std::string name = pointer.substr(pointer.rfind('/') + 1);
    findings.add("placeholder", item_of(value), value,
                 fmt::format("{} is {}, a placeholder", name, value.string().empty() ? "empty" : rules::shown(value)));
    return true;
  });
}

void check_same_build(const Policy& policy, const std::map<std::string, JsonValue>& items, const Build& build,
                      Findings& findings) {
  for (const auto& [id, item] : items) {
    const auto report = find_at(item, policy.record.report);
    if (!report) continue;
    const auto commit = find_at(*report, policy.report.commit_sha);
    if (commit && base::is_commit_sha(commit->string()) && base::lower_case(commit->string()) != build.commit) {
      findings.add("commit-differs", id, *commit,
                   fmt::format("commit {} differs from the other items' {}", commit->string().substr(0, 12),
                               build.commit.substr(0, 12)));
    }
    for (const auto& [image, common] : build.digests) {
      const auto digest = find_at(*report, policy.report.image_digests + "/" + document::escape_pointer_segment(image));
      if (digest && base::is_image_digest(digest->string()) && base::lower_case(digest->string()) != common) {
        findings.add("digest-differs", id, *digest,
                     fmt::format("{} image digest {} differs from the other items' {}", image,
                                 digest->string().substr(0, 19), common.substr(0, 19)));
      }
    }
  }
}

// One file is seldom evidence of several runs, and never an image. An archive of all evidence is such a file, so that
// these are warnings.
void check_reuse(const Policy& policy, const std::map<std::string, JsonValue>& items, const Build& build,
                 Findings& findings) {
  std::map<std::string, std::pair<std::string, JsonValue>> first;  // item and report by checksum
  for (const auto& [id, item] : items) {
    const auto checksum = find_at(item, policy.record.checksum);
    const auto report = find_at(item, policy.record.report);
    if (!checksum || !report || !base::is_checksum(checksum->string())) continue;
    const std::string digest = base::is_image_digest(checksum->string()) ? base::lower_case(checksum->string())
                                                                         : std::string(checksum->string());
    for (const auto& [image, common] : build.digests) {
      if (digest == common)
        findings.add("checksum-shared", id, *checksum,
                     fmt::format("the checksum is the digest of the {} image, not of evidence", image));
    }
    const auto [known, is_new] = first.emplace(digest, std::pair(id, *report));
    if (is_new) continue;
    for (const std::string& pointer : {policy.report.command, policy.report.started_at}) {
      if (string_at(*report, pointer) == string_at(known->second.second, pointer)) continue;
      findings.add("checksum-shared", id, *checksum,
                   fmt::format("the checksum is that of {}, whose report has another {}", known->second.first,
                               pointer.substr(1)));
      break;
    }
  }
}

// What stands in the public summary is held to the rules of public texts.
void check_published(const Policy& policy, const std::map<std::string, JsonValue>& items, const PrivateScan& scan,
                     Findings& findings) {
  if (!scan) return;
  for (const auto& [id, item] : items) {
    for (const std::string& pointer : policy.record.published) {
      const auto value = find_at(item, pointer);
      if (!value || value->string().empty()) continue;
      const auto hits = scan(value->string());
      if (!hits.empty())
        findings.add(
            "private-value", id, *value,
            fmt::format("private-looking value in {}, which is published: {}", pointer.substr(1), hits.front().what));
    }
  }
}

std::string most_common(const std::map<std::string, std::size_t>& counts) {
  std::string best;
  std::size_t most = 0;
  for (const auto& [text, count] : counts) {
    if (count > most) {
      best = text;
      most = count;
    }
  }
  return best;
}

}  // namespace

std::map<std::string, JsonValue> items_by_id(const Policy& policy, const JsonValue& record) {
  std::map<std::string, JsonValue> items;
  if (const auto list = find_at(record, policy.record.items)) {
    for (const JsonValue item : list->elements()) {
      const std::string_view id = string_at(item, policy.record.id);
      if (!id.empty()) items.emplace(id, item);
    }
  }
  return items;
}

std::vector<std::string> required_items(const Policy& policy, const JsonValue& matrix) {
  std::vector<std::string> ids;
  if (const auto items = find_at(matrix, policy.matrix.items)) {
    for (const JsonValue::Member item : items->members()) ids.emplace_back(item.name());
  }
  return ids;
}

std::vector<std::string> required_commands(const Policy& policy, const JsonValue& matrix, const std::string& item) {
  std::vector<std::string> commands;
  const auto list =
      find_at(matrix, policy.matrix.items + "/" + document::escape_pointer_segment(item) + policy.matrix.item_commands);
  if (list) {
    for (const JsonValue command : list->elements()) commands.emplace_back(command.string());
  }
  return commands;
}

Build common_build(const Policy& policy, const JsonValue& record) {
  std::map<std::string, std::size_t> commits;
  std::map<std::string, std::map<std::string, std::size_t>> digests;
  for (const auto& [id, item] : items_by_id(policy, record)) {
    const auto report = find_at(item, policy.record.report);
    if (!report) continue;
    const std::string_view commit = string_at(*report, policy.report.commit_sha);
    if (base::is_commit_sha(commit)) ++commits[base::lower_case(commit)];
    for (const std::string& image : policy.images) {
      const std::string_view digest =
          string_at(*report, policy.report.image_digests + "/" + document::escape_pointer_segment(image));
      if (base::is_image_digest(digest)) ++digests[image][base::lower_case(digest)];
    }
  }
  Build build;
  build.commit = most_common(commits);
  for (const auto& [image, counts] : digests) build.digests[image] = most_common(counts);
  return build;
}

void check_record(const Policy& policy, const RecordSubject& subject, const RecordSettings& settings,
                  Findings& findings) {
  const JsonValue& record = subject.record;
  check_header(policy, record, settings, findings);

  std::map<std::string, JsonValue> items;
  const std::vector<std::string> wanted = required_items(policy, subject.matrix);
  const auto list = find_at(record, policy.record.items);
  if (!list || !list->is(JsonKind::array)) {
    findings.add("item-missing", "", list.value_or(record),
                 fmt::format("the record has no list {}", policy.record.items.substr(1)));
  } else {
    for (const JsonValue item : list->elements()) {
      const std::string id(string_at(item, policy.record.id));
      if (!contains(wanted, id)) {
        const auto at = find_at(item, policy.record.id).value_or(item);
        findings.add("item-unknown", id, at, fmt::format("the matrix knows no item {}", rules::quoted(id)),
                     base::did_you_mean(id, wanted));
      } else if (!items.emplace(id, item).second) {
        findings.add("item-twice", id, item, "stands twice in the record");
      }
    }
  }
  for (const std::string& id : wanted) {
    if (!items.contains(id))
      findings.add("item-missing", id, list.value_or(record), "the record has no entry for this item");
  }
  // An entry that repeats an id is judged like the first: neither may be evidence of anything else.
  if (list) {
    for (const JsonValue item : list->elements()) {
      const std::string id(string_at(item, policy.record.id));
      if (contains(wanted, id)) ItemCheck(policy, subject, settings, id, item, findings).run();
    }
  }
  const Build build = common_build(policy, record);
  check_same_build(policy, items, build, findings);
  check_reuse(policy, items, build, findings);

  const auto item_of = [&](const JsonValue& value) -> std::string {
    for (const auto& [id, item] : items) {
      if (value.begin_offset() >= item.begin_offset() && value.end_offset() <= item.end_offset()) return id;
    }
    return "";
  };
  check_placeholders(policy, record, item_of, findings);
  check_private(policy, record, settings.scan, item_of, findings);
  check_published(policy, items, settings.public_scan, findings);
}

}  // namespace launchgate::evidence
