#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "load/core/catalogue.hpp"
#include "load/core/profile.hpp"
#include "load/core/settings.hpp"

namespace launchgate::load {

// What paces the operations that share one rate, as the profile names it.
inline constexpr std::string_view shared_rate = "requestRatePerSecond";

struct PlannedOperation {
  Index operation = 0;
  double per_second = 0;        // of this process; 0 for streams that are held
  double whole_per_second = 0;  // of all segments together
  std::string paced_by;         // the capacity target, or `shared_rate`, or "held"
  bool held = false;            // a stream that is kept open
  std::uint64_t arrivals = 0;   // of this process
};

struct LeftOut {
  Index operation = 0;
  std::string reason;
};

// A capacity target that the run drives.
struct DrivenTarget {
  std::string name;
  double target = 0;              // as in the profile
  double per_seconds = 60;        // what it counts per; 0 for streams that are held
  std::vector<Index> operations;  // indices of the catalogue
};

struct LimitPlan {
  std::uint64_t most = 0;
  bool given = false;        // explicitly
  std::uint64_t wanted = 0;  // arrivals of the schedule that it counts
};

// A warning: `id` names the check it becomes in a strict run.
struct Warning {
  std::string id;
  std::string message;
  std::string help;
};

// What a run will do. Refers to nothing but itself; indices are those of the catalogue.
struct Plan {
  std::vector<PlannedOperation> operations;
  std::vector<LeftOut> left_out;
  std::vector<DrivenTarget> driven;
  std::vector<LimitPlan> limits;
  std::vector<Warning> warnings;
  std::uint64_t streams = 0;                          // held open, by this process
  std::uint64_t whole_streams = 0;                    // by all segments together
  std::uint64_t places = 1;                           // requests in flight at most, of this process
  std::vector<Index> scrapes;                         // operations
  std::vector<std::optional<double>> latency_limits;  // in ms, by gate; none for other gates

  bool plans(Index operation) const;
};

Plan make_plan(const Catalogue& catalogue, const Profile& profile, const Settings& settings);

// The statuses that are a success, and those that are tolerated but counted apart.
struct Accepts {
  std::vector<int> success;
  std::vector<int> tolerated;
};
Accepts accepts(const OperationSpec& operation, const Settings& settings);

}  // namespace launchgate::load
