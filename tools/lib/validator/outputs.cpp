#include "lib/validator/outputs.hpp"

#include <fmt/format.h>

#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/io/confine.hpp"
#include "lib/io/git_process.hpp"
#include "lib/io/path.hpp"
#include "lib/io/terminal.hpp"
#include "lib/suite/workspace.hpp"

namespace launchgate::validator {

std::vector<cli::NamedFile> configured_files(cli::Process& process, const cli::NamedFiles& named) {
  OpenedWorkspace opened;
  return configured_files(process, named, opened);
}

std::vector<cli::NamedFile> configured_files(cli::Process& process, const cli::NamedFiles& named,
                                             OpenedWorkspace& known) {
  known.disk = &process.disk;
  known.settings = {named.of("--root"), named.of("--config"), named.of("--schemas"), named.of("--rules")};
  known.workspace.emplace(suite::Workspace::open(process.disk, known.settings, known.problems));
  std::unique_ptr<suite::Workspace> built_in;
  const suite::Workspace* usable = *known.workspace ? (*known.workspace)->get() : nullptr;
  if (usable == nullptr) {
    // The built-in documents then, and the file that is wrong.
    suite::WorkspaceSettings settings = known.settings;
    settings.config.reset();
    settings.built_in = true;
    std::vector<finding::Finding> ignored;
    auto other = suite::Workspace::open(process.disk, settings, ignored);
    if (!other) return {};
    built_in = std::move(*other);
    usable = built_in.get();
  }
  const suite::Workspace& opened = *usable;
  const suite::Configuration& configuration = opened.configuration();
  std::vector<cli::NamedFile> files;
  const auto add = [&](std::string role, const std::string& path) {
    if (!path.empty()) files.push_back({std::move(role), opened.on_disk(path)});
  };
  add("the configuration", configuration.path.empty() ? "launchgate.json" : configuration.path);
  for (const suite::DocumentBinding& binding : opened.bindings({})) {
    add("a document of the configuration", binding.path);
    add("a schema", binding.kind.schema.value_or(""));
    for (const std::string& pack : binding.kind.packs) add("a rule pack", pack);
  }
  add("the tier ladder", configuration.tiers);
  add("the operation catalogue", configuration.operations);
  add("the waivers", configuration.waivers);
  add("the baseline", configuration.leaks.baseline.value_or(""));
  for (const std::string& pack : configuration.leaks.packs) add("a rule pack", pack);
  for (const auto& folder : {named.of("--schemas"), named.of("--rules")}) {
    const auto entries = folder ? process.disk.list(*folder)
                                : base::Result<std::vector<io::DirectoryEntry>>(std::vector<io::DirectoryEntry>());
    if (!entries) continue;
    for (const io::DirectoryEntry& entry : *entries)
      files.push_back({"a file of rules", io::join(*folder, entry.name)});
  }
  return files;
}

base::Result<std::vector<Target>> output_targets(const std::vector<std::string>& formats, const io::FileSystem& disk) {
  std::vector<Target> targets;
  bool stdout_taken = false;
  for (const std::string& text : formats) {
    const std::size_t equals = text.find('=');
    const std::string name = text.substr(0, equals);
    Target target;
    target.format = report::find_format(name);
    if (target.format == nullptr) {
      std::vector<std::string> names;
      for (const report::Format& format : report::formats()) names.emplace_back(format.name);
      std::string help = base::did_you_mean(name, names);
      if (help.empty()) help = "known: " + base::quoted_list(names, "and");
      return base::Error{base::ErrorCategory::usage,
                         "",
                         {},
                         fmt::format("--format: unknown format \"{}\"", base::printable(name)),
                         help};
    }
    if (equals != std::string::npos) {
      target.path = text.substr(equals + 1);
      if (target.path.empty())
        return base::Error{
            base::ErrorCategory::usage, "", {}, fmt::format("--format {}: the file name is empty", text), ""};
      if (const auto writable = disk.check_writable(target.path); !writable) return writable.error();
    } else if (stdout_taken) {
      return base::Error{base::ErrorCategory::usage,
                         "",
                         {},
                         "--format: two formats cannot share standard output",
                         "write one to a file: --format " + text + "=FILE"};
    }
    stdout_taken = stdout_taken || target.path.empty();
    targets.push_back(std::move(target));
  }
  if (!stdout_taken) targets.insert(targets.begin(), Target{report::find_format("text"), ""});
  return targets;
}

namespace {

// The runner gives every step a file of its own and reads it at the end; other commands of the step may have written to
// it.
base::Result<void> append_step_summary(cli::Process& process, const report::Report& report) {
  constexpr std::uint64_t most_bytes = 1UL << 20U;  // the runner refuses more
  const auto path = process.environment("GITHUB_STEP_SUMMARY");
  if (!path) return {};
  const auto before = process.disk.read(*path, most_bytes);
  const std::string text = (before ? *before : std::string()) + report::github_summary(report);
  return process.disk.write(*path, base::utf8_prefix(text, most_bytes));
}

}  // namespace

void confine_to_outputs(const cli::Process& process, const std::vector<Target>& targets,
                        const std::vector<std::string>& more) {
  if (!process.own) return;
  std::vector<std::string> outputs = more;
  for (const Target& target : targets) outputs.push_back(target.path);
  outputs.push_back(process.environment("GITHUB_STEP_SUMMARY").value_or(""));
  io::Confinement confinement;
  for (const std::string& output : outputs) {
    if (output.empty()) continue;
    confinement.writable.push_back(output);
    // What a link leads to is what is written.
    if (auto canonical = process.disk.canonical(output)) confinement.writable.push_back(std::move(*canonical));
  }
  confinement.programs_start_others = io::git_is_script(".");
  (void)io::confine(confinement);
}

cli::ExitCode refuse(cli::Process& process, std::string_view tool, const base::Error& error,
                     std::vector<finding::Finding> problems, const std::vector<Target>& targets) {
  const cli::ExitCode code = cli::fail(process, tool, error);
  report::Report report;
  report.tool = tool;
  report.version = cli::version();
  report.documents = 1;
  report.findings = std::move(problems);
  if (report.findings.empty()) {
    finding::Finding finding;
    finding.rule_id = error.category == base::ErrorCategory::configuration ? "configuration/invalid" : "run/refused";
    finding.file = error.path;
    finding.span = {error.position, error.position};
    finding.message = error.message;
    finding.help = error.help;
    report.findings.push_back(std::move(finding));
  }
  report.unreadable_input = true;  // nothing was judged
  finding::sort_findings(report.findings);
  finding::assign_fingerprints(report.findings);
  for (const Target& target : targets) {
    if (target.format == report::find_format("text") && target.path.empty()) continue;
    const std::string text = target.format->print(report, {});
    if (target.path.empty()) {
      process.out.write(text);
    } else if (const auto written = process.disk.write(target.path, text); !written) {
      cli::fail(process, tool, written.error());
    }
  }
  return code;
}

cli::ExitCode deliver(cli::Process& process, const report::Report& report, const std::vector<Target>& targets,
                      const CommonOptions& options, const std::string& elapsed) {
  cli::ExitCode code = report::passed(report) ? cli::ExitCode::ok : cli::ExitCode::findings;
  if (report.unreadable_input) code = cli::ExitCode::input;
  for (const Target& target : targets) {
    const bool to_terminal = target.path.empty() && process.out.is_terminal();
    const report::PrintOptions print{target.path.empty() && options.use_color(process), options.quiet,
                                     to_terminal ? elapsed : "", to_terminal ? io::terminal_columns(1) : 0};
    const std::string text = target.format->print(report, print);
    if (target.format->print == report::print_github) {
      if (const auto written = append_step_summary(process, report); !written)
        code = cli::fail(process, report.tool, written.error());
    }
    if (target.path.empty()) {
      process.out.write(text);
      continue;
    }
    if (const auto written = process.disk.write(target.path, text); !written)
      code = cli::fail(process, report.tool, written.error());
  }
  return code;
}

}  // namespace launchgate::validator
