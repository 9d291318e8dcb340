#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/result.hpp"
#include "lib/document/json_writer.hpp"
#include "load/core/redact.hpp"
#include "load/core/run_record.hpp"

// The journal of a run: one JSON object a line. The first says what was to be done, with the catalogue and the profile
// as they were; each further one what a second brought. Counts and histograms are those of the second, so that lines
// add up to the whole; totals of streams and connections are as they stood. A report can be made from any prefix.
namespace launchgate::load {

// Members of the first line and of one line that stands for all others, as objects, for the part of a segment.
void write_journal_header(document::JsonWriter& json, const RunPlan& run, const Redactor& redact,
                          std::int64_t started_wall_ms, std::uint64_t probe_requests);
void write_journal_total(document::JsonWriter& json, const RunPlan& run, RunRecord& record);

std::string journal_header(const RunPlan& run, const Redactor& redact, std::int64_t started_wall_ms,
                           std::uint64_t probe_requests);

struct JournalMoment {
  std::uint64_t tick = 0;  // counts the lines from 1: two may be of the same millisecond, and the wall clock may step
  Nanoseconds now = 0;
  std::int64_t wall_ms = 0;
  TransportCounters transport;
  double cpu_seconds = 0;  // since the run began
  std::uint64_t peak_memory_bytes = 0;
};
std::string journal_line(const RunPlan& run, Engine& engine, const JournalMoment& moment);

// Joins the seconds of a long run: when a stretch of them is over, one line takes their place that holds their sums,
// where everything stood, and the buckets of the timeline that the analysis of a soak needs. A stretch goes on for as
// long as its line would be more than the budget, so that a journal grows by at most a megabyte an hour.
class JournalSpans {
 public:
  static constexpr std::uint64_t bytes_an_hour = 1'000'000;

  explicit JournalSpans(const RunPlan& run) : run_(run) {}

  struct Joined {
    std::string line;   // in place of all since the stretch began
    bool ends = false;  // the next second begins a new stretch
  };
  // Once a second, after its line was made; none while the stretch goes on.
  std::optional<Joined> add(Engine& engine, const JournalMoment& moment);

 private:
  struct Part {
    Index operation = 0;
    bool setup = false;
    Tally tally;
  };
  RunPlan run_;
  std::map<std::string, Part> parts_;
  GeneratorTally generator_;
  std::uint64_t seconds_ = 0;
  std::uint64_t kept_ = 0;  // bytes of stretches that have ended
  std::size_t bucket_ = 0;  // first one of the stretch
  std::size_t buckets_seen_ = 0;
};

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

// Of the first line of a journal; `line` is for messages.
base::Result<std::unique_ptr<RecoveredRun>> read_journal_header(const std::string& path, std::size_t line,
                                                                const document::JsonValue& header);
// Adds what another line brought.
void read_journal_line(const document::JsonValue& line, RecoveredRun& run);

// Refuses what is no journal; an `input` error with the line. A last line without its end is dropped.
base::Result<std::unique_ptr<RecoveredRun>> recover(const std::string& path, std::string_view text);

// The JSON report of such a run, as another tool compares it with the one that was written.
base::Result<std::string> recomputed_report(const std::string& path, std::string_view text);

}  // namespace launchgate::load
