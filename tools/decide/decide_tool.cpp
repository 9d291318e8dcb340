#include "decide/decide_tool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "decide/formats.hpp"
#include "decide/render.hpp"
#include "lib/base/rfc3339.hpp"
#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/finding/digest.hpp"
#include "lib/io/path.hpp"
#include "lib/io/system.hpp"
#include "lib/privacy/privacy.hpp"
#include "lib/suite/check.hpp"
#include "lib/suite/workspace.hpp"

namespace launchgate::decide {
namespace {

using cli::ExitCode;

constexpr std::uint64_t largest_input = 256UL * 1024 * 1024;

base::Error usage(std::string message, std::string help = "") {
  return {base::ErrorCategory::usage, "", {}, std::move(message), std::move(help)};
}

// Reads inputs, keeps them, and lists their digests.
class Reader {
 public:
  Reader(suite::Workspace& workspace, std::vector<InputDigest>& digests) : workspace_(workspace), digests_(digests) {}

  base::Result<std::string> text(const std::string& role, const std::string& path) {
    auto text = workspace_.disk().read(path, largest_input);
    if (text) digests_.push_back({role, shown(path), finding::sha256_hex(*text)});
    return text;
  }
  base::Result<NamedInput> json(const std::string& role, const std::string& path) {
    auto content = text(role, path);
    if (!content) return content.error();
    auto parsed = document::JsonDocument::parse(path, std::move(*content));
    if (!parsed) return parsed.error();
    kept_.push_back(std::make_unique<document::JsonDocument>(std::move(*parsed)));
    return NamedInput{role, shown(path), kept_.back()->root()};
  }
  // What the schema of this kind says against the file.
  base::Result<std::vector<std::string>> invalid(const std::string& kind, const std::string& path) {
    suite::Validator validator;
    validator.kinds = {kind};
    validator.kind_of_other_files = kind;
    auto outcome = suite::check_documents(workspace_, validator, {path});
    if (!outcome) return outcome.error();
    std::vector<std::string> problems;
    for (const finding::Finding& finding : outcome->findings) {
      if (finding.severity == finding::Severity::error)
        problems.push_back(fmt::format("{}:{}: {}", shown(path), finding.span.begin.line, finding.message));
    }
    return problems;
  }
  std::string shown(const std::string& path) const {
    const std::string relative = workspace_.to_root_relative(path);
    return relative.starts_with('/') ? std::string(io::file_name(relative)) : relative;
  }

 private:
  suite::Workspace& workspace_;
  std::vector<InputDigest>& digests_;
  std::vector<std::unique_ptr<document::JsonDocument>> kept_;
};

}  // namespace

void DecideTool::describe(cli::OptionSet& options) {
  options.text("--profile", "P", profile_, "The target profile that the decision is about.");
  options.text("--load", "REPORT", load_, "JSON report of the strict load run.").completion = cli::Completion::file;
  options.text("--soak", "REPORT", soak_, "JSON report of the strict soak run.").completion = cli::Completion::file;
  options.list("--smoke", "RESULT", smokes_, "Result of a smoke command, as `launchgate-record run` writes it.")
      .completion = cli::Completion::file;
  options.text("--quota", "REPORT", quota_, "JSON report of the run that demanded quota rejections.").completion =
      cli::Completion::file;
  options.text("--report", "MD", report_, "The filled launch report.").completion = cli::Completion::file;
  options.text("--findings", "FILE", findings_, "The findings file with a disposition for every failed check.")
      .completion = cli::Completion::file;
  options.list("--lower", "DECISION", lower_, "Decision for a lower profile, for profiles that need them.").completion =
      cli::Completion::file;
  options.flag("--strict", strict_, "Fails for anything but a go.");
  options.text("--decision", "FILE", decision_, "Writes the decision as JSON; an old one is removed first.")
      .completion = cli::Completion::file;
  options.text("--markdown", "FILE", markdown_, "Writes the decision as Markdown.").completion = cli::Completion::file;
  describe_formats(options, formats_);
  options
      .text("--findings-template", "REPORT", findings_template_,
            "Writes a findings file for the failed checks of a report to standard output, and nothing else.")
      .completion = cli::Completion::file;
  options.text("--root", "DIR", root_, "The repository.").completion = cli::Completion::folder;
  options.text("--config", "FILE", config_, "The configuration.").completion = cli::Completion::file;
  options.text("--now", "TIME", now_, "The time of the decision (RFC 3339), for reproducible runs.");
}

ExitCode DecideTool::run(cli::Process& process) {
  const auto refuse = [&](const base::Error& error) { return cli::fail(process, name(), error); };
  for (const auto& path : {decision_, markdown_}) {
    if (!path) continue;
    if (const auto removed = process.disk.remove(*path); !removed) return refuse(removed.error());
    if (const auto writable = process.disk.check_writable(*path); !writable) return refuse(writable.error());
  }
  const auto outputs = read_formats(formats_, process.disk);
  if (!outputs) return refuse(outputs.error());
  std::vector<finding::Finding> problems;
  const auto workspace = suite::Workspace::open(process.disk, {root_, config_, std::nullopt, std::nullopt}, problems);
  if (!workspace) return refuse(workspace.error());
  const auto policy = evidence::load_policy((*workspace)->tiers());
  if (!policy) return refuse(policy.error());
  const auto go = load_go_policy((*workspace)->tiers());
  if (!go) return refuse(go.error());
  const auto guard = privacy::Guard::load(**workspace, *policy);
  if (!guard) return refuse(guard.error());
  Record record;
  Reader reader(**workspace, record.inputs);

  const auto rung_of = [&](std::string_view profile) {
    const auto rung = std::find_if(policy->ladder.rungs.begin(), policy->ladder.rungs.end(),
                                   [&](const evidence::Rung& one) { return one.evidence_profile == profile; });
    return rung == policy->ladder.rungs.end() ? nullptr : &*rung;
  };
  if (findings_template_) {
    const auto report = reader.json("report", *findings_template_);
    if (!report) return refuse(report.error());
    NamedInput named = *report;
    named.role = report->root.string_member("mode");
    if (named.role.empty()) named.role = "smoke";
    const evidence::Rung* rung = rung_of(report->root.string_member("profileName"));
    const std::string commit(evidence::string_at(report->root, "/evidence/commitSha"));
    Inputs one;
    if (named.role == "smoke") one.smokes = {named};
    std::vector<FailedCheck> failed = named.role == "smoke" ? failed_checks(*policy, one) : failed_checks_of(named);
    for (FailedCheck& check : failed) check.message = guard->redact(check.message);
    process.out.write(findings_template(failed, rung != nullptr ? rung->claim : "", commit.size() == 40 ? commit : ""));
    return ExitCode::ok;
  }

  if (!profile_) return refuse(usage("--profile is needed"));
  if (!evidence::contains(policy->ladder.profiles, *profile_)) {
    std::string help = base::did_you_mean(*profile_, policy->ladder.profiles);
    if (help.empty()) help = "known: " + base::quoted_list(policy->ladder.profiles, "and");
    return refuse(usage(fmt::format("\"{}\" is no target profile", base::printable(*profile_)), help));
  }
  Inputs inputs;
  inputs.profile = *profile_;
  inputs.rung = rung_of(*profile_);
  inputs.now = io::now_ms();
  if (now_) {
    const auto given = base::parse_date_time(*now_);
    if (!given)
      return refuse(usage(fmt::format("--now \"{}\" is no RFC 3339 date-time with an offset", base::printable(*now_))));
    inputs.now = *given;
  }

  // What cannot be read or is not of its form is as good as missing, and the reason is told.
  std::vector<std::string> unusable;
  bool unreadable = false;
  const auto take = [&](const std::string& role, const std::string& path,
                        const std::string& kind) -> base::Result<std::optional<NamedInput>> {
    const auto input = reader.json(role, path);
    if (!input) {
      unreadable = unreadable || input.error().category == base::ErrorCategory::input;
      unusable.push_back(fmt::format("{}: {}", reader.shown(path), input.error().message));
      return std::optional<NamedInput>();
    }
    if (!kind.empty()) {
      const auto invalid = reader.invalid(kind, path);
      if (!invalid) return invalid.error();
      unusable.insert(unusable.end(), invalid->begin(), invalid->end());
    }
    return std::optional<NamedInput>(*input);
  };
  for (const auto& [role, path, target, kind] : {std::tuple("load", &load_, &inputs.load, "load-report"),
                                                 std::tuple("soak", &soak_, &inputs.soak, "load-report"),
                                                 std::tuple("quota", &quota_, &inputs.quota, "load-report"),
                                                 std::tuple("findings", &findings_, &inputs.findings, "findings")}) {
    if (!*path) continue;
    auto input = take(role, **path, kind);
    if (!input) return refuse(input.error());
    *target = std::move(*input);
  }
  for (const auto& [role, paths, target, kind] :
       {std::tuple("smoke", &smokes_, &inputs.smokes, ""), std::tuple("lower", &lower_, &inputs.lower, "go-no-go")}) {
    for (const std::string& path : *paths) {
      auto input = take(role, path, kind);
      if (!input) return refuse(input.error());
      if (*input) target->push_back(**input);
    }
  }
  if (report_) {
    auto text = reader.text("report", *report_);
    if (text) {
      auto parsed = markdown::MarkdownDocument::parse(reader.shown(*report_), std::move(*text));
      if (parsed) {
        inputs.report = std::move(*parsed);
      } else {
        unusable.push_back(fmt::format("{}: {}", reader.shown(*report_), parsed.error().message));
      }
    } else {
      unreadable = true;
      unusable.push_back(fmt::format("{}: {}", reader.shown(*report_), text.error().message));
    }
  }
  const suite::LoadOutcome targets = (*workspace)->load((*workspace)->bindings({"target-profiles"}));
  if (!targets.documents.empty() && targets.documents.front()->json)
    inputs.targets = targets.documents.front()->json->root();

  std::vector<finding::Finding> failures;
  for (const FailedCheck& check : failed_checks(*policy, inputs)) {
    finding::Finding finding;
    finding.rule_id = "check/" + check.name;
    finding.file = check.path;
    finding.message = check.message;
    failures.push_back(std::move(finding));
  }
  const std::size_t checks = failures.size();
  auto waivers = suite::apply_waivers(**workspace, failures, inputs.now, [&] {
    suite::WaiverContext context;
    context.tier = inputs.rung != nullptr ? inputs.rung->claim : "";
    context.gate_checks = true;
    return context;
  });
  if (!waivers) return refuse(waivers.error());
  unreadable = unreadable || waivers->unreadable;
  if (waivers->document)
    record.inputs.push_back(
        {"waivers", waivers->document->path(), finding::sha256_hex(waivers->document->source().text())});
  for (std::size_t i = 0; i < failures.size(); ++i) {
    if (i >= checks) {
      unusable.push_back(failures[i].message);
    } else if (failures[i].status == finding::Status::waived) {
      inputs.waived.insert(failures[i].rule_id.substr(std::string_view("check/").size()));
    }
  }

  Verdict verdict = decide(*policy, *go, inputs);
  for (const std::string& problem : unusable) {
    verdict.lines.front().outcome = Outcome::no_go;
    verdict.lines.front().reasons.push_back(problem);
    verdict.outcome = Outcome::no_go;
  }
  for (Line& line : verdict.lines) {
    for (std::string& reason : line.reasons) reason = guard->redact(reason);
  }
  record.profile = *profile_;
  record.now = inputs.now;
  record.version = cli::version();
  record.waivers = std::move(waivers->applied);
  const std::string json = verdict_json(*go, verdict, record);
  const std::string markdown = verdict_markdown(*go, verdict, record);
  // Nobody is told of a decision that is not on disk.
  for (const auto& [path, text] : {std::pair(&decision_, &json), std::pair(&markdown_, &markdown)}) {
    if (!*path) continue;
    if (const auto written = process.disk.write(**path, *text); !written) return refuse(written.error());
  }
  const ExitCode shown =
      write_formats(process, *outputs, {markdown, json, gate_report(*go, verdict, decision_.value_or(""), strict_)});
  ExitCode code = verdict.outcome == Outcome::go || (verdict.outcome == Outcome::conditional && !strict_)
                      ? ExitCode::ok
                      : ExitCode::findings;
  if (unreadable || shown == ExitCode::input) code = ExitCode::input;
  return code;
}

}  // namespace launchgate::decide
