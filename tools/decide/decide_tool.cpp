#include "decide/decide_tool.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "decide/render.hpp"
#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/finding/digest.hpp"
#include "lib/privacy/privacy.hpp"
#include "lib/suite/workspace.hpp"

namespace launchgate::decide {

using cli::ExitCode;
using cli::usage;

// What the repository says of decisions.
struct DecideTool::Ground {
  std::unique_ptr<suite::Workspace> workspace;
  evidence::Policy policy;
  GoPolicy go;
  std::optional<privacy::Guard> guard;  // refers to the policy

  const evidence::Rung* rung_of(std::string_view profile) const {
    const auto& rungs = policy.ladder.rungs;
    const auto rung = std::find_if(rungs.begin(), rungs.end(),
                                   [&](const evidence::Rung& one) { return one.evidence_profile == profile; });
    return rung == rungs.end() ? nullptr : &*rung;
  }
};

void DecideTool::describe(cli::OptionSet& options) {
  options.text("--profile", "P", options_.profile, "The target profile that the decision is about.");
  options.text("--load", "REPORT", options_.files.load, "JSON report of the strict load run.").completion =
      cli::Completion::file;
  options.text("--soak", "REPORT", options_.files.soak, "JSON report of the strict soak run.").completion =
      cli::Completion::file;
  options
      .list("--smoke", "RESULT", options_.files.smokes,
            "Result of a smoke command, as `launchgate-record run` writes it.")
      .completion = cli::Completion::file;
  options.text("--quota", "REPORT", options_.files.quota, "JSON report of the run that demanded quota rejections.")
      .completion = cli::Completion::file;
  options.text("--report", "MD", options_.files.report, "The filled launch report.").completion = cli::Completion::file;
  options
      .text("--findings", "FILE", options_.files.findings,
            "The findings file with a disposition for every failed check.")
      .completion = cli::Completion::file;
  options
      .list("--lower", "DECISION", options_.files.lower, "Decision for a lower profile, for profiles that need them.")
      .completion = cli::Completion::file;
  options
      .list("--evidence-key", "PUB.pem", options_.evidence_keys,
            "A public key that runs may be signed with. [env: <PREFIX>EVIDENCE_KEY_FILES, separated by \":\"]")
      .completion = cli::Completion::file;
  options.flag("--strict", options_.strict, "Fails for anything but a go.");
  options.output("--decision", "FILE", options_.decision, "Writes the decision as JSON; an old one is removed first.");
  options.output("--markdown", "FILE", options_.markdown, "Writes the decision as Markdown.");
  options.output("--html", "FILE", options_.html, "Writes the decision as a page.");
  describe_formats(options, options_.formats);
  options
      .text("--findings-template", "REPORT", options_.findings_template,
            "Writes a findings file for the failed checks of a report to standard output, and nothing else.")
      .completion = cli::Completion::file;
  options.text("--root", "DIR", options_.root, "The repository.").completion = cli::Completion::folder;
  options.text("--config", "FILE", options_.config, "The configuration.").completion = cli::Completion::file;
  options.text("--now", "TIME", options_.now, "The time of the decision (RFC 3339), for reproducible runs.");
}

// Timelines and envelopes lie beside the reports.
std::vector<cli::NamedFile> DecideTool::reads_besides(cli::Process& process, const cli::NamedFiles& named) {
  std::vector<cli::NamedFile> files = validator::configured_files(process, named);
  for (const cli::NamedFile& input : named.inputs) {
    files.push_back({"the envelope of " + input.role, attestation::envelope_path(input.path)});
    if (const std::string timeline = judgement::timeline_path(input.path); !timeline.empty())
      files.push_back({"the timeline of " + input.role, timeline});
  }
  return files;
}

ExitCode DecideTool::run(cli::Process& process) {
  const auto code = decide(process);
  return code ? *code : cli::fail(process, name(), code.error());
}

base::Result<ExitCode> DecideTool::decide(cli::Process& process) const {
  if (auto cleared = check_outputs(process.disk); !cleared) return cleared.error();
  const auto outputs = read_formats(options_.formats, process.disk);
  if (!outputs) return outputs.error();
  const auto opened = open_ground(process);
  if (!opened) {
    std::vector<validator::Target> targets;  // a decision there is none
    for (const Output& output : *outputs) {
      if (output.target.format != nullptr && output.name == output.target.format->name && output.name != "json")
        targets.push_back(output.target);
    }
    return validator::refuse(process, name(), opened.error(), {}, targets);
  }
  const Ground& ground = **opened;
  if (options_.findings_template) return write_template(process, ground);

  auto inputs = chosen_inputs(ground);
  if (!inputs) return inputs.error();
  auto keys = evidence_keys(process, *ground.workspace);
  if (!keys) return keys.error();
  InputReader reader(*ground.workspace, recompute_, *std::move(keys));
  if (auto read = reader.read(options_.files, *inputs); !read) return read.error();
  const suite::LoadOutcome targets = ground.workspace->load(ground.workspace->bindings({"target-profiles"}));
  if (!targets.documents.empty() && targets.documents.front()->json)
    inputs->targets = targets.documents.front()->json->root();
  if (inputs->targets)
    inputs->committed =
        judgement::committed(ground.policy, *targets.documents.front()->json, ground.workspace->operations());

  Record record;
  record.profile = inputs->profile;
  record.now = inputs->now;
  record.version = cli::version();
  record.inputs = reader.digests();
  std::vector<std::string> unusable = reader.unusable();
  const auto waivers_readable = waive_checks(ground, *inputs, record, unusable);
  if (!waivers_readable) return waivers_readable.error();
  const Verdict verdict = judge(ground, *inputs, unusable);
  const auto code = write(process, ground, verdict, record, *outputs);
  if (!code || (!reader.unreadable() && *waivers_readable)) return code;
  return ExitCode::input;
}

base::Result<std::vector<attestation::NamedKey>> DecideTool::evidence_keys(const cli::Process& process,
                                                                           const suite::Workspace& workspace) const {
  std::vector<std::string> paths = options_.evidence_keys;
  if (paths.empty()) {
    const auto listed = validator::environment_value(process, workspace, "EVIDENCE_KEY_FILES");
    if (!listed) return listed.error();
    if (*listed) paths = attestation::split_paths(**listed);
  }
  return attestation::read_public_keys(process.disk, paths);
}

base::Result<void> DecideTool::check_outputs(const io::FileSystem& disk) const {
  for (const auto& path : {options_.decision, options_.markdown, options_.html}) {
    if (!path) continue;
    if (auto writable = disk.check_writable(*path); !writable) return writable;
  }
  return {};
}

base::Result<std::unique_ptr<DecideTool::Ground>> DecideTool::open_ground(cli::Process& process) const {
  auto workspace = validator::open_workspace(process, {options_.root, options_.config, std::nullopt, std::nullopt});
  if (!workspace) return workspace.error();
  auto policy = evidence::load_policy((*workspace)->tiers());
  if (!policy) return policy.error();
  auto go = load_go_policy((*workspace)->tiers());
  if (!go) return go.error();
  auto ground = std::make_unique<Ground>(Ground{std::move(*workspace), std::move(*policy), std::move(*go), {}});
  auto guard = privacy::Guard::load(*ground->workspace, ground->policy);
  if (!guard) return guard.error();
  ground->guard = std::move(*guard);
  return ground;
}

base::Result<ExitCode> DecideTool::write_template(cli::Process& process, const Ground& ground) const {
  InputReader reader(*ground.workspace, recompute_);
  auto report = reader.json("report", *options_.findings_template);
  if (!report) return report.error();
  report->role = report->root.string_member("mode");
  if (report->role.empty()) report->role = "smoke";
  const evidence::Rung* rung = ground.rung_of(report->root.string_member("profileName"));
  const std::string commit(evidence::string_at(report->root, "/evidence/commitSha"));
  Inputs one;
  if (report->role == "smoke") one.smokes = {*report};
  std::vector<FailedCheck> failed =
      report->role == "smoke" ? failed_checks(ground.policy, one) : failed_checks_of(*report);
  for (FailedCheck& check : failed) check.message = ground.guard->redact(check.message);
  process.out.write(findings_template(failed, rung != nullptr ? rung->claim : "", commit.size() == 40 ? commit : ""));
  return ExitCode::ok;
}

// The profile with its tier, and the time.
base::Result<Inputs> DecideTool::chosen_inputs(const Ground& ground) const {
  if (!options_.profile) return usage("--profile is needed");
  const std::vector<std::string>& profiles = ground.policy.ladder.profiles;
  if (!evidence::contains(profiles, *options_.profile)) {
    std::string help = base::did_you_mean(*options_.profile, profiles);
    if (help.empty()) help = "known: " + base::quoted_list(profiles, "and");
    return usage(fmt::format("\"{}\" is no target profile", base::printable(*options_.profile)), help);
  }
  const auto now = validator::time_of_run(options_.now);
  if (!now) return now.error();
  Inputs inputs;
  inputs.profile = *options_.profile;
  inputs.rung = ground.rung_of(*options_.profile);
  inputs.now = *now;
  return inputs;
}

// Failed checks become findings, so that waivers can be about them. False when the waivers could not be read.
base::Result<bool> DecideTool::waive_checks(const Ground& ground, Inputs& inputs, Record& record,
                                            std::vector<std::string>& unusable) {
  constexpr std::string_view prefix = "check/";
  std::vector<finding::Finding> failures;
  for (const FailedCheck& check : failed_checks(ground.policy, inputs)) {
    finding::Finding finding;
    finding.rule_id = std::string(prefix) + check.name;
    finding.file = check.path;
    finding.message = check.message;
    failures.push_back(std::move(finding));
  }
  const std::size_t checks = failures.size();
  auto waivers = suite::apply_waivers(*ground.workspace, failures, inputs.now, [&] {
    suite::WaiverContext context;
    context.tier = inputs.rung != nullptr ? inputs.rung->claim : "";
    context.gate_checks = true;
    return context;
  });
  if (!waivers) return waivers.error();
  if (waivers->document)
    record.inputs.push_back(
        {"waivers", waivers->document->path(), finding::sha256_hex(waivers->document->source().text())});
  for (std::size_t i = 0; i < failures.size(); ++i) {
    if (i >= checks) {
      unusable.push_back(failures[i].message);
    } else if (failures[i].status == finding::Status::waived) {
      inputs.waived.insert(failures[i].rule_id.substr(prefix.size()));
    }
  }
  record.waivers = std::move(waivers->applied);
  return !waivers->unreadable;
}

Verdict DecideTool::judge(const Ground& ground, const Inputs& inputs, const std::vector<std::string>& unusable) {
  Verdict verdict = decide::decide(ground.policy, ground.go, inputs);
  for (const std::string& problem : unusable) {
    verdict.lines.front().outcome = Outcome::no_go;
    verdict.lines.front().reasons.push_back(problem);
    verdict.outcome = Outcome::no_go;
  }
  for (Line& line : verdict.lines) {
    for (std::string& reason : line.reasons) reason = ground.guard->redact(reason);
  }
  return verdict;
}

base::Result<ExitCode> DecideTool::write(cli::Process& process, const Ground& ground, const Verdict& verdict,
                                         const Record& record, const std::vector<Output>& outputs) const {
  const std::string json = verdict_json(ground.go, verdict, record);
  const std::string markdown = verdict_markdown(ground.go, verdict, record);
  // Nobody is told of a decision that is not on disk.
  const std::string page = verdict_page(ground.go, verdict, record);
  for (const auto& [path, text] : {std::pair(&options_.decision, &json), std::pair(&options_.markdown, &markdown),
                                   std::pair(&options_.html, &page)}) {
    if (!*path) continue;
    if (auto written = process.disk.write(**path, *text); !written) return written.error();
  }
  const ExitCode shown =
      write_formats(process, outputs,
                    {markdown, json, gate_report(ground.go, verdict, options_.decision.value_or(""), options_.strict)});
  if (shown == ExitCode::input) return shown;
  const bool go = verdict.outcome == Outcome::go || (verdict.outcome == Outcome::conditional && !options_.strict);
  return go ? ExitCode::ok : ExitCode::findings;
}

}  // namespace launchgate::decide
