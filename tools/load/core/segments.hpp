#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "load/core/journal.hpp"

// A run that several processes share: each measures its segment and leaves a part; the parts are merged into one
// record, which is judged as that of a single run is.
namespace launchgate::load {

inline constexpr std::uint32_t most_segments = 10'000;
inline constexpr std::string_view part_ending = ".part.json";

// "2/3". None for anything else.
struct SegmentName {
  std::uint32_t segment = 1;  // from 1
  std::uint32_t segments = 1;
};
std::optional<SegmentName> parse_segment(std::string_view text);

// Which of `segments` this is, as a job of several tasks tells its processes: Kubernetes counts an Indexed Job from 0
// (JOB_COMPLETION_INDEX), Slurm an array from SLURM_ARRAY_TASK_MIN in steps of SLURM_ARRAY_TASK_STEP
// (SLURM_ARRAY_TASK_ID). `environment` gives a variable's value; what is there and cannot be right is a `usage` error,
// what is not there none.
base::Result<std::optional<SegmentName>> segment_of_job(
    std::uint32_t segments, const std::function<std::optional<std::string>(const std::string&)>& environment);

// SHA-256 over what all segments of a run have in common: plan, profile, catalogue and their number.
std::string plan_digest(const RunPlan& run);

// The part of a segment; schemas/load-part.schema.json describes it.
std::string part_json(const RunPlan& run, RunRecord& record, const Redactor& redact);

// What a segment measured, from its part or, where it was killed, from its timeline.
struct SegmentPart {
  std::string path;
  std::unique_ptr<RecoveredRun> run;
  bool recovered = false;  // from a timeline
};
// `input` errors with the file's name.
base::Result<SegmentPart> read_part(const std::string& path, std::string text);
base::Result<SegmentPart> read_segment_timeline(const std::string& path, std::string_view text);

// Adds parts one at a time, so that memory does not grow with their number.
class SegmentMerge {
 public:
  // Refuses, naming both files, what does not belong to those before: another number of segments, plan, profile,
  // catalogue, commit, version, deployment, or the same segment again.
  base::Result<void> add(SegmentPart part);
  // When all were added. Refuses parts that did not run at the same time, clocks that are apart by more than a second,
  // and missing segments unless they are allowed; a record with missing ones is never judged "go".
  base::Result<void> finish(bool allow_missing);

  RunPlan run() const { return {first_->catalogue, first_->profile, settings_, plan_}; }
  RunRecord& record() { return *record_; }

 private:
  struct Known {
    std::string path;
    std::int64_t started_wall_ms = 0;
    std::int64_t finished_wall_ms = 0;
    std::vector<ClockOffset> clocks;
  };
  base::Result<void> same_run(const SegmentPart& part) const;
  base::Result<void> same_time() const;
  base::Result<void> same_clock() const;

  std::unique_ptr<RecoveredRun> first_;
  std::string first_path_;
  std::string digest_;
  std::uint32_t segments_ = 0;
  Settings settings_;  // of the whole
  Plan plan_;
  std::unique_ptr<RunRecord> record_;
  std::map<std::uint32_t, Known> known_;  // by segment
  std::map<std::uint32_t, SegmentRecord> measured_;
};

}  // namespace launchgate::load
