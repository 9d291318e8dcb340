#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "lib/base/result.hpp"
#include "load/core/redact.hpp"
#include "load/core/run_record.hpp"

// The journal of a run: one JSON object a line. The first says what was to be done, with the catalogue and the profile
// as they were; each further one what a second brought. Counts and histograms are those of the second, so that lines
// add up to the whole; totals of streams and connections are as they stood. A report can be made from any prefix.
namespace launchgate::load {

std::string journal_header(const RunPlan& run, const Redactor& redact, std::int64_t started_wall_ms,
                           std::uint64_t probe_requests);

struct JournalMoment {
  Nanoseconds now = 0;
  std::int64_t wall_ms = 0;
  TransportCounters transport;
  double cpu_seconds = 0;  // since the run began
  std::uint64_t peak_memory_bytes = 0;
};
std::string journal_line(const RunPlan& run, Engine& engine, const JournalMoment& moment);

// A run read back from its journal. Marked as interrupted unless `complete`.
struct RecoveredRun {
  Catalogue catalogue;
  Profile profile;
  Settings settings;
  Plan plan;
  std::unique_ptr<RunRecord> record;
  std::size_t seconds = 0;
  bool cut_line = false;  // the last line was not whole

  RunPlan run() const { return {catalogue, profile, settings, plan}; }
};

// Refuses what is no journal; an `input` error with the line. A last line without its end is dropped.
base::Result<std::unique_ptr<RecoveredRun>> recover(const std::string& path, std::string_view text);

// The JSON report of such a run, as another tool compares it with the one that was written.
base::Result<std::string> recomputed_report(const std::string& path, std::string_view text);

}  // namespace launchgate::load
