#include "lib/base/parallel.hpp"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace launchgate::base {

std::size_t processors() noexcept { return std::max<std::size_t>(std::thread::hardware_concurrency(), 1); }

void TaskQueue::add(std::function<void()> task) {
  const std::scoped_lock lock(mutex_);
  waiting_.push_back({added_++, std::move(task)});
  if (!started_) return;
  hire();
  changed_.notify_one();
}

void TaskQueue::run() {
  {
    std::unique_lock lock(mutex_);
    started_ = true;
    hire();
    work(lock);
  }
  for (std::thread& other : others_) other.join();
  others_.clear();
  started_ = false;
  if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
}

// Until there is no task and none runs that could add one.
void TaskQueue::work(std::unique_lock<std::mutex>& lock) {
  while (!waiting_.empty() || running_ > 0) {
    if (waiting_.empty()) {
      changed_.wait(lock);
      continue;
    }
    std::exception_ptr thrown;
    {
      const Task task = std::move(waiting_.front());
      waiting_.pop_front();
      ++running_;
      lock.unlock();
      try {
        task.run();
      } catch (...) {
        thrown = std::current_exception();
      }
      lock.lock();
      if (thrown && (!thrown_ || task.number < thrown_by_)) {
        thrown_ = thrown;
        thrown_by_ = task.number;
      }
    }
    --running_;
    if (waiting_.empty() && running_ == 0) changed_.notify_all();
  }
}

// More threads, when there is more to do than threads that could take it.
void TaskQueue::hire() {
  while (others_.size() + 1 < most_threads_ && waiting_.size() > others_.size() + 1 - running_) {
    try {
      others_.push_back(start_thread([this] {
        std::unique_lock lock(mutex_);
        work(lock);
      }));
    } catch (const std::system_error&) {
      return;  // a machine that gives no more threads is slower, not unable
    }
  }
}

std::thread start_thread(std::function<void()> work) {
  std::thread thread(std::move(work));
  const int busy = sched_getcpu();
  cpu_set_t allowed;
  if (busy < 0 || busy >= CPU_SETSIZE || sched_getaffinity(0, sizeof allowed, &allowed) != 0 || CPU_COUNT(&allowed) < 2)
    return thread;
  cpu_set_t others = allowed;
  CPU_CLR(static_cast<std::size_t>(busy), &others);
  // It moves at once, whether it runs or waits for its turn. Both calls come from here, so that none is ahead of the
  // other.
  pthread_setaffinity_np(thread.native_handle(), sizeof others, &others);
  pthread_setaffinity_np(thread.native_handle(), sizeof allowed, &allowed);
  return thread;
}

}  // namespace launchgate::base
