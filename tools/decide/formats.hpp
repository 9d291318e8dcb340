#pragma once

#include <string>
#include <vector>

#include "decide/go_policy.hpp"
#include "decide/verdict.hpp"
#include "lib/cli/tool.hpp"
#include "lib/report/report.hpp"
#include "lib/validator/outputs.hpp"

// The decision in the formats of all tools, beside the two of its own.
namespace launchgate::decide {

struct Output {
  std::string name;  // "markdown" and "json" are the decision itself
  validator::Target target;
};

struct Rendered {
  const std::string& markdown;
  const std::string& json;
  report::Report gates;
};

void describe_formats(cli::OptionSet& options, std::vector<std::string>& formats);

// Tries each file before any work is done. One format at most goes to standard output, markdown when none is asked for.
base::Result<std::vector<Output>> read_formats(const std::vector<std::string>& formats, const io::FileSystem& disk);

// Each line of the decision is a gate; `file` is where the decision is written, if anywhere.
report::Report gate_report(const GoPolicy& go, const Verdict& verdict, const std::string& file, bool strict);

// `input` when something could not be written, else `ok`.
cli::ExitCode write_formats(cli::Process& process, const std::vector<Output>& outputs, const Rendered& rendered);

}  // namespace launchgate::decide
