#include "decide/formats.hpp"

#include "decide/render.hpp"
#include "lib/report/gates.hpp"

namespace launchgate::decide {
namespace {

constexpr std::string_view own_formats[] = {"markdown", "json"};

bool is_own(std::string_view name) { return name == own_formats[0] || name == own_formats[1]; }

}  // namespace

void describe_formats(cli::OptionSet& options, std::vector<std::string>& formats) {
  std::vector<std::string> names(std::begin(own_formats), std::end(own_formats));
  for (const report::Format& format : report::formats()) {
    if (!is_own(format.name)) names.emplace_back(format.name);
  }
  std::string shown;
  for (const std::string& name : names) shown += (shown.empty() ? "" : "|") + name;
  cli::Option& format = options.list(
      "--format", shown + "[=FILE]", formats,
      "Output format, to standard output or to FILE; markdown by default. markdown and json are the decision, "
      "the others its lines as gates.");
  format.suggestions = names;
  format.writes = cli::Writes::format;
}

base::Result<std::vector<Output>> read_formats(const std::vector<std::string>& formats, const io::FileSystem& disk) {
  std::vector<Output> outputs;
  bool stdout_taken = false;
  for (const std::string& text : formats) {
    const std::string name = text.substr(0, text.find('='));
    // The decision's own formats have the same form of argument.
    auto targets = validator::output_targets({is_own(name) ? "json" + text.substr(name.size()) : text}, disk);
    if (!targets) return targets.error();
    for (validator::Target& target : *targets) {
      if (target.path.empty() && text.find('=') != std::string::npos) continue;
      if (target.path.empty() && stdout_taken) {
        return base::Error{base::ErrorCategory::usage,
                           "",
                           {},
                           "--format: two formats cannot share standard output",
                           "write one to a file: --format " + text + "=FILE"};
      }
      stdout_taken = stdout_taken || target.path.empty();
      outputs.push_back({name, std::move(target)});
    }
  }
  if (!stdout_taken) outputs.insert(outputs.begin(), Output{std::string(own_formats[0]), {}});
  return outputs;
}

report::Report gate_report(const GoPolicy& go, const Verdict& verdict, const std::string& file, bool strict) {
  std::vector<report::Gate> gates;
  for (const Line& line : verdict.lines) {
    std::string message = line.title + ": " + std::string(name(go, line.outcome));
    for (const std::string& reason : line.reasons) message += "; " + reason;
    const bool lenient = line.outcome == Outcome::conditional && !strict;
    gates.push_back({line.id, line.outcome == Outcome::go,
                     lenient ? finding::Severity::warning : finding::Severity::error, std::move(message), ""});
  }
  return report::gate_report("launchgate-decide", std::string(cli::version()), "decision",
                             file.empty() ? "decision" : file, gates);
}

cli::ExitCode write_formats(cli::Process& process, const std::vector<Output>& outputs, const Rendered& rendered) {
  cli::ExitCode code = cli::ExitCode::ok;
  for (const Output& output : outputs) {
    if (!is_own(output.name)) {
      if (validator::deliver(process, rendered.gates, {output.target}, {}, "") == cli::ExitCode::input)
        code = cli::ExitCode::input;
      continue;
    }
    const std::string& text = output.name == own_formats[0] ? rendered.markdown : rendered.json;
    if (output.target.path.empty()) {
      process.out.write(text);
    } else if (const auto written = process.disk.write(output.target.path, text); !written) {
      code = cli::fail(process, "launchgate-decide", written.error());
    }
  }
  return code;
}

}  // namespace launchgate::decide
