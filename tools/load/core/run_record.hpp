#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "load/core/clock_offset.hpp"
#include "load/core/engine.hpp"
#include "load/core/measurements.hpp"
#include "load/core/metrics.hpp"
#include "load/core/plan.hpp"
#include "load/core/profile.hpp"
#include "load/core/settings.hpp"
#include "load/core/soak.hpp"
#include "load/core/timeline.hpp"

namespace launchgate::load {

// What a run was to do; outlives all that refers to it.
struct RunPlan {
  const Catalogue& catalogue;
  const Profile& profile;
  const Settings& settings;
  const Plan& plan;
};

// What one of several processes measured of a run that they shared.
struct SegmentRecord {
  std::uint32_t segment = 1;
  bool missing = false;    // nothing of it was given
  bool recovered = false;  // from its timeline
  std::string interruption;
  std::int64_t started_wall_ms = 0;
  Nanoseconds late = 0;  // behind the moment that was agreed on
  Nanoseconds measured = 0;
  std::uint64_t requests = 0;
  std::uint64_t unsent = 0;
  std::uint64_t exhausted = 0;  // requests that failed for want of ports, descriptors or memory of its machine
  double cpu_seconds = 0;
  std::uint64_t peak_memory_bytes = 0;
  Histogram lateness;
};

// What a run measured: filled by the engine as it goes, or from the lines of a journal.
struct RunRecord {
  explicit RunRecord(const RunPlan& run);

  std::int64_t started_wall_ms = 0;
  std::int64_t finished_wall_ms = 0;
  Nanoseconds measured = 0;  // without the warm-up
  Nanoseconds overtime = 0;  // after it, in which requests were sent that had been due
  Nanoseconds late = 0;      // by how much it began later than it was to
  bool interrupted = false;
  std::string interruption;  // why, for people
  Measurements measurements;
  MetricsRecord metrics;
  SoakTimeline timeline;
  StreamTotals streams;
  GeneratorTally generator;
  std::vector<std::uint64_t> unsent;                  // by place in plan.operations
  std::vector<std::optional<Nanoseconds>> capped_at;  // by limit
  std::vector<std::uint64_t> created;                 // by id
  std::uint64_t warmup_requests = 0;
  std::uint64_t probe_requests = 0;
  TransportCounters transport;
  double cpu_seconds = 0;
  std::uint64_t peak_memory_bytes = 0;
  bool journal_failed = false;
  std::vector<ClockOffset> clocks;      // by target
  std::vector<SegmentRecord> segments;  // of a run that several processes shared; in order

  std::uint64_t unsent_total() const;
};

struct Verdict {
  std::string overall;  // "go", "conditional-go", "no-go"
  std::vector<Check> checks;
  std::vector<Warning> warnings;
  std::optional<SoakAnalysis> soak;  // of a soak
  std::vector<std::string> failed() const;
};

struct Attainment {
  std::string name;
  double target = 0;  // per per_seconds, this segment's share
  double achieved = 0;
  double per_seconds = 60;
  bool capped = false;
  bool attained = false;
};
std::vector<Attainment> attainments(const RunPlan& run, const RunRecord& record);

// A pure function of the plan and what was measured.
Verdict evaluate(const RunPlan& run, const RunRecord& record);

}  // namespace launchgate::load
