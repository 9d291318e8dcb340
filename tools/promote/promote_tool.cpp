#include "promote/promote_tool.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/attestation/keys.hpp"
#include "lib/base/rfc3339.hpp"
#include "lib/base/similar.hpp"
#include "lib/base/text.hpp"
#include "lib/base/utf8.hpp"
#include "lib/evidence/believable.hpp"
#include "lib/evidence/policy.hpp"
#include "lib/evidence/record_checks.hpp"
#include "lib/io/path.hpp"
#include "lib/io/system.hpp"
#include "lib/privacy/privacy.hpp"
#include "lib/signing/envelope.hpp"
#include "lib/validator/checks.hpp"
#include "lib/validator/named_values.hpp"
#include "lib/validator/validator_tool.hpp"
#include "promote/decision.hpp"
#include "promote/promotion_run.hpp"
#include "promote/verify.hpp"

namespace launchgate::promote {

using cli::ExitCode;
using cli::Process;
using cli::usage;

// Where the in-toto statement goes.
struct StatementTarget {
  bool wanted = false;
  std::string path;  // empty: the decision's file, else standard output
};

struct Outputs {
  std::vector<validator::Target> reports;
  StatementTarget statement;
};

// What is to be told, and where.
struct PromoteTool::Publication {
  const evidence::Policy& policy;
  const Decision& decision;
  const report::Report& report;
  const Outputs& targets;
  const signing::PrivateKey* key;  // null: nothing is signed
};

namespace {

constexpr std::string_view statement_format = "intoto";
constexpr std::string_view manifest_variable = "PROMOTION_EVIDENCE_MANIFEST";
constexpr std::uint64_t largest_record = 64UL * 1024 * 1024;
constexpr std::size_t longest_path = 4096;

base::Result<Outputs> outputs(const std::vector<std::string>& formats, const PromoteOptions& options,
                              const io::FileSystem& disk) {
  Outputs all;
  std::vector<std::string> others;
  for (const std::string& format : formats) {
    if (format != statement_format && !format.starts_with(std::string(statement_format) + "=")) {
      others.push_back(format);
      continue;
    }
    if (all.statement.wanted) return usage("--format intoto is given twice");
    all.statement.wanted = true;
    if (format.size() > statement_format.size()) all.statement.path = format.substr(statement_format.size() + 1);
  }
  if (options.sign) all.statement.wanted = true;
  auto targets = validator::output_targets(others, disk);
  if (!targets) return targets.error();
  all.reports = std::move(*targets);
  const bool to_stdout = all.statement.wanted && all.statement.path.empty() && !options.decision;
  if (to_stdout) std::erase_if(all.reports, [](const validator::Target& target) { return target.path.empty(); });
  for (const std::string& path : {all.statement.path, options.decision.value_or(""), options.html.value_or("")}) {
    if (path.empty()) continue;
    if (const auto writable = disk.check_writable(path); !writable) return writable.error();
  }
  return all;
}

base::Result<std::optional<signing::PrivateKey>> signing_key(const PromoteOptions& options,
                                                             const io::FileSystem& disk) {
  if (!options.sign) return std::optional<signing::PrivateKey>();
  auto key = attestation::read_private_key(disk, *options.sign);
  if (!key) return key.error();
  return std::optional<signing::PrivateKey>(std::move(*key));
}

std::string variable_name(std::string_view image) { return base::environment_name(image) + "_IMAGE_JSON"; }

// What an option that is not given takes from the environment.
base::Result<void> take_variable(const Process& process, const suite::Workspace& workspace, const std::string& name,
                                 std::optional<std::string>& option) {
  if (option) return {};
  // Where the record is may be left open: some tiers take none.
  auto value = validator::environment_value(process, workspace, name, name != manifest_variable);
  if (!value) return value.error();
  option = *std::move(value);
  return {};
}

}  // namespace

void PromoteTool::describe(cli::OptionSet& options) {
  options.text(
      "--tier", "TIER", options_.tier,
      "The tier to promote to, by its claim name; by default the accepted one. [env: <PREFIX>RELEASE_CLAIM_TIER]");
  options
      .text("--manifest", "FILE", options_.manifest,
            "The private evidence record; hosted tiers need one. [env: <PREFIX>PROMOTION_EVIDENCE_MANIFEST]")
      .completion = cli::Completion::file;
  options.text("--expected-commit-sha", "SHA", options_.commit,
               "The release's commit. [env: <PREFIX>EXPECTED_COMMIT_SHA]");
  cli::Option& images =
      options.list("--image-json", "NAME=FILE", options_.image_files,
                   "What the build of an image of the tier ladder wrote; its \"digest\" is the pushed one. [env: "
                   "<PREFIX><NAME>_IMAGE_JSON]");
  images.spelled_by_name = true;
  images.completion = cli::Completion::file;
  options.text("--max-age", "DURATION", options_.max_age, "Evidence older than this is stale: 30d, 12h.");
  options
      .text("--evidence-root", "DIR", options_.evidence_root,
            "Opens the files that items name below DIR and compares them with their checksums.")
      .completion = cli::Completion::folder;
  options
      .list("--evidence-key", "PUB.pem", options_.evidence_keys,
            "A public key that runs may be signed with. [env: <PREFIX>EVIDENCE_KEY_FILES, separated by \":\"]")
      .completion = cli::Completion::file;
  options.output(
      "--decision", "FILE", options_.decision,
      "Writes the decision as JSON; an old one is removed first. With --format intoto, an in-toto statement.");
  options.output("--html", "FILE", options_.html, "Writes the decision as a page; an old one is removed first.");
  options
      .text("--sign", "KEY.pem", options_.sign,
            "Signs the in-toto statement (Ed25519 or ECDSA P-256) and writes a DSSE envelope.")
      .completion = cli::Completion::file;
  options.text("--verify", "FILE", options_.verify, "Checks such an envelope, and nothing else.").completion =
      cli::Completion::file;
  options.text("--key", "PUB.pem", options_.key, "The public key for --verify.").completion = cli::Completion::file;
  common_.describe(options);
  options.positionals("", common_.paths, "");
}

// What the environment names, and what lies below the record: its evidence.
std::vector<cli::NamedFile> PromoteTool::reads_besides(Process& process, const cli::NamedFiles& named) {
  std::vector<std::string> outputs;
  for (const cli::NamedFiles::Output& output : named.outputs) outputs.push_back(output.file.path);
  validator::confine_to_outputs(process, {}, outputs);
  std::vector<cli::NamedFile> files = validator::configured_files(process, named);
  std::vector<finding::Finding> problems;
  const auto opened =
      suite::Workspace::open(process.disk, {named.of("--root"), named.of("--config"), {}, {}}, problems);
  std::optional<std::string> manifest = named.of("--manifest");
  if (opened) {
    const auto policy = evidence::load_policy((*opened)->tiers());
    std::vector<std::string> variables = {std::string(manifest_variable)};
    for (const std::string& image : policy ? policy->images : std::vector<std::string>())
      variables.push_back(variable_name(image));
    for (const std::string& variable : variables) {
      const auto value = validator::environment_value(process, **opened, variable);
      if (!value || !*value) continue;
      files.push_back({"what a variable names", **value});
      if (!manifest) manifest = **value;
    }
  }
  if (!manifest) return files;
  const auto text = process.disk.read(*manifest, largest_record);
  const auto record = text ? document::JsonDocument::parse(*manifest, *text) : text.error();
  if (!record) return files;
  const std::string folder = named.of("--evidence-root").value_or(io::parent(*manifest));
  evidence::walk(record->root(), [&](const std::optional<document::JsonValue>&, const document::JsonValue& value) {
    const std::string path = io::join(folder, value.string());
    if (!value.string().empty() && value.string().size() < longest_path &&
        process.disk.status(path).kind == io::FileKind::regular)
      files.push_back({"evidence of the record", path});
    return true;
  });
  return files;
}

ExitCode PromoteTool::run(Process& process) {
  const auto code = promote(process);
  return code ? *code : cli::fail(process, name(), code.error());
}

base::Result<ExitCode> PromoteTool::promote(Process& process) {
  if (!common_.paths.empty())
    return usage(fmt::format("unexpected argument \"{}\"", base::printable(common_.paths.front())),
                 "the record is given with --manifest");
  if (options_.verify) return verify(process, *options_.verify, options_.key);
  if (options_.key) return usage("--key goes with --verify");
  const auto targets = outputs(common_.formats, options_, process.disk);
  if (!targets) return targets.error();
  if (process.own && options_.sign) io::hold_secrets();
  const auto key = signing_key(options_, process.disk);
  if (!key) return key.error();
  validator::confine_to_outputs(process, targets->reports,
                                {targets->statement.path, options_.decision.value_or(""), options_.html.value_or("")});

  std::vector<finding::Finding> problems;
  auto opened = common_.open_workspace(process, &problems);
  if (!opened) return validator::refuse(process, name(), opened.error(), std::move(problems), targets->reports);
  suite::Workspace& workspace = process.keeper.keep(std::move(*opened));
  auto policy = evidence::load_policy(workspace.tiers());
  if (!policy) return policy.error();
  if (common_.question) {
    auto rules = applied_rules(workspace);
    if (!rules) return rules.error();
    return validator::answer(process, name(), common_.question, std::move(*rules));
  }
  auto settings = run_settings(process, workspace, *policy);
  if (!settings) return settings.error();
  const auto rung = chosen_rung(*policy);
  if (!rung) return rung.error();

  const evidence::Policy rules = *policy;
  PromotionRun& promotion =
      process.keeper.keep(std::make_unique<PromotionRun>(process, workspace, std::move(*settings), std::move(*policy)));
  const auto decision = promotion.decide(*rung);
  if (!decision) return decision.error();
  report::Report& report = process.keeper.keep(make_report(promotion, *decision));
  return publish(process, {rules, *decision, report, *targets, *key ? &**key : nullptr});
}

base::Result<std::vector<finding::RuleInfo>> PromoteTool::applied_rules(suite::Workspace& workspace) const {
  suite::Validator all = validator::whole_suite();
  all.kinds = {"evidence-matrix", "target-profiles", "evidence-record"};
  auto rules = suite::list_rules(workspace, all);
  if (!rules) return rules;
  for (const auto& list : {evidence::evidence_rules(), suite::waiver_rules()})
    rules->insert(rules->end(), list.begin(), list.end());
  return rules;
}

// What the command line does not say, the environment may.
base::Result<RunSettings> PromoteTool::run_settings(const Process& process, const suite::Workspace& workspace,
                                                    const evidence::Policy& policy) {
  for (const auto& [name, option] : {std::pair(std::string("RELEASE_CLAIM_TIER"), &options_.tier),
                                     std::pair(std::string(manifest_variable), &options_.manifest),
                                     std::pair(std::string("EXPECTED_COMMIT_SHA"), &options_.commit)}) {
    if (auto taken = take_variable(process, workspace, name, *option); !taken) return taken.error();
  }
  auto image_files = validator::named_values("--image-json", options_.image_files, policy.images);
  if (!image_files) return image_files.error();
  for (const std::string& image : policy.images) {
    if (image_files->contains(image)) continue;
    std::optional<std::string> given;
    if (auto taken = take_variable(process, workspace, variable_name(image), given); !taken) return taken.error();
    if (given) image_files->emplace(image, *given);
  }
  std::optional<base::Milliseconds> max_age;
  if (options_.max_age) {
    max_age = evidence::parse_duration(*options_.max_age);
    if (!max_age)
      return usage(fmt::format("--max-age \"{}\" is no duration", base::printable(*options_.max_age)),
                   "write 30d, 12h or 90m");
  }
  std::optional<std::string> key_files;
  if (options_.evidence_keys.empty()) {
    if (auto taken = take_variable(process, workspace, "EVIDENCE_KEY_FILES", key_files); !taken) return taken.error();
  }
  auto keys = attestation::read_public_keys(process.disk,
                                            key_files ? attestation::split_paths(*key_files) : options_.evidence_keys);
  if (!keys) return keys.error();
  const auto now = common_.time();
  if (!now) return now.error();
  return RunSettings{recompute_,
                     *std::move(image_files),
                     options_.manifest,
                     options_.commit,
                     options_.evidence_root,
                     *std::move(keys),
                     max_age,
                     *now,
                     common_.schemas.has_value() || common_.rules.has_value()};
}

// The tier that is asked for, or the one that takes no record.
base::Result<evidence::Rung> PromoteTool::chosen_rung(const evidence::Policy& policy) const {
  const auto& rungs = policy.ladder.rungs;
  if (options_.tier) {
    if (const evidence::Rung* rung = policy.ladder.by_claim(*options_.tier)) return *rung;
  } else if (const auto accepted =
                 std::find_if(rungs.begin(), rungs.end(), [](const evidence::Rung& one) { return !one.record_tier; });
             accepted != rungs.end()) {
    return *accepted;
  }
  const std::string wanted = options_.tier.value_or("");
  const auto claims = policy.ladder.claims();
  std::string help = base::did_you_mean(wanted, claims);
  if (help.empty()) help = "known: " + base::quoted_list(claims, "and");
  return usage(fmt::format("\"{}\" is no tier of the ladder", base::printable(wanted)), help);
}

report::Report PromoteTool::make_report(PromotionRun& promotion, const Decision& decision) const {
  report::Report report;
  report.tool = name();
  report.version = cli::version();
  report.findings = promotion.findings().all();
  finding::sort_findings(report.findings);
  finding::assign_fingerprints(report.findings);
  report.rules = promotion.checked().rules;
  report.rules.add(evidence::evidence_rules());
  report.rules.add(suite::waiver_rules());
  for (const suite::SkippedFile& skipped : promotion.checked().skipped)
    report.skipped.push_back({skipped.file, skipped.reason});
  report.documents = decision.inputs.size();
  report.fail_on = finding::Severity::error;
  report.unreadable_input = promotion.unreadable();
  return report;
}

// Writes the decision and its statement, then tells of it.
base::Result<ExitCode> PromoteTool::publish(Process& process, const Publication& what) const {
  const Decision& decision = what.decision;
  ExitCode code = decision.promoted              ? ExitCode::ok
                  : what.report.unreadable_input ? ExitCode::input
                                                 : ExitCode::findings;
  bool all_written = true;
  const auto write = [&](const std::string& path, const std::string& text) {
    if (path.empty()) {
      process.out.write(text);
    } else if (const auto written = process.disk.write(path, text); !written) {
      code = cli::fail(process, name(), written.error());
      all_written = false;
    }
  };
  const StatementTarget& statement_target = what.targets.statement;
  if (statement_target.wanted) {
    const auto statement = statement_json(what.policy, decision);
    if (!statement) {
      process.err.write(
          fmt::format("{}: error: there is no image digest to make a statement about; none is written\n", name()));
      if (code == ExitCode::ok) code = ExitCode::usage;
    } else {
      const std::string text =
          what.key != nullptr ? signing::seal(*what.key, signing::in_toto_type, *statement) : *statement;
      write(statement_target.path.empty() ? options_.decision.value_or("") : statement_target.path, text);
    }
  }
  const bool statement_in_place = statement_target.wanted && statement_target.path.empty();
  if (options_.decision && !statement_in_place) write(*options_.decision, decision_json(what.policy, decision));
  if (options_.html) write(*options_.html, decision_page(what.policy, decision));
  // Nobody is told of a promotion whose decision is not on disk.
  if (!all_written) return code;
  for (const validator::Target& target : what.targets.reports) {
    const bool color = target.path.empty() && common_.use_color(process);
    const bool is_text = target.format == report::find_format("text");
    write(target.path, is_text ? decision_text(what.policy, decision, color, common_.quiet)
                               : target.format->print(what.report, {color, common_.quiet, ""}));
  }
  return code;
}

}  // namespace launchgate::promote
