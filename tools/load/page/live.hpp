#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "load/core/engine.hpp"
#include "load/core/run_record.hpp"

// How a run goes, while it goes: for a terminal, for a page that refreshes itself, and as OpenMetrics text.
namespace launchgate::load {

struct LiveGate {
  std::string check;
  std::string unit;
  std::optional<double> value;  // none: nothing to judge yet
  double limit = 0;
  std::array<double, 3> percentiles{};  // 50, 95, 99 of a latency gate, in ms
  bool latency = false;
  bool fails() const { return value && *value > limit; }
};

struct LiveOperation {
  std::string name;
  std::array<std::uint64_t, outcome_count> outcomes{};
  Histogram response;
};

struct LiveState {
  std::string profile;
  std::string mode;
  double elapsed = 0;  // seconds
  double total = 0;
  double asked = 0;  // requests a second
  double rate = 0;   // of the last second
  double mean_rate = 0;
  std::uint64_t requests = 0;
  std::uint64_t failures = 0;
  std::uint64_t in_flight = 0;
  std::uint64_t waiting = 0;
  std::uint64_t streams = 0;
  std::uint64_t streams_target = 0;
  std::vector<LiveGate> gates;
  std::vector<LiveOperation> operations;

  std::vector<std::string> failing() const;
};

LiveState live_state(const RunPlan& run, Engine& engine, Nanoseconds now);

// Lines of at most 80 columns.
std::vector<std::string> dashboard(const LiveState& state);

// What the page keeps of the seconds that passed: as many as a chart shows, the least and the most of those between.
class LiveHistory {
 public:
  void add(const LiveState& state);
  struct Point {
    double at = 0;
    double rate = 0;
    double slowest = 0;  // share of its limit that the worst latency gate has used
  };
  const std::vector<Point>& points() const { return points_; }

 private:
  std::vector<Point> points_;
  double apart_ = 0;
};

// `ended`: the last one, which refreshes itself no more; it names where the report is.
std::string live_page(const LiveState& state, const LiveHistory& history, const std::string& ended);

// https://github.com/OpenObservability/OpenMetrics, version 1.0: families in one block each, `# EOF` at the end.
std::string openmetrics(const LiveState& state);

}  // namespace launchgate::load
