#include "promote/promote_tool.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/base/rfc3339.hpp"
#include "lib/base/similar.hpp"
#include "lib/base/text.hpp"
#include "lib/base/utf8.hpp"
#include "lib/evidence/policy.hpp"
#include "lib/evidence/record_checks.hpp"
#include "lib/privacy/privacy.hpp"
#include "lib/signing/envelope.hpp"
#include "lib/validator/named_values.hpp"
#include "lib/validator/validator_tool.hpp"
#include "promote/decision.hpp"
#include "promote/promotion_run.hpp"

namespace launchgate::promote {
namespace {

using cli::ExitCode;
using cli::Process;

constexpr std::uint64_t largest_key = 64UL * 1024;
constexpr std::uint64_t largest_envelope = 64UL * 1024 * 1024;
constexpr std::string_view statement_format = "intoto";

base::Error usage(std::string message, std::string help = "") {
  return {base::ErrorCategory::usage, "", {}, std::move(message), std::move(help)};
}

// Where the in-toto statement goes.
struct StatementTarget {
  bool wanted = false;
  std::string path;  // empty: the decision's file, else standard output
};

struct Outputs {
  std::vector<validator::Target> reports;
  StatementTarget statement;
};

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
  for (const std::string& path : {all.statement.path, options.decision.value_or("")}) {
    if (path.empty()) continue;
    if (const auto writable = disk.check_writable(path); !writable) return writable.error();
  }
  return all;
}

base::Result<std::optional<signing::PrivateKey>> signing_key(const PromoteOptions& options,
                                                             const io::FileSystem& disk) {
  if (!options.sign) return std::optional<signing::PrivateKey>();
  const auto text = disk.read(*options.sign, largest_key);
  if (!text) return text.error();
  auto key = signing::PrivateKey::from_pem(*options.sign, *text);
  if (!key) {
    base::Error error = key.error();
    error.category = base::ErrorCategory::usage;
    return error;
  }
  return std::optional<signing::PrivateKey>(std::move(*key));
}

ExitCode verify(Process& process, std::string_view tool, const PromoteOptions& options) {
  if (!options.key) return cli::fail(process, tool, usage("--verify needs --key PUB.pem"));
  const auto key_text = process.disk.read(*options.key, largest_key);
  if (!key_text) return cli::fail(process, tool, key_text.error());
  const auto key = signing::PublicKey::from_pem(*options.key, *key_text);
  if (!key) {
    base::Error error = key.error();
    error.category = base::ErrorCategory::usage;
    return cli::fail(process, tool, error);
  }
  const auto envelope = process.disk.read(*options.verify, largest_envelope);
  if (!envelope) return cli::fail(process, tool, envelope.error());
  const auto payload = signing::open(*options.verify, *envelope, *key);
  if (!payload) return cli::fail(process, tool, payload.error());
  const auto statement = document::JsonDocument::parse(*options.verify, *payload);
  if (!statement) return cli::fail(process, tool, statement.error());
  const auto text = [&](std::string_view pointer) {
    const auto value = statement->at(pointer);
    return value ? base::printable(value->string()) : std::string("?");
  };
  process.out.write(fmt::format("signature is good, key {}\n{} at {}: {}\n", key->id().substr(0, 16),
                                text("/predicate/https:~1~1launchgate.dev~1decision/tier"),
                                text("/predicate/timeVerified"), text("/predicate/verificationResult")));
  for (const auto& subject : statement->at("/subject")->elements()) {
    process.out.write(fmt::format("  {} sha256:{}\n", base::printable(subject.string_member("name")),
                                  base::printable(evidence::string_at(subject, "/digest/sha256"))));
  }
  return ExitCode::ok;
}

std::string variable_name(std::string_view image) { return base::environment_name(image) + "_IMAGE_JSON"; }

// A variable of the configuration's prefix, then of the tool's own.
std::optional<std::string> variable(const Process& process, const std::string& prefix, const std::string& name) {
  if (auto value = process.environment(prefix + name)) return value;
  return process.environment("LAUNCHGATE_" + name);
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
  options
      .list("--image-json", "NAME=FILE", options_.image_files,
            "What the build of an image of the tier ladder wrote; its \"digest\" is the pushed one. [env: "
            "<PREFIX><NAME>_IMAGE_JSON]")
      .spelled_by_name = true;
  options.text("--max-age", "DURATION", options_.max_age, "Evidence older than this is stale: 30d, 12h.");
  options
      .text("--evidence-root", "DIR", options_.evidence_root,
            "Opens the files that items name below DIR and compares them with their checksums.")
      .completion = cli::Completion::folder;
  options
      .text("--decision", "FILE", options_.decision,
            "Writes the decision as JSON; an old one is removed first. With --format intoto, an in-toto statement.")
      .completion = cli::Completion::file;
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

ExitCode PromoteTool::run(Process& process) {
  const auto refuse = [&](const base::Error& error) { return cli::fail(process, name(), error); };
  if (!common_.paths.empty())
    return refuse(usage(fmt::format("unexpected argument \"{}\"", base::printable(common_.paths.front())),
                        "the record is given with --manifest"));
  if (options_.verify) return verify(process, name(), options_);
  if (options_.key) return refuse(usage("--key goes with --verify"));
  // First of all, so that whatever happens from here on leaves no old decision behind.
  if (options_.decision) {
    if (const auto removed = process.disk.remove(*options_.decision); !removed) return refuse(removed.error());
  }
  const auto targets = outputs(common_.formats, options_, process.disk);
  if (!targets) return refuse(targets.error());
  const auto key = signing_key(options_, process.disk);
  if (!key) return refuse(key.error());

  ExitCode code = ExitCode::ok;
  std::unique_ptr<suite::Workspace> opened = validator::open_workspace(process, name(), common_, code);
  if (opened == nullptr) return code;
  suite::Workspace* const workspace = &process.keeper.keep(std::move(opened));
  auto policy = evidence::load_policy(workspace->tiers());
  if (!policy) return refuse(policy.error());

  if (common_.list_rules || common_.explain) {
    suite::Validator all = documents_;
    all.kinds = {"evidence-matrix", "target-profiles", "evidence-record"};
    auto rules = suite::list_rules(*workspace, all);
    if (!rules) return refuse(rules.error());
    rules->insert(rules->end(), evidence::evidence_rules().begin(), evidence::evidence_rules().end());
    const auto waivers = suite::waiver_rules();
    rules->insert(rules->end(), waivers.begin(), waivers.end());
    std::sort(rules->begin(), rules->end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    if (common_.list_rules) {
      process.out.write(validator::rules_text(*rules));
      return ExitCode::ok;
    }
    const auto text = validator::explain_text(*rules, *common_.explain);
    if (!text) return refuse(validator::unknown_rule(*rules, *common_.explain));
    process.out.write(*text);
    return ExitCode::ok;
  }

  const std::string& prefix = workspace->configuration().environment_prefix;
  if (!options_.tier) options_.tier = variable(process, prefix, "RELEASE_CLAIM_TIER");
  if (!options_.manifest) options_.manifest = variable(process, prefix, "PROMOTION_EVIDENCE_MANIFEST");
  if (!options_.commit) options_.commit = variable(process, prefix, "EXPECTED_COMMIT_SHA");
  auto image_files = validator::named_values("--image-json", options_.image_files, policy->images);
  if (!image_files) return refuse(image_files.error());
  for (const std::string& image : policy->images) {
    if (image_files->contains(image)) continue;
    if (const auto given = variable(process, prefix, variable_name(image))) image_files->emplace(image, *given);
  }
  std::optional<base::Milliseconds> max_age;
  if (options_.max_age) {
    max_age = evidence::parse_duration(*options_.max_age);
    if (!max_age)
      return refuse(usage(fmt::format("--max-age \"{}\" is no duration", base::printable(*options_.max_age)),
                          "write 30d, 12h or 90m"));
  }
  const auto now = common_.time();
  if (!now) return refuse(now.error());
  const evidence::Rung* rung = options_.tier ? policy->ladder.by_claim(*options_.tier) : nullptr;
  if (!options_.tier) {
    const auto accepted = std::find_if(policy->ladder.rungs.begin(), policy->ladder.rungs.end(),
                                       [](const evidence::Rung& one) { return !one.record_tier; });
    if (accepted != policy->ladder.rungs.end()) rung = &*accepted;
  }
  if (rung == nullptr) {
    const auto claims = policy->ladder.claims();
    std::string help = base::did_you_mean(options_.tier.value_or(""), claims);
    if (help.empty()) help = "known: " + base::quoted_list(claims, "and");
    return refuse(
        usage(fmt::format("\"{}\" is no tier of the ladder", base::printable(options_.tier.value_or(""))), help));
  }

  const evidence::Policy rules = *policy;
  const evidence::Rung tier = *rung;
  RunSettings settings{lint_,
                       documents_,
                       *std::move(image_files),
                       options_.manifest,
                       options_.commit,
                       options_.evidence_root,
                       max_age,
                       *now,
                       common_.schemas.has_value() || common_.rules.has_value()};
  PromotionRun& promotion =
      process.keeper.keep(std::make_unique<PromotionRun>(process, *workspace, std::move(settings), std::move(*policy)));
  const auto decision = promotion.decide(tier);
  if (!decision) return refuse(decision.error());

  code = decision->promoted ? ExitCode::ok : promotion.unreadable() ? ExitCode::input : ExitCode::findings;
  report::Report& report = process.keeper.keep(report::Report());
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
  report.documents = decision->inputs.size();
  report.fail_on = finding::Severity::error;
  report.unreadable_input = promotion.unreadable();
  bool all_written = true;
  const auto write = [&](const std::string& path, const std::string& text) {
    if (path.empty()) {
      process.out.write(text);
    } else if (const auto written = process.disk.write(path, text); !written) {
      code = refuse(written.error());
      all_written = false;
    }
  };
  if (targets->statement.wanted) {
    const auto statement = statement_json(rules, *decision);
    if (!statement) {
      process.err.write(
          fmt::format("{}: error: there is no image digest to make a statement about; none is written\n", name()));
      if (code == ExitCode::ok) code = ExitCode::usage;
    } else {
      const std::string text = *key ? signing::seal(**key, signing::in_toto_type, *statement) : *statement;
      write(targets->statement.path.empty() ? options_.decision.value_or("") : targets->statement.path, text);
    }
  }
  const bool statement_in_place = targets->statement.wanted && targets->statement.path.empty();
  if (options_.decision && !statement_in_place) write(*options_.decision, decision_json(rules, *decision));
  // Nobody is told of a promotion whose decision is not on disk.
  if (!all_written) return code;
  for (const validator::Target& target : targets->reports) {
    const bool color = target.path.empty() && common_.use_color(process);
    const bool is_text = target.format == report::find_format("text");
    write(target.path, is_text ? decision_text(rules, *decision, color, common_.quiet)
                               : target.format->print(report, {color, common_.quiet, ""}));
  }
  return code;
}

}  // namespace launchgate::promote
