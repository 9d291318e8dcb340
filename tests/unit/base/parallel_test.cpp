#include <catch2/catch.hpp>

#include <sched.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <numeric>
#include <set>
#include <stdexcept>
#include <thread>

#include "lib/base/parallel.hpp"
#include "lib/base/source_text.hpp"

using namespace launchgate::base;

TEST_CASE("each task runs once, whatever the number of threads") {
  for (const std::size_t most : {std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{64}}) {
    std::vector<int> runs(1000, 0);
    TaskQueue queue(most);
    for (int& run : runs) queue.add([&run] { ++run; });
    queue.run();
    CHECK(std::accumulate(runs.begin(), runs.end(), 0) == 1000);
    CHECK(std::set<int>(runs.begin(), runs.end()) == std::set<int>{1});
  }
  TaskQueue().run();  // without a task
}

TEST_CASE("one thread is the calling one, and keeps the order") {
  std::vector<std::size_t> order;
  TaskQueue queue(1);
  for (std::size_t index = 0; index < 5; ++index) {
    queue.add([&, index, caller = std::this_thread::get_id()] {
      if (std::this_thread::get_id() != caller) throw std::logic_error("another thread");
      order.push_back(index);
    });
  }
  queue.run();
  CHECK(order == std::vector<std::size_t>{0, 1, 2, 3, 4});
}

TEST_CASE("tasks add tasks, and are waited for") {
  for (const std::size_t most : {std::size_t{1}, std::size_t{2}, std::size_t{8}}) {
    std::atomic<int> runs = 0;
    TaskQueue queue(most);
    std::function<void(int)> branch = [&](int depth) {
      ++runs;
      if (depth == 0) return;
      for (int i = 0; i < 2; ++i) queue.add([&, depth] { branch(depth - 1); });
    };
    queue.add([&] { branch(9); });
    queue.run();
    CHECK(runs == 1023);
    queue.add([&] { branch(2); });  // it may be used again
    queue.run();
    CHECK(runs == 1030);
  }
}

TEST_CASE("of several exceptions the first task's arrives, after all tasks have run") {
  std::atomic<int> runs = 0;
  TaskQueue queue;
  for (int index = 0; index < 100; ++index) {
    queue.add([&runs, index] {
      ++runs;
      if (index % 10 == 7) throw std::runtime_error(std::to_string(index));
    });
  }
  CHECK_THROWS_WITH(queue.run(), "7");
  CHECK(runs == 100);
}

TEST_CASE("threads may share a source text from the beginning") {
  std::string text;
  for (int i = 0; i < 2000; ++i) text += "line é " + std::string(static_cast<std::size_t>(i % 17), 'x') + '\n';
  text += std::string(20000, 'y');
  const SourceText expected("f", text);
  for (int round = 0; round < 20; ++round) {
    const SourceText shared("f", text);
    std::vector<Position> found(64);
    TaskQueue queue;
    for (std::size_t i = 0; i < found.size(); ++i)
      queue.add([&, i] { found[i] = shared.position(text.size() - i * 400); });
    queue.run();
    for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == expected.position(text.size() - i * 400));
  }
}

TEST_CASE("a new thread begins elsewhere and is bound to no processor") {
  cpu_set_t before;
  REQUIRE(sched_getaffinity(0, sizeof before, &before) == 0);
  // Where others want the processors too, a thread may be moved back before it has begun: then it takes more rounds.
  const int wanted = CPU_COUNT(&before) > 1 ? 25 : 0;
  int elsewhere = 0;
  for (int round = 0; round < 50 || (elsewhere < wanted && round < 3000); ++round) {
    std::atomic<int> began = -1;
    std::atomic<bool> go = false;
    cpu_set_t bound;
    const int here = sched_getcpu();
    std::thread thread = start_thread([&] {
      began = sched_getcpu();
      while (!go) std::this_thread::yield();
      sched_getaffinity(0, sizeof bound, &bound);
    });
    go = true;
    thread.join();
    elsewhere += began != here ? 1 : 0;
    CHECK(CPU_EQUAL(&before, &bound));
    cpu_set_t after;
    REQUIRE(sched_getaffinity(0, sizeof after, &after) == 0);
    CHECK(CPU_EQUAL(&before, &after));
  }
  CHECK(elsewhere >= wanted);
}
