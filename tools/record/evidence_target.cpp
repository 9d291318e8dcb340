#include "record/evidence_target.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/base/hex.hpp"
#include "lib/base/rfc3339.hpp"
#include "lib/base/similar.hpp"
#include "lib/base/text.hpp"
#include "lib/base/utf8.hpp"
#include "lib/document/json_writer.hpp"
#include "lib/evidence/believable.hpp"
#include "lib/evidence/record_checks.hpp"
#include "lib/io/git_head.hpp"
#include "lib/io/path.hpp"
#include "lib/validator/common_options.hpp"
#include "lib/validator/named_values.hpp"

namespace launchgate::record {
namespace {

using cli::usage;
using document::JsonDocument;
using document::JsonKind;
using document::JsonValue;

std::string member_of(const std::string& pointer) { return pointer.substr(pointer.rfind('/') + 1); }

base::Result<JsonDocument> parse_record(const std::string& path, std::string text) {
  return JsonDocument::parse(path, std::move(text));
}

// The default summary says only what the run itself shows.
std::string summary_of(const RunEntry& run) {
  std::string length;
  if (const auto* measured = std::get_if<base::Milliseconds>(&run.duration)) {
    length = evidence::describe_duration(*measured);
  } else if (const auto* written = std::get_if<JsonValue>(&run.duration)) {
    length = evidence::describe_duration(static_cast<base::Milliseconds>(std::max(written->number(), 0.0)));
  } else {
    length = evidence::describe_duration(0);
  }
  return fmt::format("{} {} on {} after {}", run.command, run.passed ? "passed" : "failed",
                     run.finished_at.substr(0, 10), length);
}

std::string summary_of_run(const evidence::Policy& policy, const JsonValue& run) {
  RunEntry entry;
  entry.command = run.string_member("command");
  entry.finished_at = run.string_member("finishedAt");
  entry.passed = evidence::contains(policy.pass_statuses, run.string_member("status"));
  if (const auto duration = run.find("durationMs"); duration && duration->is(JsonKind::number))
    entry.duration = *duration;
  return summary_of(entry);
}

// Whether a summary is one that was made of an earlier run of the command.
bool tells_a_run(std::string_view summary, const RunEntry& run) {
  return summary.starts_with(run.command + " passed on ") || summary.starts_with(run.command + " failed on ");
}

}  // namespace

void EvidenceOptions::describe(cli::OptionSet& options) {
  options.text("--manifest", "FILE", manifest, "The private evidence record, as `launchgate-record init` makes it.")
      .completion = cli::Completion::file;
  options.text("--item", "ID", item, "The evidence item.");
  options.list("--also", "ID", also, "A further item that this is evidence for.");
  options.text("--owner", "ROLE", owner, "Who answers for the evidence; a role, not an address.");
  options.text("--summary", "TEXT", summary,
               "What may be said in public; by default the command, its outcome, date and duration.");
  options.text("--commit-sha", "SHA", commit,
               "The deployed commit; by default the repository's HEAD. [env: <PREFIX>EVIDENCE_COMMIT_SHA]");
  options
      .list("--image-digest", "NAME=DIGEST", digests,
            "Digest of a deployed image of the tier ladder. [env: <PREFIX>EVIDENCE_<NAME>_IMAGE_DIGEST]")
      .spelled_by_name = true;
  options.text("--root", "DIR", root, "The repository.").completion = cli::Completion::folder;
  options.text("--config", "FILE", config, "The configuration.").completion = cli::Completion::file;
}

std::vector<std::string> EvidenceOptions::items() const {
  std::vector<std::string> all;
  if (item) all.push_back(*item);
  for (const std::string& one : also) {
    if (!evidence::contains(all, one)) all.push_back(one);
  }
  return all;
}

base::Result<std::unique_ptr<Setting>> open_setting(cli::Process& process, const EvidenceOptions& options) {
  auto workspace = validator::open_workspace(process, {options.root, options.config, std::nullopt, std::nullopt});
  if (!workspace) return workspace.error();
  auto setting = std::make_unique<Setting>();
  setting->workspace = std::move(*workspace);
  auto policy = evidence::load_policy(setting->workspace->tiers());
  if (!policy) return policy.error();
  setting->policy = std::move(*policy);
  auto guard = privacy::Guard::load(*setting->workspace, setting->policy);
  if (!guard) return guard.error();
  setting->guard = std::move(*guard);
  const suite::LoadOutcome matrix = setting->workspace->load(setting->workspace->bindings({"evidence-matrix"}));
  if (!matrix.documents.empty() && matrix.documents.front()->json)
    setting->matrix = matrix.documents.front()->json->root();
  const suite::LoadOutcome targets = setting->workspace->load(setting->workspace->bindings({"target-profiles"}));
  if (!targets.documents.empty() && targets.documents.front()->json)
    setting->committed =
        judgement::committed(setting->policy, *targets.documents.front()->json, setting->workspace->operations());
  return setting;
}

base::Result<Subject> given_subject(const cli::Process& process, const Setting& setting,
                                    const EvidenceOptions& options) {
  const auto variable = [&](const std::string& name) {
    return validator::environment_value(process, *setting.workspace, name, true);
  };
  Subject subject;
  if (options.commit) {
    subject.commit = *options.commit;
  } else {
    const auto commit = variable("EVIDENCE_COMMIT_SHA");
    if (!commit) return commit.error();
    subject.commit = commit->value_or("");
  }
  if (!subject.commit.empty() && !base::is_commit_sha(subject.commit)) {
    return usage(fmt::format("commit \"{}\" is no 40 hexadecimal digits", base::printable(subject.commit)),
                 "give the full commit");
  }
  const auto given = validator::named_values("--image-digest", options.digests, setting.policy.images);
  if (!given) return given.error();
  for (const std::string& image : setting.policy.images) {
    std::optional<std::string> digest;
    if (const auto own = given->find(image); own != given->end()) {
      digest = own->second;
    } else {
      auto value = variable("EVIDENCE_" + base::environment_name(image) + "_IMAGE_DIGEST");
      if (!value) return value.error();
      digest = *std::move(value);
    }
    if (!digest) continue;
    if (!base::is_image_digest(*digest))
      return usage(fmt::format("digest \"{}\" of the {} image is no sha256:<64 hexadecimal digits>",
                               base::printable(*digest), image));
    subject.digests[image] = *digest;
  }
  return subject;
}

base::Result<std::string> head_commit(const suite::Workspace& workspace) {
  if (const auto commit = io::git_head(workspace.disk(), workspace.root()); commit && base::is_commit_sha(*commit))
    return *commit;
  return usage("the commit is not known: the repository has no HEAD", "pass --commit-sha");
}

std::optional<std::string> dry_run_of(const Setting& setting, const std::vector<std::string>& words) {
  std::string command;
  for (const std::string& word : words) command += (command.empty() ? "" : " ") + word;
  if (setting.policy.dry_run.pattern.found_in(command)) return "the command itself says dry run";
  // A package script's name hides what it does.
  const suite::LoadOutcome scripts = setting.workspace->load(setting.workspace->bindings({"package-scripts"}));
  for (const auto& document : scripts.documents) {
    const auto list = document->json ? document->json->root().find("scripts") : std::nullopt;
    for (const std::string& word : words) {
      const auto script = list ? list->find(word) : std::nullopt;
      if (script && setting.policy.dry_run.pattern.found_in(script->string()))
        return fmt::format("package script \"{}\" is a dry run", base::printable(word));
    }
  }
  return std::nullopt;
}

base::Result<EvidenceTarget> EvidenceTarget::open(const Setting& setting, const std::string& manifest,
                                                  const std::vector<std::string>& items) {
  EvidenceTarget target(manifest, items);
  auto version = target.file_.read();
  if (!version) return version.error();
  target.version_ = std::move(*version);
  auto record = parse_record(manifest, target.version_.text);
  if (!record) return record.error();
  const evidence::RecordPlaces& places = setting.policy.record;
  if (evidence::contains(places.template_scopes, evidence::string_at(record->root(), places.scope))) {
    return base::Error{base::ErrorCategory::content,
                       manifest,
                       {},
                       "must not use the committed public launch evidence template",
                       "make a private record with `launchgate-record init`"};
  }
  const auto entries = evidence::items_by_id(setting.policy, record->root());
  std::vector<std::string> known;
  for (const auto& [id, entry] : entries) known.push_back(id);
  for (const std::string& id : items) {
    if (entries.contains(id)) continue;
    std::string help = base::did_you_mean(id, known);
    if (help.empty()) help = "known: " + base::quoted_list(known, "and", known.size());
    return usage(fmt::format("the record has no item \"{}\"", base::printable(id)), help);
  }
  target.rung_ = setting.policy.ladder.by_record_tier(evidence::string_at(record->root(), places.target_tier));
  if (target.rung_ == nullptr)
    return base::Error{base::ErrorCategory::content,
                       manifest,
                       {},
                       "its target tier is none of the ladder's",
                       "make a record with `launchgate-record init --tier TIER`"};
  const auto folder = setting.workspace->disk().canonical(io::parent(manifest).empty() ? "." : io::parent(manifest));
  if (!folder) return folder.error();
  target.folder_ = *folder;
  target.opened_ = std::make_shared<const JsonDocument>(std::move(*record));
  return target;
}

std::optional<std::string> EvidenceTarget::relative(const suite::Workspace& workspace, const std::string& path) const {
  const auto canonical = workspace.disk().canonical(path);
  if (!canonical || !io::is_inside(folder_, *canonical)) return std::nullopt;
  return io::relative_to(folder_, *canonical);
}

base::Result<JsonDocument> EvidenceTarget::filled(const Setting& setting, const Addition& addition,
                                                  const std::string& newest) const {
  const auto before = parse_record(manifest_, newest);
  if (!before) return before.error();
  const auto entries = evidence::items_by_id(setting.policy, before->root());
  std::vector<TextEdit> edits;
  for (const std::string& id : items_) {
    const auto entry = entries.find(id);
    if (entry == entries.end())
      return base::Error{base::ErrorCategory::output,
                         manifest_,
                         {},
                         fmt::format("lost its item \"{}\" meanwhile", id),
                         "nothing was changed"};
    add_edits(setting.policy, entry->second, addition, edits);
  }
  return parse_record(manifest_, apply_edits(newest, std::move(edits)));
}

void EvidenceTarget::add_edits(const evidence::Policy& policy, const JsonValue& item, const Addition& addition,
                               std::vector<TextEdit>& edits) {
  const evidence::RecordPlaces& places = policy.record;
  const auto set = [&](const std::string& pointer, const std::string& text) {
    edits.push_back(set_member(item, member_of(pointer), document::json_quoted(text)));
  };
  const auto is_open = [&](const std::string& pointer) {
    return evidence::is_placeholder(policy.placeholders, evidence::string_at(item, pointer));
  };
  // The reference is to the evidence of the item's own command, unless there is nothing yet.
  const bool is_own =
      !addition.run || evidence::same_command(policy, evidence::string_at(item, places.command), addition.run->command);
  if (is_own || is_open(places.evidence) || is_open(places.checksum)) {
    set(places.evidence, addition.evidence);
    set(places.checksum, "sha256:" + addition.sha256);
  }
  if (addition.summary) {
    set(places.summary, *addition.summary);
  } else if (addition.run && addition.run->passed &&
             (is_open(places.summary) ||
              (is_own && tells_a_run(evidence::string_at(item, places.summary), *addition.run)))) {
    set(places.summary, summary_of(*addition.run));
  }
  if (addition.owner) set(places.owner, *addition.owner);
  if (addition.run)
    edits.push_back(
        set_member(item, member_of(places.report), merged_report(policy, item, *addition.run, addition.subject)));
}

// The status follows from what the item holds now.
std::string EvidenceTarget::with_statuses(const Setting& setting, const JsonDocument& filled,
                                          std::vector<std::string>& told) const {
  const evidence::Policy& policy = setting.policy;
  const evidence::RecordPlaces& places = policy.record;
  std::vector<TextEdit> verdicts;
  for (const auto& [id, item] : evidence::items_by_id(policy, filled.root())) {
    if (!evidence::contains(items_, id)) continue;
    const auto required =
        setting.matrix ? evidence::required_commands(policy, *setting.matrix, id) : std::vector<std::string>();
    const auto points = open_points(policy, item, required);
    const std::string& status = has_failed(policy, item)                                   ? places.fail_status
                                : points.empty() && evidence::find_at(item, places.report) ? places.pass_status
                                                                                           : places.pending_status;
    verdicts.push_back(set_member(item, member_of(places.status), document::json_quoted(status)));
    std::string line = fmt::format("{}: {}", id, status);
    for (const std::string& point : points) line += "; " + point;
    told.push_back(std::move(line));
  }
  return apply_edits(filled.source().text(), std::move(verdicts));
}

base::Result<void> EvidenceTarget::refuse_private(const Setting& setting, const JsonDocument& record) const {
  evidence::Findings findings;
  for (const auto& [id, item] : evidence::items_by_id(setting.policy, record.root())) {
    if (evidence::contains(items_, id))
      evidence::check_private(
          setting.policy, item, setting.guard->scan(), [&, name = id](const JsonValue&) { return name; }, findings);
  }
  if (findings.all().empty()) return {};
  const finding::Finding& first = findings.all().front();
  return base::Error{
      base::ErrorCategory::content,
      manifest_,
      {},
      fmt::format("would hold private values: {} at {}", setting.guard->redact(first.message), first.json_pointer),
      "nothing was changed; remove them from the evidence first"};
}

base::Result<std::string> EvidenceTarget::edited(const Setting& setting, const Addition& addition,
                                                 const std::string& newest, std::vector<std::string>& told) const {
  const auto with_evidence = filled(setting, addition, newest);
  if (!with_evidence) return with_evidence.error();
  std::string text = with_statuses(setting, *with_evidence, told);
  const auto after = parse_record(manifest_, text);
  if (!after) return after.error();
  if (const auto clean = refuse_private(setting, *after); !clean) return clean.error();
  return text;
}

base::Result<std::vector<std::string>> EvidenceTarget::add(const Setting& setting, const Addition& addition) const {
  std::vector<std::string> told;
  const auto changed = file_.change(version_, [&](const std::string& newest) {
    told.clear();
    return edited(setting, addition, newest, told);
  });
  if (!changed) return changed.error();
  return told;
}

base::Result<std::vector<ItemRun>> EvidenceTarget::runs(const Setting& setting) const {
  const auto items = evidence::items_by_id(setting.policy, opened_->root());
  return runs_of_item(setting.policy, items.at(items_.front()));
}

base::Result<std::vector<std::string>> EvidenceTarget::drop(const Setting& setting,
                                                            const Withdrawal& withdrawal) const {
  std::vector<std::string> told;
  const evidence::RecordPlaces& places = setting.policy.record;
  const auto edit = [&](const std::string& newest) -> base::Result<std::string> {
    told.clear();
    const auto before = parse_record(manifest_, newest);
    if (!before) return before.error();
    const auto items = evidence::items_by_id(setting.policy, before->root());
    const auto item = items.find(items_.front());
    // Its number is that of the record as it was looked at.
    const auto looked_at = runs(setting);
    if (item == items.end() || runs_of_item(setting.policy, item->second).size() != looked_at->size())
      return base::Error{
          base::ErrorCategory::output, manifest_, {}, "was changed meanwhile", "nothing was changed; look again"};
    std::optional<JsonDocument> scratch;
    const auto done = withdraw(setting.policy, item->second, rung_, withdrawal, scratch);
    if (!done) return done.error();
    std::vector<TextEdit> edits;
    const auto set = [&](const std::string& pointer, const std::string& text) {
      edits.push_back(set_member(item->second, member_of(pointer), document::json_quoted(text)));
    };
    const auto& counted = done->counted;
    set(places.evidence, counted ? std::string(counted->string_member("evidence")) : "");
    set(places.checksum, counted ? "sha256:" + std::string(counted->string_member("sha256")) : "");
    const JsonValue dropped = (*looked_at)[withdrawal.run].run;
    RunEntry gone;
    gone.command = dropped.string_member("command");
    if (tells_a_run(evidence::string_at(item->second, places.summary), gone))
      set(places.summary, counted ? summary_of_run(setting.policy, *counted) : "");
    edits.push_back(set_member(item->second, member_of(places.report), done->report));
    const auto filled = parse_record(manifest_, apply_edits(newest, std::move(edits)));
    if (!filled) return filled.error();
    std::string text = with_statuses(setting, *filled, told);
    const auto after = parse_record(manifest_, text);
    if (!after) return after.error();
    if (const auto clean = refuse_private(setting, *after); !clean) return clean.error();
    return text;
  };
  if (const auto changed = file_.change(version_, edit); !changed) return changed.error();
  return told;
}

}  // namespace launchgate::record
