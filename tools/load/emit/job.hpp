#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "load/core/run_record.hpp"

// A plan as a job of several processes, whatever engine starts them. Documents are carried as they are, to the byte, so
// that the reports name the digests of the committed ones.
namespace launchgate::load {

struct Job {
  std::string name;  // a DNS label
  std::string version;
  std::string profile_name;
  std::string targets;  // the target profiles
  std::string catalogue;
  std::uint32_t segments = 1;
  std::vector<std::string> arguments;  // of every segment, but for files, segments and folders
  std::vector<std::string> tokens;     // options without dashes, whose files a segment reads
  std::optional<std::int64_t> start_at_ms;
  std::int64_t seconds = 0;  // that a segment takes, with room to connect and to drain
  std::uint64_t milli_cpu = 0;
  std::uint64_t mebibytes = 0;
};

// How many segments the plan needs, at least 1.
std::uint32_t segments_needed(const RunPlan& run);

Job make_job(const RunPlan& run, std::uint32_t segments, std::optional<std::int64_t> start_at_ms);

// A YAML stream: ConfigMap, claim for the parts, Indexed Job, and a Job that merges. batch/v1 as of Kubernetes 1.24.
std::string kubernetes_manifest(const Job& job);

// A POSIX shell script that submits an array and, after it, the merge.
std::string slurm_script(const Job& job);

}  // namespace launchgate::load
