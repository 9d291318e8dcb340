#include "lib/base/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <system_error>
#include <thread>
#include <vector>

namespace launchgate::base {

void for_each_parallel(std::size_t count, const std::function<void(std::size_t)>& task, std::size_t most_threads) {
  std::vector<std::exception_ptr> thrown(count);
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t index = next++; index < count; index = next++) {
      try {
        task(index);
      } catch (...) {
        thrown[index] = std::current_exception();
      }
    }
  };
  std::size_t threads = std::max<std::size_t>(std::thread::hardware_concurrency(), 1);
  if (most_threads != 0) threads = std::min(threads, most_threads);
  threads = std::min(threads, count);
  {
    std::vector<std::jthread> others;
    try {
      while (others.size() + 1 < threads) others.emplace_back(work);
    } catch (const std::system_error&) {
      // A machine that gives no more threads is slower, not unable.
    }
    work();
  }
  for (const std::exception_ptr& one : thrown) {
    if (one) std::rethrow_exception(one);
  }
}

}  // namespace launchgate::base
