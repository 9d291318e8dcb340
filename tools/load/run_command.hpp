#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/cli/tool.hpp"
#include "lib/signing/keys.hpp"
#include "lib/validator/outputs.hpp"
#include "load/core/redact.hpp"
#include "load/core/run_record.hpp"

namespace launchgate::load {

struct RunRequest {
  const Catalogue& catalogue;
  const Profile& profile;
  const Settings& settings;
  const Redactor& redact;
  std::string tool;
  std::string output_dir;
  std::string ca_file;
  std::string proxy;
  std::vector<validator::Target> formats;  // files for the gates
  const signing::PrivateKey* key;          // null: nothing is signed
  std::string live_html;                   // a page of the run as it goes; empty: none
  std::string prometheus;                  // its figures as OpenMetrics; empty: none
  std::optional<std::int64_t> start_at;    // ms since 1970; none: as soon as all is ready
};

// Writes the plan; no traffic.
cli::ExitCode plan_command(cli::Process& process, const RunRequest& request);

// Probes the targets, makes the load, writes journal and reports.
cli::ExitCode run_command(cli::Process& process, const RunRequest& request);

// Writes the reports and the page beside each other, the gates in other formats, and the one JSON object on stdout;
// `stem` is the path without "-report.json", `timeline` the journal's. With a key, report and timeline are signed.
cli::ExitCode deliver_reports(cli::Process& process, std::string_view tool, const RunPlan& run, const RunRecord& record,
                              const Redactor& redact, const std::string& stem, const std::string& timeline,
                              std::int64_t generated_wall_ms, const std::vector<validator::Target>& formats,
                              const signing::PrivateKey* key = nullptr);

}  // namespace launchgate::load
