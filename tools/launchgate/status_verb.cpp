#include "launchgate/status_verb.hpp"

#include <fmt/format.h>

#include "launchgate/status.hpp"
#include "lib/attestation/keys.hpp"
#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/document/json_document.hpp"
#include "lib/evidence/policy.hpp"
#include "promote/promotion_run.hpp"

namespace launchgate::suite_tool {
namespace {

constexpr std::uint64_t largest_document = 64UL * 1024 * 1024;

base::Result<document::JsonDocument> read_json(const io::FileSystem& disk, const std::string& path) {
  auto text = disk.read(path, largest_document);
  if (!text) return text.error();
  auto document = document::JsonDocument::parse(path, *std::move(text));
  if (document) return document;
  base::Error error = document.error();
  error.category = base::ErrorCategory::input;
  return error;
}

// The tier that is asked for, else the record's, else the one that takes no record.
base::Result<evidence::Rung> chosen_rung(const evidence::Policy& policy, const std::optional<std::string>& tier,
                                         const std::optional<std::string>& record_tier) {
  if (tier) {
    if (const evidence::Rung* rung = policy.ladder.by_claim(*tier)) return *rung;
    const auto claims = policy.ladder.claims();
    std::string help = base::did_you_mean(*tier, claims);
    if (help.empty()) help = "known: " + base::quoted_list(claims, "and");
    return cli::usage(fmt::format("\"{}\" is no tier of the ladder", base::printable(*tier)), help);
  }
  if (record_tier) {
    if (const evidence::Rung* rung = policy.ladder.by_record_tier(*record_tier)) return *rung;
  }
  for (const evidence::Rung& rung : policy.ladder.rungs) {
    if (!rung.record_tier) return rung;
  }
  return cli::usage("the ladder has no tier without a record", "name one with --tier");
}

std::optional<LastDecision> last_decision(const document::JsonValue& root, const std::string& file) {
  if (root.string_member("purpose") != "promotion-decision") return std::nullopt;
  return LastDecision{file, std::string(root.string_member("tier")), std::string(root.string_member("result")),
                      std::string(root.string_member("now"))};
}

}  // namespace

void StatusVerb::describe(cli::OptionSet& options) {
  const auto file = [](cli::Option& option) { option.completion = cli::Completion::file; };
  options.text("--tier", "TIER", tier_, "The tier, by its claim name; by default the record's, else the accepted one.");
  file(options.text("--manifest", "RECORD", manifest_, "The private evidence record."));
  options
      .text("--evidence-root", "DIR", evidence_root_,
            "Opens the files that items name below DIR and compares them with their checksums.")
      .completion = cli::Completion::folder;
  file(options.list("--evidence-key", "PUB.pem", evidence_keys_, "A public key that runs may be signed with."));
  file(options.text("--decision", "FILE", decision_, "The last decision, as launchgate-promote wrote it."));
  file(options.text("--html", "FILE", html_, "Also write the status as a page."));
  options.flag("--public", public_, "Leave out owners, paths and texts of findings: what is left may be published.");
  options.choice("--format", {"text", "json"}, format_, "What goes to standard output; text by default.");
  options.text("--root", "DIR", common_.root, "Folder of the repository.").completion = cli::Completion::folder;
  file(options.text("--config", "FILE", common_.config, "Configuration; by default launchgate.json in the root."));
  options.text("--schemas", "DIR", common_.schemas, "Schemas instead of the built-in ones.").completion =
      cli::Completion::folder;
  options.text("--rules", "DIR", common_.rules, "Rules instead of the built-in ones.").completion =
      cli::Completion::folder;
  options.choice("--color", {"auto", "always", "never"}, common_.color,
                 "Colours; auto means on a terminal, unless NO_COLOR is set.");
  options.text("--now", "TIME", common_.now, "The time that ages are counted from, for reproducible runs.");
}

cli::ExitCode StatusVerb::run(cli::Process& process) {
  const auto code = tell(process);
  return code ? *code : cli::fail(process, name(), code.error());
}

base::Result<cli::ExitCode> StatusVerb::tell(cli::Process& process) {
  if (html_) {
    // An old page never stands for what is missing now.
    if (manifest_ && *manifest_ == *html_) return cli::usage("--html would replace the record");
    if (auto removed = process.disk.remove(*html_); !removed) return removed.error();
  }
  auto opened = common_.open_workspace(process);
  if (!opened) return opened.error();
  suite::Workspace& workspace = process.keeper.keep(std::move(*opened));
  auto policy = evidence::load_policy(workspace.tiers());
  if (!policy) return policy.error();
  const auto now = common_.time();
  if (!now) return now.error();

  std::optional<std::string> record_tier;
  if (manifest_) {
    const auto record = read_json(process.disk, *manifest_);
    if (!record) return record.error();
    if (const auto tier = evidence::find_at(record->root(), policy->record.target_tier)) record_tier = tier->string();
  }
  const auto rung = chosen_rung(*policy, tier_, record_tier);
  if (!rung) return rung.error();
  promote::RunSettings settings;
  settings.manifest = manifest_;
  settings.evidence_root = evidence_root_;
  settings.now = *now;
  settings.rules_replaced = common_.schemas || common_.rules;
  auto keys = attestation::read_public_keys(process.disk, evidence_keys_);
  if (!keys) return keys.error();
  settings.evidence_keys = *std::move(keys);
  const evidence::Policy rules = *policy;
  promote::PromotionRun& promotion = process.keeper.keep(
      std::make_unique<promote::PromotionRun>(process, workspace, std::move(settings), *std::move(policy)));
  const auto decision = promotion.decide(*rung);
  if (!decision) return decision.error();

  const auto matrix = workspace.load(workspace.bindings({"evidence-matrix"}));
  const bool has_matrix = !matrix.documents.empty() && matrix.documents.front()->json;
  Status status =
      make_status({rules, *decision, has_matrix ? std::optional(matrix.documents.front()->json->root()) : std::nullopt,
                   manifest_.value_or(""), public_});
  if (decision_) {
    const auto last = read_json(process.disk, *decision_);
    if (!last) return last.error();
    status.last = last_decision(last->root(), *decision_);
    if (!status.last)
      return base::Error{base::ErrorCategory::input,
                         *decision_,
                         {},
                         "no decision of a promotion",
                         "give what launchgate promote --decision wrote"};
  }
  process.out.write(format_ == "json" ? status_json(status) : status_text(status, common_.use_color(process)));
  if (html_) {
    if (const auto written = process.disk.write(*html_, status_page(status)); !written) return written.error();
  }
  if (promotion.unreadable()) return cli::ExitCode::input;
  return status.complete ? cli::ExitCode::ok : cli::ExitCode::findings;
}

}  // namespace launchgate::suite_tool
