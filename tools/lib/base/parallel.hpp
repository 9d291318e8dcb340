#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace launchgate::base {

// How many processors this process may use; at least 1.
std::size_t processors() noexcept;

// Tasks for as many threads as there are processors, the calling one among them. They are begun in the order in which
// they were added, may add others, and must not depend on which of them ends first: results belong in slots.
class TaskQueue {
 public:
  explicit TaskQueue(std::size_t most_threads = processors()) : most_threads_(most_threads) {}

  void add(std::function<void()> task);
  // Returns when all tasks are done, those added meanwhile included. Of the exceptions that tasks throw, that of the
  // task added first is thrown here.
  void run();

 private:
  struct Task {
    std::size_t number = 0;
    std::function<void()> run;
  };
  void work(std::unique_lock<std::mutex>& lock);
  void hire();

  std::size_t most_threads_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> waiting_;
  std::size_t added_ = 0;
  std::size_t running_ = 0;
  bool started_ = false;
  std::exception_ptr thrown_;
  std::size_t thrown_by_ = 0;
  std::vector<std::thread> others_;
};

// A thread that begins on another processor than the calling one's, where there is one, and is bound to none. A kernel
// may put a new thread beside the one that made it and look for a free processor only at a later tick: some
// milliseconds, in which a short run is over. Throws std::system_error.
std::thread start_thread(std::function<void()> work);

}  // namespace launchgate::base
