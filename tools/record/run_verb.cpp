#include "record/run_verb.hpp"

#include <fmt/format.h>

#include "lib/attestation/keys.hpp"
#include "lib/attestation/test_result.hpp"
#include "lib/base/rfc3339.hpp"
#include "lib/base/similar.hpp"
#include "lib/base/text.hpp"
#include "lib/base/utf8.hpp"
#include "lib/evidence/believable.hpp"
#include "lib/finding/digest.hpp"
#include "lib/io/command.hpp"
#include "lib/io/folder.hpp"
#include "lib/io/path.hpp"
#include "lib/io/system.hpp"
#include "lib/validator/common_options.hpp"

namespace launchgate::record {
namespace {

using cli::ExitCode;
using cli::usage;

constexpr int exit_timed_out = 124;  // as timeout(1)
constexpr std::string_view default_log_folder = "evidence";

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

using Places = RunVerb::Places;

int exit_status(const io::CommandOutcome& outcome) { return outcome.timed_out ? exit_timed_out : outcome.exit_status; }

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
  run.duration = outcome.duration_ms;
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
  options.output("--report", "FILE", report_,
                 "Also writes the run's report here; with it, --manifest and --item may be left out.");
  options.text("--tier", "TIER", tier_, "Without a record: the tier, by its claim name, that the report is for.");
  options
      .text("--sign-key", "FILE", sign_key_,
            "Signs what happened with this key (PEM, Ed25519 or ECDSA P-256), in an envelope beside the report. [env: "
            "<PREFIX>EVIDENCE_SIGN_KEY_FILE]")
      .completion = cli::Completion::file;
  options.command_after_dashes(command_);
}

// All that could make the evidence worthless is found out before the command runs, which may take hours.
base::Result<RunVerb::Prepared> RunVerb::prepare(cli::Process& process) const {
  if (command_.empty()) return usage("no command is given", "write it after --");
  const std::vector<std::string> items = options_.items();
  if (!report_ && (!options_.manifest || items.empty()))
    return usage("--manifest and --item are needed", "or --report FILE for a report alone");
  if (options_.manifest.has_value() == items.empty()) return usage("--manifest and --item go together");
  Prepared ready;
  if (timeout_) {
    ready.timeout_ms = evidence::parse_duration(*timeout_);
    if (!ready.timeout_ms)
      return usage(fmt::format("--timeout \"{}\" is no duration", base::printable(*timeout_)), "write 90m, 5h or 30s");
  }
  auto setting = open_setting(process, options_);
  if (!setting) return setting.error();
  ready.setting = std::move(*setting);
  const evidence::Policy& policy = ready.setting->policy;
  auto subject = given_subject(process, *ready.setting, options_);
  if (!subject) return subject.error();
  ready.subject = std::move(*subject);
  if (ready.subject.commit.empty()) {
    const auto head = head_commit(*ready.setting->workspace);
    if (!head) return head.error();
    ready.subject.commit = *head;
  }
  for (const std::string& image : policy.images) {
    if (!ready.subject.digests.contains(image))
      return usage(fmt::format("the digest of the {} image is not known", image), "pass --" + image + "-image-digest");
  }
  if (const auto dry = dry_run_of(*ready.setting, command_))
    return base::Error{
        base::ErrorCategory::content, "", {}, *dry + "; a dry run is no evidence", "nothing was run or recorded"};
  if (options_.manifest) {
    auto opened = EvidenceTarget::open(*ready.setting, *options_.manifest, items);
    if (!opened) return opened.error();
    ready.target = std::move(*opened);
    ready.subject.rung = ready.target->rung();
  } else if (tier_) {
    ready.subject.rung = policy.ladder.by_claim(*tier_);
    if (ready.subject.rung == nullptr)
      return usage(fmt::format("\"{}\" is no tier of the ladder", base::printable(*tier_)),
                   base::did_you_mean(*tier_, policy.ladder.claims()));
  }
  base::Result<std::optional<std::string>> key_file = sign_key_;
  if (!sign_key_) key_file = validator::environment_value(process, *ready.setting->workspace, "EVIDENCE_SIGN_KEY_FILE");
  if (!key_file) return key_file.error();
  if (*key_file) {
    auto key = attestation::read_private_key(process.disk, **key_file);
    if (!key) return key.error();
    ready.key = std::move(*key);
  }
  if (auto made = prepare_outputs(process, ready); !made) return made.error();
  return ready;
}

base::Result<void> RunVerb::prepare_outputs(cli::Process& process, Prepared& ready) const {
  ready.folder = log_folder_.value_or("");
  if (ready.folder.empty())
    ready.folder = ready.target ? io::join(io::parent(*options_.manifest), default_log_folder) : io::parent(*report_);
  if (!ready.folder.empty()) {
    if (auto made = io::make_folder(ready.folder); !made) return made;
  }
  if (auto writable = process.disk.check_writable(io::join(ready.folder, "log")); !writable) return writable;
  if (report_) {
    if (auto writable = process.disk.check_writable(*report_); !writable) return writable;
    // The envelope of an earlier report says nothing of this one.
    if (auto removed = process.disk.remove(attestation::envelope_path(*report_)); !removed) return removed;
  }
  if (ready.target && !ready.target->relative(*ready.setting->workspace, ready.folder))
    return usage("--log-dir lies outside the record's folder",
                 "the record names its evidence by paths relative to itself");
  return {};
}

base::Result<RunVerb::Kept> RunVerb::keep(cli::Process& process, const Prepared& ready,
                                          const io::CommandOutcome& outcome) const {
  const privacy::Guard& guard = *ready.setting->guard;
  const std::vector<std::string> items = options_.items();
  Kept kept{entry_of(ready.setting->policy, outcome, guard.redact(base::joined(command_, " "))), {}};
  RunEntry& run = kept.run;
  std::string log = guard.redact(outcome.output);
  if (outcome.truncated) log += "\n[the log was cut here]\n";
  // Some commands say nothing when all is well. What is stored is never empty: the checksum of nothing is that of any
  // other nothing.
  if (log.empty())
    log = fmt::format("[{} printed nothing; it ended with {} at {}]\n", run.command, exit_status(outcome),
                      run.finished_at);
  const std::string stem =
      fmt::format("{}-{}", items.empty() ? "run" : items.front(), base::compact_date_time(outcome.started_at));
  auto places = write_log(process.disk, ready.folder, stem, log);
  if (!places) return places.error();
  run.sha256 = finding::sha256_hex(log);
  const std::string name(io::file_name(places->log));
  run.evidence = ready.target ? ready.target->relative(*ready.setting->workspace, places->log).value_or(name) : name;
  kept.places = std::move(*places);
  if (ready.key)
    run.attestation = io::join(io::parent(run.evidence), io::file_name(attestation::envelope_path(kept.places.report)));

  // The report by itself, for decisions and for attaching it later.
  const auto nothing = document::JsonDocument::parse("", "{}");
  const std::string report = merged_report(ready.setting->policy, nothing->root(), run, ready.subject) + "\n";
  for (const std::string& path : {kept.places.report, report_.value_or("")}) {
    if (path.empty()) continue;
    if (auto written = process.disk.write(path, report); !written) return written.error();
    if (!ready.key) continue;
    if (auto written = sign(process, ready, kept, path, report); !written) return written.error();
  }
  return kept;
}

base::Result<void> RunVerb::sign(cli::Process& process, const Prepared& ready, const Kept& kept,
                                 const std::string& report_path, const std::string& report) {
  attestation::TestResult result;
  result.result = kept.run.passed ? attestation::passed_result : attestation::failed_result;
  (kept.run.passed ? result.passed : result.failed).push_back(kept.run.command);
  result.subjects = {{std::string(io::file_name(report_path)), finding::sha256_hex(report)},
                     {std::string(io::file_name(kept.places.log)), kept.run.sha256}};
  result.configuration =
      attestation::build_resources(ready.subject.commit, {ready.subject.digests.begin(), ready.subject.digests.end()});
  return attestation::write_envelope(process.disk, *ready.key, report_path, result);
}

base::Result<void> RunVerb::add_to_record(cli::Process& process, const Prepared& ready, const Kept& kept) const {
  EvidenceTarget::Addition addition;
  addition.run = kept.run;
  addition.subject = ready.subject;
  addition.evidence = kept.run.evidence;
  addition.sha256 = kept.run.sha256;
  addition.owner = options_.owner;
  addition.summary = options_.summary;
  const auto told = ready.target->add(*ready.setting, addition);
  if (!told) {
    process.err.write(fmt::format("{}: the report is kept in {}; attach it with `launchgate-record attach`\n", name(),
                                  base::printable(kept.places.report)));
    return told.error();
  }
  for (const std::string& line : *told) process.err.write(fmt::format("  {}\n", base::printable(line)));
  return {};
}

ExitCode RunVerb::run(cli::Process& process) {
  if (process.own) io::hold_secrets();
  const auto refuse = [&](const base::Error& error) { return cli::fail(process, name(), error); };
  const auto ready = prepare(process);
  if (!ready) return refuse(ready.error());
  io::CommandSettings settings;
  settings.timeout_ms = ready->timeout_ms;
  settings.live = [&](bool is_error, std::string_view text) { (is_error ? process.err : process.out).write(text); };
  const auto outcome = io::run_command(command_, settings);
  if (!outcome) return refuse(outcome.error());
  const int status = exit_status(*outcome);
  const auto lost = [&](const base::Error& error) {
    process.err.write(
        fmt::format("{}: the command ended with {}, but its evidence could not be recorded\n", name(), status));
    refuse(error);
    return ExitCode::input;
  };
  const auto kept = keep(process, *ready, *outcome);
  if (!kept) return lost(kept.error());
  const RunEntry& run = kept->run;
  process.err.write(fmt::format("{}: {} in {}, log {}\n", name(), run.passed ? "passed" : "failed",
                                evidence::describe_duration(outcome->duration_ms), base::printable(kept->places.log)));
  for (const std::string& problem : run.problems) process.err.write(fmt::format("  {}\n", problem));
  if (ready->target) {
    if (const auto added = add_to_record(process, *ready, *kept); !added) return lost(added.error());
  }
  if (status == 0 && !run.passed) return ExitCode::findings;
  return static_cast<ExitCode>(status);
}

}  // namespace launchgate::record
