#include "standin/core/worker_pool.hpp"

#include <algorithm>

namespace launchgate::standin {

void WorkerPool::advance(Micros now, bool paused, const Notice& notice) {
  while (true) {
    // What ends next, or a free worker takes what waits, in the order of time.
    const bool free = running_.size() < workers_ && !waiting_.empty() && !paused;
    const Micros start = free ? std::max(waiting_.front().queued, clock_) : 0;
    if (free && (running_.empty() || start <= running_.top().done)) {
      Running next{std::move(waiting_.front()), 0};
      waiting_.pop_front();
      next.done = start + next.job.duration;
      notice(next.job, false, start);
      running_.push(std::move(next));
    } else if (!running_.empty() && running_.top().done <= now) {
      const Running ended = running_.top();
      running_.pop();
      clock_ = std::max(clock_, ended.done);
      notice(ended.job, true, ended.done);
    } else {
      break;
    }
  }
  clock_ = std::max(clock_, now);
}

std::optional<Micros> WorkerPool::next_due() const {
  if (!waiting_.empty() && running_.size() < workers_) return std::max(waiting_.front().queued, clock_);
  if (!running_.empty()) return running_.top().done;
  return std::nullopt;
}

void WorkerPool::clear() {
  waiting_.clear();
  running_ = {};
}

}  // namespace launchgate::standin
