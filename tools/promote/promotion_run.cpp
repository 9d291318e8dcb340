#include "promote/promotion_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

#include "lib/base/parallel.hpp"
#include "lib/base/rfc3339.hpp"
#include "lib/base/text.hpp"
#include "lib/evidence/believable.hpp"
#include "lib/evidence/record_checks.hpp"
#include "lib/io/guard.hpp"
#include "lib/io/path.hpp"
#include "lib/judgement/judgement.hpp"
#include "lib/validator/checks.hpp"

namespace launchgate::promote {
namespace {

using evidence::Rung;
using finding::Finding;

constexpr std::uint64_t largest_timeline = 4UL * 1024 * 1024 * 1024;

std::string_view short_name(const finding::Finding& finding) {
  return std::string_view(finding.rule_id).substr(finding.rule_id.find('/') + 1);
}

}  // namespace

base::Result<Decision> PromotionRun::decide(const Rung& rung) {
  // The guard takes as long to load as the documents take to be judged.
  std::optional<base::Result<privacy::Guard>> guard;
  base::Result<void> judged;
  base::TaskQueue tasks;
  tasks.add([&] { guard.emplace(privacy::Guard::load(workspace_, policy_)); });
  tasks.add([&] {
    gatherer_.documents();
    if (const auto& matrix = gatherer_.all().matrix) check_claim(policy_, rung, matrix->json->root(), findings_);
    judged = rung.record_tier ? judge_documents() : judge_repository();
  });
  tasks.run();
  if (!*guard) return base::Error(guard->error());
  const privacy::Guard& loaded = process_.keeper.keep(**guard);
  if (!judged) return judged.error();
  if (rung.record_tier) {
    if (judged = judge_record(rung, loaded); !judged) return judged.error();
  } else {
    refuse_record(rung);
  }
  evidence::mask(findings_, [&](std::string_view text) { return loaded.redact(text); });
  return conclude(rung);
}

void PromotionRun::add(suite::CheckOutcome outcome) {
  checked_.documents += outcome.documents;
  checked_.rules.add(outcome.rules);
  checked_.skipped.insert(checked_.skipped.end(), outcome.skipped.begin(), outcome.skipped.end());
  if (outcome.unreadable) gatherer_.all().unreadable = true;
  for (finding::Finding& finding : outcome.findings) {
    if (is_known(finding)) continue;
    finding.item = item_of(finding);
    findings_.all().push_back(std::move(finding));
  }
}

bool PromotionRun::is_known(const finding::Finding& finding) const {
  return std::any_of(findings_.all().begin(), findings_.all().end(),
                     [&](const Finding& one) { return finding::says_the_same(one, finding); });
}

// The evidence item that a finding in the record is about.
std::string PromotionRun::item_of(const finding::Finding& finding) {
  const auto& record = gatherer_.all().record;
  if (!record || finding.file != record->json->path() || finding.span.begin.line == 0) return "";
  for (const auto& [id, item] : evidence::items_by_id(policy_, record->json->root())) {
    const base::Span span = item.span();
    if (finding.span.begin >= span.begin && finding.span.begin < span.end) return id;
  }
  return "";
}

base::Result<void> PromotionRun::judge_repository() {
  auto outcome = suite::check_documents(workspace_, validator::whole_suite(), {});
  if (!outcome) return outcome.error();
  add(std::move(*outcome));
  return {};
}

base::Result<void> PromotionRun::judge_documents() {
  suite::Validator own = validator::whole_suite();
  own.kinds = {"evidence-matrix", "target-profiles"};
  // Leaks and wording are the lint stage's matter; to load their rules would take longer than everything else here.
  own.document_checks.clear();
  auto outcome = suite::check_documents(workspace_, own, {});
  if (!outcome) return outcome.error();
  add(std::move(*outcome));
  return {};
}

base::Result<void> PromotionRun::judge_record(const Rung& rung, const privacy::Guard& guard) {
  Gathered& all = gatherer_.all();
  Pins pins;
  if (settings_.commit) pins.commit = base::lower_case(*settings_.commit);
  for (const auto& [image, path] : settings_.image_files) {
    const auto file = gatherer_.json(image + "-image", path);
    if (!file) continue;
    if (const auto digest = digest_of(image, *file, findings_)) pins.digests[image] = *digest;
    kept_.push_back(file);
  }
  pins_ = pins;
  if (!settings_.manifest) {
    findings_.add_file("report-missing", "", "",
                       fmt::format("{} needs a private evidence record, and none is given", rung.claim),
                       "pass --manifest FILE");
    return {};
  }
  gatherer_.record(*settings_.manifest);
  if (!all.record) return {};
  suite::Validator records;
  records.kinds = {"evidence-record"};
  records.kind_of_other_files = "evidence-record";
  auto outcome = suite::check_documents(workspace_, records, {*settings_.manifest});
  if (!outcome) return outcome.error();

  const document::JsonValue record = all.record->json->root();
  for (const auto& known : all.templates) {
    if (known->json && known != all.record && is_template(known->json->root()))
      check_template(policy_, record, known->json->root(), findings_);
  }
  evidence::RecordSettings settings;
  settings.rung = &rung;
  settings.now = settings_.now;
  settings.scan = guard.scan();
  settings.public_scan = guard.public_scan();
  settings.max_age = settings_.max_age;
  settings.told_age = rung.stale_after_days * base::milliseconds_per_day;
  if (rung.max_age_days) {
    const base::Milliseconds limit = *rung.max_age_days * base::milliseconds_per_day;
    settings.max_age = std::min(settings.max_age.value_or(limit), limit);
  }
  if (all.matrix) {
    const evidence::RecordSubject subject{record, all.matrix->json->root(),
                                          all.targets ? std::optional(all.targets->json->root()) : std::nullopt};
    evidence::check_record(policy_, subject, settings, findings_);
  }
  judge_runs(rung, record);
  judge_signatures(rung, record);
  check_pins(policy_, rung, record, pins, findings_);
  gatherer_.evidence_files(policy_, rung, settings_.evidence_root);
  // What the schema finds at a place that has a reason already would say the same in other words, and so does a rule of
  // the same name.
  std::erase_if(outcome->findings, [&](const finding::Finding& finding) {
    return std::any_of(findings_.all().begin(), findings_.all().end(), [&](const Finding& one) {
      if (one.file != finding.file) return false;
      return short_name(one) == short_name(finding) ||
             (!finding.json_pointer.empty() && one.json_pointer == finding.json_pointer);
    });
  });
  add(std::move(*outcome));
  return {};
}

void PromotionRun::judge_runs(const Rung& rung, const document::JsonValue& record) {
  const auto& targets = gatherer_.all().targets;
  if (!targets) return;
  const auto committed = judgement::committed(policy_, *targets->json, workspace_.operations());
  if (committed) judgement::judge_record(policy_, *committed, rung, record, findings_);
  judge_timelines(record);
}

// Where files of the evidence lie: below the evidence root, or beside the record.
std::string PromotionRun::evidence_folder() const {
  return settings_.evidence_root ? *settings_.evidence_root : std::string(io::parent(*settings_.manifest));
}

void PromotionRun::judge_signatures(const Rung& rung, const document::JsonValue& record) {
  attestation::Verifier verifier(workspace_.disk(), std::move(settings_.evidence_keys));
  const std::string folder = evidence_folder();
  attestation::RecordSignatures signatures(policy_, rung, folder, verifier, findings_);
  signatures.run(record);
  attestation::tell_idle_keys(verifier, findings_);
  signed_items_ = signatures.signed_items();
  const auto root = workspace_.disk().canonical(folder.empty() ? "." : folder);
  for (const attestation::Verifier::File& file : verifier.read()) {
    const auto canonical = workspace_.disk().canonical(file.path);
    gatherer_.all().inputs.push_back(
        {"envelope", root && canonical ? io::relative_to(*root, *canonical) : std::string(io::file_name(file.path)),
         file.sha256});
  }
}

// The timeline of a run that an item shows, where it is at hand.
void PromotionRun::judge_timelines(const document::JsonValue& record) {
  if (!settings_.recompute) return;
  const std::string folder = evidence_folder();
  std::set<std::string> known;
  for (const auto& [id, item] : evidence::items_by_id(policy_, record)) {
    evidence::walk(item, [&, name = id](const std::optional<document::JsonValue>&, const document::JsonValue& value) {
      const auto measured = value.find("measured");
      if (!measured || !evidence::shows_figures(*measured)) return !evidence::shows_figures(value);
      const std::string path = judgement::timeline_path(std::string(value.string_member("evidence")));
      if (path.empty() || path.starts_with('/') || !known.insert(path).second) return true;
      const auto place = workspace_.disk().canonical(folder.empty() ? "." : folder);
      const io::Opening opening = place ? io::look_up(workspace_.disk(), *place, path) : io::Opening();
      if (opening.access != io::Access::file) return true;
      const auto timeline = workspace_.disk().read(opening.path, largest_timeline);
      if (!timeline) return true;
      gatherer_.input("timeline " + name, path, *timeline);
      judgement::compare_timeline(name, *measured, path, *timeline, settings_.recompute, findings_);
      return true;
    });
  }
}

bool PromotionRun::is_template(const document::JsonValue& record) const {
  return evidence::contains(policy_.record.template_scopes, evidence::string_at(record, policy_.record.scope));
}

// A tier that rests on the repository alone takes no record; one that is given is for another tier.
void PromotionRun::refuse_record(const Rung& rung) {
  if (!settings_.manifest) return;
  gatherer_.record(*settings_.manifest);
  const auto& record = gatherer_.all().record;
  if (!record) return;
  const auto tier = evidence::find_at(record->json->root(), policy_.record.target_tier);
  findings_.add(
      "target-tier", "", tier.value_or(record->json->root()),
      fmt::format("targetTier must be {}: this tier rests on the repository alone and takes no private record",
                  rung.claim),
      "leave out --manifest, or name the record's tier");
}

// Which items there are, what each asks for and which tiers may be claimed stands in the matrix: what is wrong there
// cannot be waived, or a waiver would lift the items themselves.
bool PromotionRun::names_what_is_required(const finding::Finding& finding) const {
  const auto& matrix = gatherer_.all().matrix;
  if (!matrix || finding.file != matrix->json->path()) return false;
  return finding.json_pointer.empty() || finding.json_pointer.starts_with(policy_.matrix.items) ||
         finding.json_pointer.starts_with(policy_.matrix.tiers);
}

suite::WaiverContext PromotionRun::waiver_context(const Rung& rung) const {
  suite::WaiverContext context;
  context.tier = rung.claim;
  context.items_judged = true;
  if (rung.record_tier)
    context.is_protected = [this](const finding::Finding& finding) { return names_what_is_required(finding); };
  for (const finding::RuleInfo& rule : evidence::evidence_rules()) context.rules.insert(rule.id);
  context.rules.merge(checked_.rules.ids());
  return context;
}

base::Result<std::vector<suite::AppliedWaiver>> PromotionRun::waive(const Rung& rung) {
  auto waivers = suite::apply_waivers(workspace_, findings_.all(), settings_.now, [&] { return waiver_context(rung); });
  if (!waivers) return waivers.error();
  if (waivers->unreadable) gatherer_.all().unreadable = true;
  if (waivers->document) gatherer_.input("waivers", waivers->document->path(), waivers->document->source().text());
  std::stable_sort(findings_.all().begin(), findings_.all().end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.file, a.span.begin, a.rule_id) < std::tie(b.file, b.span.begin, b.rule_id);
  });
  return std::move(waivers->applied);
}

base::Result<Decision> PromotionRun::conclude(const Rung& rung) {
  auto applied = waive(rung);
  if (!applied) return applied.error();
  Gathered& all = gatherer_.all();
  Decision decision;
  decision.rung = rung;
  decision.now = settings_.now;
  const auto record = all.record ? std::optional(all.record->json->root()) : std::nullopt;
  const auto items =
      all.matrix ? evidence::required_items(policy_, all.matrix->json->root()) : std::vector<std::string>();
  const std::string path = record               ? record->document().path()
                           : settings_.manifest ? workspace_.to_root_relative(*settings_.manifest)
                                                : std::string();
  decision.requirements = make_requirements(policy_, rung, items, record, path, findings_.all());
  // Without the matrix, the targets or the record nothing was judged, whatever was waived.
  const bool judged = all.matrix && all.targets && (!rung.record_tier || (record && !items.empty()));
  decision.promoted =
      judged && !all.unreadable &&
      std::all_of(decision.requirements.begin(), decision.requirements.end(), [](const Requirement& one) {
        return one.status == RequirementStatus::met || one.status == RequirementStatus::waived;
      });
  if (rung.record_tier) {
    decision.unpinned = !pins_.commit || pins_.digests.size() < policy_.images.size();
    if (record) {
      const evidence::Build build = evidence::common_build(policy_, *record);
      decision.commit = build.commit;
      decision.digests = build.digests;
    }
    if (pins_.commit) decision.commit = *pins_.commit;
    for (const auto& [image, digest] : pins_.digests) decision.digests[image] = digest;
  }
  decision.signed_items = signed_items_;
  decision.waivers = std::move(*applied);
  decision.inputs = std::move(all.inputs);
  decision.version = cli::version();
  auto digest = rules_digest(workspace_, settings_.rules_replaced);
  if (!digest) return digest.error();
  decision.rules_digest = std::move(*digest);
  return decision;
}

}  // namespace launchgate::promote
