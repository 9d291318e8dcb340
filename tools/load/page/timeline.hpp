#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "load/core/journal.hpp"

// A journal as pictures need it: as many columns as a chart has places for, however long the run. A column keeps the
// least and the most of its seconds and adds up their histograms, so that a spike of one second in twelve hours is
// still there, and no percentile is made of percentiles.
namespace launchgate::load {

inline constexpr std::size_t most_columns = 320;
inline constexpr std::size_t most_small_columns = 48;  // of the small pictures in tables

// What a value did in the seconds of a column.
struct Extent {
  double low = 0;
  double high = 0;
  double last = 0;
  double sum = 0;
  std::uint32_t count = 0;
  void add(double value);
  void merge(const Extent& later);
  double mean() const { return count == 0 ? 0 : sum / count; }
};

struct TimelineColumn {
  std::uint32_t lines = 0;          // seconds that were seen; 0: a gap
  std::vector<Histogram> response;  // by category
  Histogram lateness;
  Extent rate;  // requests answered a second
  Extent held;  // streams
  Extent backlog;
  Extent cpu;  // share of a core
  std::array<std::uint64_t, outcome_count> outcomes{};
  std::vector<Extent> metrics;   // by series of the catalogue
  std::uint64_t reconnects = 0;  // since the start, at the last line
  std::uint64_t stream_gaps = 0;
  std::uint64_t silent = 0;

  void merge(TimelineColumn& later);
};

// Of one kind of request, as the report names it.
struct TimelineOperation {
  std::string name;
  struct Small {
    std::uint64_t count = 0;
    std::uint64_t failures = 0;
    Histogram response;
  };
  std::vector<Small> columns;  // at most most_small_columns
};

struct Timeline {
  std::unique_ptr<RecoveredRun> header;  // catalogue, profile, settings and plan; nothing measured
  std::int64_t started_ms = 0;
  double seconds = 0;         // of the run
  double column_seconds = 1;  // of a column
  std::vector<TimelineColumn> columns;
  std::vector<TimelineOperation> operations;
  std::vector<Histogram> response;  // of the whole run, by category
  Histogram lateness;
  std::size_t lines = 0;
  bool cut_line = false;

  double small_seconds() const;
};

// Errors are those of recover(). Uses the processors that there are; the outcome does not depend on them.
base::Result<Timeline> read_timeline(const std::string& path, std::string_view text);

}  // namespace launchgate::load
