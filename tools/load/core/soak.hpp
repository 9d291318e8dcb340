#pragma once

#include <optional>
#include <string>
#include <vector>

#include "load/core/catalogue.hpp"
#include "load/core/plan.hpp"
#include "load/core/profile.hpp"
#include "load/core/timeline.hpp"

// What a soak reveals that a short run does not: growth, recurrence, staleness and interference over the timeline after
// the warm-up. A pure function of buckets, so that a run, its journal and a simulation are judged by the same code.
namespace launchgate::load {

struct Check {
  std::string name;
  bool passed = true;
  std::string message;
};

// The trend of one series on one target, or of a category's latency.
struct SoakSeries {
  std::string name;  // key of the series, or <category>-p<percentile>
  std::string target;
  std::string unit;
  std::optional<Index> series;
  std::size_t samples = 0;
  bool judged = false;   // there were enough samples
  double level = 0;      // at the begin
  double per_hour = 0;   // slope
  double projected = 0;  // by how much it grows within the profile's soak
  double p = 1;          // after Holm's correction over all series of the run
  bool wave = false;     // a daily wave was told apart
  bool grows = false;
  std::string why;            // it counts as growth
  std::vector<double> steps;  // hours at which the level changed
};

struct WorstWindow {
  std::string check;  // <gate>-worst-window
  std::string title;
  double from_hours = 0;
  double to_hours = 0;
  double share = 0;    // failed, or slower than the limit
  double allowed = 0;  // share
  std::string message;
  bool passed = true;
  bool gated = false;  // the profile has a threshold for it; otherwise it is a warning
};

struct SoakAnalysis {
  double hours = 0;          // what was seen of the soak
  double profile_hours = 0;  // what growth is projected to
  double bucket_seconds = 0;
  std::vector<SoakSeries> series;
  std::vector<WorstWindow> windows;
  std::vector<Check> checks;
  std::vector<Warning> warnings;
};

struct SoakInput {
  const Catalogue& catalogue;
  const Profile& profile;
  const Plan& plan;
  const std::vector<Track>& tracks;
  const std::vector<Bucket>& buckets;
  double bucket_seconds = 1;
};

SoakAnalysis analyse_soak(const SoakInput& input);

}  // namespace launchgate::load
