#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include "standin/core/clock.hpp"
#include "standin/core/distribution.hpp"

namespace launchgate::standin {

// A queue served by a fixed number of workers, first come first served, in simulated time.
class WorkerPool {
 public:
  struct Job {
    std::size_t collection = 0;
    std::string id;
    Micros queued = 0;
    Micros duration = 0;
  };
  // Called when a job starts and when it is done, with the time of either.
  using Notice = std::function<void(const Job& job, bool done, Micros at)>;

  explicit WorkerPool(std::size_t workers) : workers_(workers) {}

  void add(Job job) { waiting_.push_back(std::move(job)); }
  // Everything that is due by `now`. While paused nothing starts; what runs is finished.
  void advance(Micros now, bool paused, const Notice& notice);
  // When something happens next, given the pool is not paused; none when idle.
  std::optional<Micros> next_due() const;

  std::size_t waiting() const { return waiting_.size(); }
  std::size_t running() const { return running_.size(); }
  // Age of the job that has waited longest, 0 when none waits.
  Micros oldest_age(Micros now) const { return waiting_.empty() ? 0 : now - waiting_.front().queued; }
  void clear();

 private:
  struct Running {
    Job job;
    Micros done = 0;
    bool operator>(const Running& other) const { return done > other.done; }
  };
  std::size_t workers_;
  std::deque<Job> waiting_;
  std::priority_queue<Running, std::vector<Running>, std::greater<>> running_;
  Micros clock_ = 0;
};

}  // namespace launchgate::standin
