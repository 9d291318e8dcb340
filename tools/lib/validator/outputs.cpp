#include "lib/validator/outputs.hpp"

#include <fmt/format.h>

#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/io/confine.hpp"
#include "lib/io/git_process.hpp"
#include "lib/io/terminal.hpp"

namespace launchgate::validator {

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
