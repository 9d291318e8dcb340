#include "record/run_verb.hpp"

#include <fmt/format.h>

#include "lib/base/rfc3339.hpp"
#include "lib/base/similar.hpp"
#include "lib/base/text.hpp"
#include "lib/base/utf8.hpp"
#include "lib/evidence/believable.hpp"
#include "lib/finding/digest.hpp"
#include "lib/io/command.hpp"
#include "lib/io/folder.hpp"
#include "lib/io/path.hpp"

namespace launchgate::record {
namespace {

using cli::ExitCode;

constexpr int exit_timed_out = 124;  // as timeout(1)
constexpr std::string_view default_log_folder = "evidence";

base::Error usage(std::string message, std::string help = "") {
  return {base::ErrorCategory::usage, "", {}, std::move(message), std::move(help)};
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

// Programs that print their result as JSON say so there.
bool output_says_dry_run(const evidence::Policy& policy, std::string_view output) {
  if (policy.dry_run.output.found_in(output)) return true;
  constexpr std::size_t longest = 64;
  for (std::size_t at = output.find('"'); at != std::string_view::npos; at = output.find('"', at + 1)) {
    const std::string_view after = output.substr(at + 1, longest);
    const std::size_t end = after.find('"');
    if (end == std::string_view::npos ||
        !evidence::contains(policy.dry_run.keys, evidence::fold_key(after.substr(0, end))))
      continue;
    std::string_view rest = base::trim(output.substr(at + end + 2, longest));
    if (!rest.starts_with(':')) continue;
    rest = base::trim(rest.substr(1));
    if (rest.starts_with("true")) return true;
  }
  return false;
}

// Where log and report go: names that nothing else has.
struct Places {
  std::string log;
  std::string report;
};

Places free_places(const io::FileSystem& disk, const std::string& folder, const std::string& stem) {
  for (int number = 1;; ++number) {
    const std::string name = io::join(folder, number == 1 ? stem : fmt::format("{}-{}", stem, number));
    if (disk.link_status(name + ".log").kind == io::FileKind::missing &&
        disk.link_status(name + ".report.json").kind == io::FileKind::missing) {
      return {name + ".log", name + ".report.json"};
    }
  }
}

// A second process may have taken the name meanwhile.
base::Result<Places> write_log(io::FileSystem& disk, const std::string& folder, const std::string& stem,
                               const std::string& text) {
  constexpr int attempts = 100;
  base::Error last;
  for (int i = 0; i < attempts; ++i) {
    Places places = free_places(disk, folder, stem);
    const auto written = disk.write(places.log, text, true);
    if (written) return places;
    last = written.error();
    if (disk.link_status(places.log).kind == io::FileKind::missing) return last;
  }
  return last;
}

RunEntry entry_of(const evidence::Policy& policy, const io::CommandOutcome& outcome, std::string command) {
  RunEntry run;
  run.command = std::move(command);
  run.started_at = base::format_date_time(outcome.started_at);
  run.finished_at = base::format_date_time(outcome.started_at + outcome.duration_ms);
  run.duration_ms = static_cast<double>(outcome.duration_ms);
  run.exit_status = outcome.exit_status;
  run.timed_out = outcome.timed_out;
  if (outcome.exit_status != 0) run.problems.push_back(fmt::format("the command ended with {}", outcome.exit_status));
  if (outcome.timed_out) run.problems.emplace_back("the command was ended at the timeout");
  if (outcome.interrupted) run.problems.emplace_back("the command was interrupted");
  if (output_says_dry_run(policy, outcome.output)) run.problems.emplace_back("the output says that it was a dry run");
  run.passed = run.problems.empty();
  run.status = run.passed ? "pass" : "fail";
  return run;
}

}  // namespace

void RunVerb::describe(cli::OptionSet& options) {
  options_.describe(options);
  options.text("--timeout", "DURATION", timeout_,
               "Ends the command after this time (90m, 5h), as a failure with exit status 124.");
  options
      .text("--log-dir", "DIR", log_folder_, "Where log and report are kept; by default evidence/ beside the record.")
      .completion = cli::Completion::folder;
  options
      .text("--report", "FILE", report_,
            "Also writes the run's report here; with it, --manifest and --item may be left out.")
      .completion = cli::Completion::file;
  options.text("--tier", "TIER", tier_, "Without a record: the tier, by its claim name, that the report is for.");
  options.command_after_dashes(command_);
}

ExitCode RunVerb::run(cli::Process& process) {
  const auto refuse = [&](const base::Error& error) { return cli::fail(process, name(), error); };
  if (command_.empty()) return refuse(usage("no command is given", "write it after --"));
  const std::vector<std::string> items = options_.items();
  if (!report_ && (!options_.manifest || items.empty()))
    return refuse(usage("--manifest and --item are needed", "or --report FILE for a report alone"));
  if (options_.manifest.has_value() == items.empty()) return refuse(usage("--manifest and --item go together"));
  io::CommandSettings settings;
  if (timeout_) {
    settings.timeout_ms = evidence::parse_duration(*timeout_);
    if (!settings.timeout_ms)
      return refuse(
          usage(fmt::format("--timeout \"{}\" is no duration", base::printable(*timeout_)), "write 90m, 5h or 30s"));
  }

  // All that could make the evidence worthless is found out before the command runs, which may take hours.
  const auto setting = open_setting(process, options_);
  if (!setting) return refuse(setting.error());
  const evidence::Policy& policy = (*setting)->policy;
  auto subject = given_subject(process, **setting, options_);
  if (!subject) return refuse(subject.error());
  if (subject->commit.empty()) {
    const auto head = head_commit(*(*setting)->workspace);
    if (!head) return refuse(head.error());
    subject->commit = *head;
  }
  for (const std::string& image : policy.images) {
    if (!subject->digests.contains(image))
      return refuse(
          usage(fmt::format("the digest of the {} image is not known", image), "pass --" + image + "-image-digest"));
  }
  if (const auto dry = dry_run_of(**setting, command_)) {
    return refuse(
        {base::ErrorCategory::content, "", {}, *dry + "; a dry run is no evidence", "nothing was run or recorded"});
  }
  std::optional<EvidenceTarget> target;
  if (options_.manifest) {
    auto opened = EvidenceTarget::open(**setting, *options_.manifest, items);
    if (!opened) return refuse(opened.error());
    target = std::move(*opened);
    subject->rung = target->rung();
  } else if (tier_) {
    subject->rung = policy.ladder.by_claim(*tier_);
    if (subject->rung == nullptr)
      return refuse(usage(fmt::format("\"{}\" is no tier of the ladder", base::printable(*tier_)),
                          base::did_you_mean(*tier_, policy.ladder.claims())));
  }
  std::string folder = log_folder_.value_or("");
  if (folder.empty())
    folder = target ? io::join(io::parent(*options_.manifest), default_log_folder) : io::parent(*report_);
  if (!folder.empty()) {
    if (const auto made = io::make_folder(folder); !made) return refuse(made.error());
  }
  if (const auto writable = process.disk.check_writable(io::join(folder, "log")); !writable)
    return refuse(writable.error());
  if (report_) {
    if (const auto writable = process.disk.check_writable(*report_); !writable) return refuse(writable.error());
  }
  if (target && !target->relative(*(*setting)->workspace, folder)) {
    return refuse(usage("--log-dir lies outside the record's folder",
                        "the record names its evidence by paths relative to itself"));
  }

  settings.live = [&](bool is_error, std::string_view text) { (is_error ? process.err : process.out).write(text); };
  const auto outcome = io::run_command(command_, settings);
  if (!outcome) return refuse(outcome.error());
  const int status = outcome->timed_out ? exit_timed_out : outcome->exit_status;
  const auto lost = [&](const base::Error& error) {
    process.err.write(
        fmt::format("{}: the command ended with {}, but its evidence could not be recorded\n", name(), status));
    refuse(error);
    return ExitCode::input;
  };

  RunEntry run = entry_of(policy, *outcome, (*setting)->guard->redact(joined(command_)));
  std::string log = (*setting)->guard->redact(outcome->output);
  if (outcome->truncated) log += "\n[the log was cut here]\n";
  // Some commands say nothing when all is well. What is stored is never empty: the checksum of nothing is that of any
  // other nothing.
  if (log.empty())
    log = fmt::format("[{} printed nothing; it ended with {} at {}]\n", run.command, status, run.finished_at);
  const std::string stem =
      fmt::format("{}-{}", items.empty() ? "run" : items.front(), base::compact_date_time(outcome->started_at));
  const auto places = write_log(process.disk, folder, stem, log);
  if (!places) return lost(places.error());
  run.sha256 = finding::sha256_hex(log);
  run.evidence =
      target ? target->relative(*(*setting)->workspace, places->log).value_or(std::string(io::file_name(places->log)))
             : std::string(io::file_name(places->log));

  // The report by itself, for decisions and for attaching it later.
  const auto nothing = document::JsonDocument::parse("", "{}");
  const std::string report = merged_report(policy, nothing->root(), run, *subject) + "\n";
  for (const std::string& path : {places->report, report_.value_or("")}) {
    if (path.empty()) continue;
    if (const auto written = process.disk.write(path, report); !written) return lost(written.error());
  }
  process.err.write(fmt::format("{}: {} in {}, log {}\n", name(), run.passed ? "passed" : "failed",
                                evidence::describe_duration(outcome->duration_ms), base::printable(places->log)));
  for (const std::string& problem : run.problems) process.err.write(fmt::format("  {}\n", problem));
  if (target) {
    EvidenceTarget::Addition addition;
    addition.run = run;
    addition.subject = *subject;
    addition.evidence = run.evidence;
    addition.sha256 = run.sha256;
    addition.owner = options_.owner;
    addition.summary = options_.summary;
    const auto told = target->add(**setting, addition);
    if (!told) {
      process.err.write(fmt::format("{}: the report is kept in {}; attach it with `launchgate-record attach`\n", name(),
                                    base::printable(places->report)));
      return lost(told.error());
    }
    for (const std::string& line : *told) process.err.write(fmt::format("  {}\n", base::printable(line)));
  }
  if (status == 0 && !run.passed) return ExitCode::findings;
  return static_cast<ExitCode>(status);
}

}  // namespace launchgate::record
