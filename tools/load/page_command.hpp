#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.hpp"
#include "lib/cli/tool.hpp"
#include "load/core/catalogue.hpp"
#include "load/core/redact.hpp"

namespace launchgate::load {

struct RunFiles {
  std::string stem;
  std::string report_path;
  std::string report;
  std::string timeline_path;
  std::string timeline;  // empty: there is none
};

// The two files of a run, whichever of them is named; a run that left no report has one made of its timeline.
base::Result<RunFiles> run_files(const io::FileSystem& disk, const std::string& file, const Redactor& redact);

// The page of a report and its timeline's text, which may be empty. An `input` error for what is no report.
base::Result<std::string> make_page(const std::string& report_path, std::string report, const Catalogue& catalogue,
                                    const std::string& timeline_path, std::string_view timeline);

// Makes the page again from a timeline or a report, and writes it beside them.
cli::ExitCode report_from_command(cli::Process& process, std::string_view tool, const std::string& file,
                                  const Catalogue& catalogue, const Redactor& redact);

}  // namespace launchgate::load
