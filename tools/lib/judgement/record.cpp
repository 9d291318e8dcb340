#include <fmt/format.h>

#include <set>

#include "lib/base/text.hpp"
#include "lib/evidence/believable.hpp"
#include "lib/evidence/record_checks.hpp"
#include "lib/finding/digest.hpp"
#include "lib/judgement/judgement.hpp"

namespace launchgate::judgement {
namespace {

using document::JsonKind;
using document::JsonValue;

class Item {
 public:
  Item(const evidence::Policy& policy, const Committed& committed, const evidence::Rung& rung, std::string id,
       const JsonValue& report, evidence::Findings& findings)
      : policy_(policy), committed_(committed), rung_(rung), id_(std::move(id)), report_(report), findings_(findings) {}

  void run() {
    const auto history = evidence::find_at(report_, policy_.contradictions.history);
    if (evidence::shows_figures(report_)) judge_run(report_, report_);
    const auto look = [&](const JsonValue& holder) {
      for (const JsonValue::Member member : holder.members()) {
        if (member.value != history && evidence::shows_figures(member.value)) judge_run(holder, member.value);
      }
    };
    look(report_);
    evidence::walk(report_, [&](const std::optional<JsonValue>&, const JsonValue& value) {
      if (value == history || evidence::shows_figures(value)) return false;
      look(value);
      return true;
    });
    for (const Disagreement& one : local_hosts(policy_, rung_, report_))
      findings_.add("not-remote", id_, one.at, one.text);
    const auto own = policy_.items.find(id_);
    if (own == policy_.items.end() || own->second.figures.empty() || shown_.contains(own->second.figures)) return;
    finding::Finding& found = findings_.add(
        "says-only", id_, report_,
        fmt::format("the report only says how the {} run ended; it shows no figures", own->second.figures));
    if (rung_.require_figures) found.severity = finding::Severity::error;
  }

 private:
  // `holder` is what the record says of the run.
  void judge_run(const JsonValue& holder, const JsonValue& figures) {
    shown_.insert(std::string(figures.string_member("mode")));
    judge(policy_, committed_, {id_, rung_.evidence_profile, "", true, true, &rung_}, figures, findings_);
    const evidence::ReportPlaces& places = policy_.report;
    for (const std::string& pointer : {places.command, places.started_at, places.finished_at, places.duration_ms})
      must_agree(holder, figures, pointer);
    must_agree(report_, figures, places.commit_sha);
    for (const std::string& image : policy_.images)
      must_agree(report_, figures, places.image_digests + "/" + document::escape_pointer_segment(image));
  }

  void must_agree(const JsonValue& holder, const JsonValue& figures, const std::string& pointer) {
    const auto said = evidence::find_at(holder, pointer);
    const auto measured = evidence::find_at(figures, "/evidence" + pointer);
    if (said && (!measured || base::lower_case(said->raw()) != base::lower_case(measured->raw())))
      findings_.add("figures-disagree", id_, measured.value_or(figures),
                    fmt::format("{} is not that of the record's report", pointer.substr(1)));
  }

  const evidence::Policy& policy_;
  const Committed& committed_;
  const evidence::Rung& rung_;
  std::string id_;
  JsonValue report_;
  evidence::Findings& findings_;
  std::set<std::string> shown_;  // modes
};

}  // namespace

void judge_record(const evidence::Policy& policy, const Committed& committed, const evidence::Rung& rung,
                  const JsonValue& record, evidence::Findings& findings) {
  for (const auto& [id, item] : evidence::items_by_id(policy, record)) {
    const auto report = evidence::find_at(item, policy.record.report);
    if (report && report->is(JsonKind::object)) Item(policy, committed, rung, id, *report, findings).run();
  }
}

std::optional<Committed> committed(const evidence::Policy& policy, const document::JsonDocument& targets,
                                   const document::JsonDocument& catalogue) {
  const auto profiles = evidence::find_at(targets.root(), policy.target_profiles);
  if (!profiles || !catalogue.root().is(JsonKind::object)) return std::nullopt;
  return Committed{*profiles, catalogue.root(), finding::sha256_hex(targets.source().text()),
                   finding::sha256_hex(catalogue.source().text())};
}

}  // namespace launchgate::judgement
