#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "load/core/segment_share.hpp"
#include "load/core/time.hpp"

namespace launchgate::load {

// Arrivals of one kind, evenly spaced.
struct ArrivalPlan {
  std::uint32_t kind = 0;
  double per_second = 0;
};

struct Arrival {
  std::uint32_t kind = 0;
  Nanoseconds at = 0;  // from the start of the schedule
};

// The arrivals of a run, fixed before it starts and merged in order of time, whatever the server does: an open loop.
//
// A kind with rate r gets n = ceil(r * length) arrivals, at least one, at (k + phase) * length / n; the phases of the
// kinds are spread, so that kinds of equal rate do not arrive in bursts. A warm-up before that has floor(r * warmup),
// so that what is measured is the same with one as without. A segment makes the arrivals of its share, each at the time
// that it has in the whole. Memory is O(kinds); each step costs O(log kinds).
class Schedule {
 public:
  Schedule(const std::vector<ArrivalPlan>& plans, Nanoseconds length, Nanoseconds warmup = 0, SegmentShare share = {});

  // The arrival that next() would return.
  const Arrival* peek() const { return heap_.empty() ? nullptr : &heap_.front().arrival; }
  void pop();
  // Drops what is due before `until` and adds the numbers dropped to `dropped`, by kind. Costs O(kinds).
  void skip_until(Nanoseconds until, std::vector<std::uint64_t>& dropped);

  static std::uint64_t arrivals(double per_second, Nanoseconds length);
  static std::uint64_t warmup_arrivals(double per_second, Nanoseconds warmup);

 private:
  struct Entry {
    Arrival arrival;
    std::uint32_t plan = 0;
    std::uint64_t k = 0;
  };
  static bool later(const Entry& a, const Entry& b);
  Nanoseconds time_of(std::size_t plan, std::uint64_t k) const;
  // About how many arrivals of a plan are before `until`.
  double before(std::size_t plan, Nanoseconds until) const;

  std::vector<Entry> heap_;
  std::vector<std::uint64_t> totals_;
  std::vector<std::uint64_t> warmups_;  // how many of these are in the warm-up
  std::vector<double> phases_;
  Nanoseconds length_ = 0;
  Nanoseconds warmup_ = 0;
  SegmentShare share_;
};

}  // namespace launchgate::load
