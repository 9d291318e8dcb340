#include "promote/promote_tool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/evidence/policy.hpp"
#include "lib/evidence/record_checks.hpp"
#include "lib/privacy/privacy.hpp"
#include "lib/signing/envelope.hpp"
#include "lib/suite/image_names.hpp"
#include "lib/validator/validator_tool.hpp"
#include "promote/decision.hpp"
#include "promote/gather.hpp"
#include "promote/promotion.hpp"

namespace launchgate::promote {
namespace {

using cli::ExitCode;
using cli::Process;
using evidence::Reason;
using evidence::Reasons;

constexpr std::uint64_t largest_key = 64UL * 1024;
constexpr std::uint64_t largest_envelope = 64UL * 1024 * 1024;
constexpr std::string_view statement_format = "intoto";

base::Error usage(std::string message, std::string help = "") { return {base::ErrorCategory::usage, "", {}, std::move(message), std::move(help)}; }

// Where the in-toto statement goes.
struct StatementTarget {
  bool wanted = false;
  std::string path;  // empty: the decision's file, else standard output
};

struct Outputs {
  std::vector<validator::Target> reports;
  StatementTarget statement;
};

base::Result<Outputs> outputs(const std::vector<std::string>& formats, const PromoteOptions& options, const io::FileSystem& disk) {
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
  if (!targets) return std::move(targets).error();
  all.reports = std::move(*targets);
  const bool to_stdout = all.statement.wanted && all.statement.path.empty() && !options.decision;
  if (to_stdout) std::erase_if(all.reports, [](const validator::Target& target) { return target.path.empty(); });
  for (const std::string& path : {all.statement.path, options.decision.value_or("")}) {
    if (path.empty()) continue;
    if (const auto writable = disk.check_writable(path); !writable) return base::Error(writable.error());
  }
  return all;
}

base::Result<std::optional<signing::PrivateKey>> signing_key(const PromoteOptions& options, const io::FileSystem& disk) {
  if (!options.sign) return std::optional<signing::PrivateKey>();
  const auto text = disk.read(*options.sign, largest_key);
  if (!text) return base::Error(text.error());
  auto key = signing::PrivateKey::from_pem(*options.sign, *text);
  if (!key) {
    base::Error error = std::move(key).error();
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
  process.out.write(fmt::format("signature is good, key {}\n{} at {}: {}\n", key->id().substr(0, 16), text("/predicate/https:~1~1launchgate.dev~1decision/tier"),
                                text("/predicate/timeVerified"), text("/predicate/verificationResult")));
  for (const auto& subject : statement->at("/subject")->elements()) {
    process.out.write(fmt::format("  {} sha256:{}\n", base::printable(subject.string_member("name")), base::printable(evidence::string_at(subject, "/digest/sha256"))));
  }
  return ExitCode::ok;
}

// One run, from the options to the outputs.
class Promotion {
 public:
  Promotion(Process& process, suite::Workspace& workspace, const PromoteOptions& options, const validator::CommonOptions& common, evidence::Policy policy)
      : process_(process), workspace_(workspace), options_(options), common_(common), policy_(std::move(policy)), gatherer_(workspace, reasons_) {}

  base::Result<Decision> decide(const LintStage& lint, const suite::Validator& documents, const evidence::Rung& rung, evidence::Milliseconds now) {
    const auto guard = privacy::Guard::load(workspace_, policy_);
    if (!guard) return base::Error(guard.error());
    gatherer_.documents();
    Gathered& all = gatherer_.all();
    if (all.matrix) check_claim(policy_, rung, all.matrix->json->root(), reasons_);
    if (rung.record_tier) {
      if (auto judged = judge_documents(documents); !judged) return std::move(judged).error();
      if (auto judged = judge_record(rung, now, *guard); !judged) return std::move(judged).error();
    } else {
      if (auto judged = judge_repository(lint); !judged) return std::move(judged).error();
      refuse_record(rung);
    }
    evidence::mask(reasons_, [&](std::string_view text) { return guard->redact(text); });
    return conclude(rung, now);
  }

  const Reasons& reasons() const { return reasons_; }
  bool unreadable() { return gatherer_.all().unreadable; }
  const suite::CheckOutcome& checked() const { return checked_; }

 private:
  void add(suite::CheckOutcome outcome) {
    checked_.documents += outcome.documents;
    checked_.rules.insert(checked_.rules.end(), outcome.rules.begin(), outcome.rules.end());
    checked_.skipped.insert(checked_.skipped.end(), outcome.skipped.begin(), outcome.skipped.end());
    if (outcome.unreadable) gatherer_.all().unreadable = true;
    for (finding::Finding& finding : outcome.findings) {
      if (is_known(finding)) continue;
      Reason reason;
      reason.item = item_of(finding);
      reason.text = finding.message;
      reason.finding = std::move(finding);
      reasons_.all().push_back(std::move(reason));
    }
  }

  bool is_known(const finding::Finding& finding) const {
    return std::any_of(reasons_.all().begin(), reasons_.all().end(), [&](const Reason& one) {
      return one.finding.file == finding.file && one.finding.rule_id == finding.rule_id && one.finding.span == finding.span && one.finding.message == finding.message;
    });
  }

  // The evidence item that a finding in the record is about.
  std::string item_of(const finding::Finding& finding) {
    const auto& record = gatherer_.all().record;
    if (!record || finding.file != record->json->path() || finding.span.begin.line == 0) return "";
    for (const auto& [id, item] : evidence::items_by_id(policy_, record->json->root())) {
      const base::Span span = item.span();
      if (finding.span.begin >= span.begin && finding.span.begin < span.end) return id;
    }
    return "";
  }

  base::Result<void> judge_repository(const LintStage& lint) {
    auto outcome = lint(process_, workspace_);
    if (!outcome) return std::move(outcome).error();
    add(std::move(*outcome));
    return {};
  }

  base::Result<void> judge_documents(const suite::Validator& documents) {
    suite::Validator own = documents;
    own.kinds = {"evidence-matrix", "target-profiles"};
    auto outcome = suite::check_documents(workspace_, own, {});
    if (!outcome) return std::move(outcome).error();
    add(std::move(*outcome));
    return {};
  }

  base::Result<void> judge_record(const evidence::Rung& rung, evidence::Milliseconds now, const privacy::Guard& guard) {
    Gathered& all = gatherer_.all();
    Pins pins;
    if (options_.commit) pins.commit = evidence::lower_case(*options_.commit);
    for (const auto& [image, path] : image_files_) {
      const auto file = gatherer_.json(image + "-image", path);
      if (!file) continue;
      if (const auto digest = digest_of(image, *file, reasons_)) pins.digests[image] = *digest;
      kept_.push_back(file);
    }
    pins_ = pins;
    if (!options_.manifest) {
      reasons_.add_file("report-missing", "", "", fmt::format("{} needs a private evidence record, and none is given", rung.claim), "pass --manifest FILE");
      return {};
    }
    gatherer_.record(*options_.manifest);
    if (!all.record) return {};
    suite::Validator records;
    records.kinds = {"evidence-record"};
    records.kind_of_other_files = "evidence-record";
    auto outcome = suite::check_documents(workspace_, records, {*options_.manifest});
    if (!outcome) return std::move(outcome).error();

    const document::JsonValue record = all.record->json->root();
    for (const auto& known : all.templates) {
      if (known->json && known != all.record && is_template(known->json->root())) check_template(policy_, record, known->json->root(), reasons_);
    }
    evidence::RecordSettings settings;
    settings.rung = &rung;
    settings.now = now;
    settings.scan = guard.scan();
    settings.max_age = max_age_;
    if (rung.max_age_days) {
      const evidence::Milliseconds limit = *rung.max_age_days * evidence::milliseconds_per_day;
      settings.max_age = std::min(settings.max_age.value_or(limit), limit);
    }
    if (all.matrix) {
      const evidence::RecordSubject subject{record, all.matrix->json->root(), all.targets ? std::optional(all.targets->json->root()) : std::nullopt};
      evidence::check_record(policy_, subject, settings, reasons_);
    }
    check_pins(policy_, rung, record, pins, reasons_);
    if (options_.evidence_root) gatherer_.evidence_files(policy_, *options_.evidence_root);
    // What the schema finds at a place that has a reason already would say the same in other words.
    std::erase_if(outcome->findings, [&](const finding::Finding& finding) {
      return std::any_of(reasons_.all().begin(), reasons_.all().end(), [&](const Reason& one) {
        return one.finding.file == finding.file && !finding.json_pointer.empty() && one.finding.json_pointer == finding.json_pointer;
      });
    });
    add(std::move(*outcome));
    return {};
  }

  bool is_template(const document::JsonValue& record) const { return evidence::contains(policy_.record.template_scopes, evidence::string_at(record, policy_.record.scope)); }

  // A tier that rests on the repository alone takes no record; one that is given is for another tier.
  void refuse_record(const evidence::Rung& rung) {
    if (!options_.manifest) return;
    gatherer_.record(*options_.manifest);
    const auto& record = gatherer_.all().record;
    if (!record) return;
    const auto tier = evidence::find_at(record->json->root(), policy_.record.target_tier);
    reasons_.add("target-tier", "", tier.value_or(record->json->root()),
                 fmt::format("targetTier must be {}: this tier rests on the repository alone and takes no private record", rung.claim), "leave out --manifest, or name the record's tier");
  }

  base::Result<Decision> conclude(const evidence::Rung& rung, evidence::Milliseconds now) {
    std::vector<finding::Finding> findings;
    for (const Reason& reason : reasons_.all()) findings.push_back(reason.finding);
    suite::WaiverContext context;
    context.tier = rung.claim;
    context.item_of = [&](const finding::Finding& finding) {
      const auto same = std::find_if(reasons_.all().begin(), reasons_.all().end(), [&](const Reason& one) {
        return one.finding.rule_id == finding.rule_id && one.finding.span == finding.span && one.finding.message == finding.message;
      });
      return same == reasons_.all().end() ? std::string() : same->item;
    };
    for (const finding::RuleInfo& rule : evidence::evidence_rules()) context.rules.insert(rule.id);
    for (const finding::RuleInfo& rule : checked_.rules) context.rules.insert(rule.id);
    auto applied = suite::apply_waivers(workspace_, findings, now, context);
    if (!applied) return std::move(applied).error();
    for (std::size_t i = 0; i < findings.size(); ++i) {
      if (i < reasons_.all().size()) {
        reasons_.all()[i].finding = findings[i];
        continue;
      }
      Reason reason;
      reason.text = findings[i].message;
      reason.finding = findings[i];
      reasons_.all().push_back(std::move(reason));
    }
    std::stable_sort(reasons_.all().begin(), reasons_.all().end(), [](const Reason& a, const Reason& b) {
      return std::tuple(a.finding.file, a.finding.span.begin, a.finding.rule_id) < std::tuple(b.finding.file, b.finding.span.begin, b.finding.rule_id);
    });

    Gathered& all = gatherer_.all();
    if (const auto waivers = workspace_.disk().read(workspace_.on_disk(workspace_.configuration().waivers), largest_envelope)) {
      gatherer_.input("waivers", workspace_.configuration().waivers, *waivers);
    }
    Decision decision;
    decision.rung = rung;
    decision.now = now;
    const auto record = all.record ? std::optional(all.record->json->root()) : std::nullopt;
    const auto items = all.matrix ? evidence::required_items(policy_, all.matrix->json->root()) : std::vector<std::string>();
    decision.requirements = make_requirements(policy_, rung, items, record, reasons_.all());
    decision.promoted = !all.unreadable && std::all_of(decision.requirements.begin(), decision.requirements.end(), [](const Requirement& one) {
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
    decision.waivers = std::move(*applied);
    decision.inputs = std::move(all.inputs);
    decision.version = cli::version();
    auto digest = rules_digest(workspace_, common_.schemas.has_value() || common_.rules.has_value());
    if (!digest) return std::move(digest).error();
    decision.rules_digest = std::move(*digest);
    return decision;
  }

 public:
  void use(std::map<std::string, std::string> image_files, std::optional<evidence::Milliseconds> max_age) {
    image_files_ = std::move(image_files);
    max_age_ = max_age;
  }

 private:
  Process& process_;
  suite::Workspace& workspace_;
  const PromoteOptions& options_;
  const validator::CommonOptions& common_;
  evidence::Policy policy_;
  Reasons reasons_;
  Gatherer gatherer_;
  suite::CheckOutcome checked_;
  Pins pins_;
  std::map<std::string, std::string> image_files_;
  std::optional<evidence::Milliseconds> max_age_;
  std::vector<std::shared_ptr<const document::JsonDocument>> kept_;
};

std::string variable_name(std::string_view image) {
  std::string name;
  for (const char c : image) name += c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return name + "_IMAGE_JSON";
}

// A variable of the configuration's prefix, then of the tool's own.
std::optional<std::string> variable(const Process& process, const std::string& prefix, const std::string& name) {
  if (auto value = process.environment(prefix + name)) return value;
  return process.environment("LAUNCHGATE_" + name);
}

}  // namespace

void PromoteTool::describe(cli::OptionSet& options) {
  options.text("--tier", "TIER", options_.tier, "The tier to promote to, by its claim name; by default the accepted one. [env: <PREFIX>RELEASE_CLAIM_TIER]");
  options.text("--manifest", "FILE", options_.manifest, "The private evidence record; hosted tiers need one. [env: <PREFIX>PROMOTION_EVIDENCE_MANIFEST]").completion = cli::Completion::file;
  options.text("--expected-commit-sha", "SHA", options_.commit, "The release's commit. [env: <PREFIX>EXPECTED_COMMIT_SHA]");
  for (const std::string& image : suite::image_names()) {
    options.text("--" + image + "-image-json", "FILE", options_.image_files[image],
                 fmt::format("What the build of the {} image wrote; its \"digest\" is the pushed one. [env: <PREFIX>{}]", image, variable_name(image)))
        .completion = cli::Completion::file;
  }
  options.list("--image-json", "NAME=FILE", options_.more_image_files, "The same for any image of the tier ladder.");
  options.text("--max-age", "DURATION", options_.max_age, "Evidence older than this is stale: 30d, 12h.");
  options.text("--evidence-root", "DIR", options_.evidence_root, "Opens the files that items name below DIR and compares them with their checksums.").completion = cli::Completion::folder;
  options.text("--decision", "FILE", options_.decision, "Writes the decision as JSON; an old one is removed first. With --format intoto, an in-toto statement.").completion = cli::Completion::file;
  options.text("--sign", "KEY.pem", options_.sign, "Signs the in-toto statement (Ed25519 or ECDSA P-256) and writes a DSSE envelope.").completion = cli::Completion::file;
  options.text("--verify", "FILE", options_.verify, "Checks such an envelope, and nothing else.").completion = cli::Completion::file;
  options.text("--key", "PUB.pem", options_.key, "The public key for --verify.").completion = cli::Completion::file;
  common_.describe(options);
  options.positionals("", common_.paths, "");
}

ExitCode PromoteTool::run(Process& process) {
  const auto refuse = [&](const base::Error& error) { return cli::fail(process, name(), error); };
  if (!common_.paths.empty()) return refuse(usage(fmt::format("unexpected argument \"{}\"", base::printable(common_.paths.front())), "the record is given with --manifest"));
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
  const auto workspace = validator::open_workspace(process, name(), common_, code);
  if (workspace == nullptr) return code;
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
  std::map<std::string, std::string> image_files;
  for (const std::string& image : policy->images) {
    auto given = options_.image_files.contains(image) ? options_.image_files[image] : std::nullopt;
    if (!given) given = variable(process, prefix, variable_name(image));
    if (given) image_files[image] = *given;
  }
  for (const std::string& entry : options_.more_image_files) {
    const std::size_t equals = entry.find('=');
    const std::string image = entry.substr(0, equals);
    if (equals == std::string::npos || !evidence::contains(policy->images, image)) {
      return refuse(usage(fmt::format("--image-json \"{}\": give NAME=FILE with NAME of {}", base::printable(entry), base::quoted_list(policy->images, "or"))));
    }
    image_files[image] = entry.substr(equals + 1);
  }
  for (const auto& [image, given] : options_.image_files) {
    if (given && !evidence::contains(policy->images, image)) return refuse(usage(fmt::format("the tier ladder has no image \"{}\"", image)));
  }
  std::optional<evidence::Milliseconds> max_age;
  if (options_.max_age) {
    max_age = evidence::parse_duration(*options_.max_age);
    if (!max_age) return refuse(usage(fmt::format("--max-age \"{}\" is no duration", base::printable(*options_.max_age)), "write 30d, 12h or 90m"));
  }
  evidence::Milliseconds now = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  if (common_.now) {
    const auto given = evidence::parse_timestamp(*common_.now);
    if (!given) return refuse(usage(fmt::format("--now \"{}\" is no RFC 3339 date-time with an offset", base::printable(*common_.now))));
    now = *given;
  }
  const evidence::Rung* rung = options_.tier ? policy->ladder.by_claim(*options_.tier) : nullptr;
  if (!options_.tier) {
    const auto accepted = std::find_if(policy->ladder.rungs.begin(), policy->ladder.rungs.end(), [](const evidence::Rung& one) { return !one.record_tier; });
    if (accepted != policy->ladder.rungs.end()) rung = &*accepted;
  }
  if (rung == nullptr) {
    const auto claims = policy->ladder.claims();
    std::string help = base::did_you_mean(options_.tier.value_or(""), claims);
    if (help.empty()) help = "known: " + base::quoted_list(claims, "and");
    return refuse(usage(fmt::format("\"{}\" is no tier of the ladder", base::printable(options_.tier.value_or(""))), help));
  }

  const evidence::Policy rules = *policy;
  const evidence::Rung tier = *rung;
  Promotion promotion(process, *workspace, options_, common_, std::move(*policy));
  promotion.use(std::move(image_files), max_age);
  const auto decision = promotion.decide(lint_, documents_, tier, now);
  if (!decision) return refuse(decision.error());

  code = decision->promoted ? ExitCode::ok : promotion.unreadable() ? ExitCode::input : ExitCode::findings;
  report::Report report;
  report.tool = name();
  report.version = cli::version();
  for (const Reason& reason : promotion.reasons().all()) report.findings.push_back(reason.finding);
  finding::sort_findings(report.findings);
  finding::assign_fingerprints(report.findings);
  report.rules = promotion.checked().rules;
  report.rules.insert(report.rules.end(), evidence::evidence_rules().begin(), evidence::evidence_rules().end());
  const auto waiver_rules = suite::waiver_rules();
  report.rules.insert(report.rules.end(), waiver_rules.begin(), waiver_rules.end());
  for (const suite::SkippedFile& skipped : promotion.checked().skipped) report.skipped.push_back({skipped.file, skipped.reason});
  report.documents = decision->inputs.size();
  report.fail_on = finding::Severity::error;
  report.unreadable_input = promotion.unreadable();
  const auto write = [&](const std::string& path, const std::string& text) {
    if (path.empty()) {
      process.out.write(text);
    } else if (const auto written = process.disk.write(path, text); !written) {
      code = refuse(written.error());
    }
  };
  for (const validator::Target& target : targets->reports) {
    const bool color = target.path.empty() && common_.use_color(process);
    const bool is_text = target.format == report::find_format("text");
    write(target.path, is_text ? decision_text(rules, *decision, color, common_.quiet) : target.format->print(report, {color, common_.quiet, ""}));
  }
  if (targets->statement.wanted) {
    const auto statement = statement_json(rules, *decision);
    if (!statement) {
      process.err.write(fmt::format("{}: error: there is no image digest to make a statement about; none is written\n", name()));
      if (code == ExitCode::ok) code = ExitCode::usage;
    } else {
      const std::string text = *key ? signing::seal(**key, signing::in_toto_type, *statement) : *statement;
      write(targets->statement.path.empty() ? options_.decision.value_or("") : targets->statement.path, text);
    }
  }
  const bool statement_in_place = targets->statement.wanted && targets->statement.path.empty();
  if (options_.decision && !statement_in_place) write(*options_.decision, decision_json(rules, *decision));
  return code;
}

}  // namespace launchgate::promote
