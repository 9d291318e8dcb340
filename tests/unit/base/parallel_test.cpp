#include <catch2/catch.hpp>

#include <atomic>
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
    for_each_parallel(runs.size(), [&](std::size_t index) { ++runs[index]; }, most);
    CHECK(std::accumulate(runs.begin(), runs.end(), 0) == 1000);
    CHECK(std::set<int>(runs.begin(), runs.end()) == std::set<int>{1});
  }
  for_each_parallel(0, [](std::size_t) { FAIL("there is no task"); });
}

TEST_CASE("one thread is the calling one, and keeps the order") {
  std::vector<std::size_t> order;
  for_each_parallel(
      5,
      [&, caller = std::this_thread::get_id()](std::size_t index) {
        if (std::this_thread::get_id() != caller) throw std::logic_error("another thread");
        order.push_back(index);
      },
      1);
  CHECK(order == std::vector<std::size_t>{0, 1, 2, 3, 4});
}

TEST_CASE("of several exceptions the first task's arrives, after all tasks have run") {
  std::atomic<int> runs = 0;
  const auto run = [&] {
    for_each_parallel(100, [&](std::size_t index) {
      ++runs;
      if (index % 10 == 7) throw std::runtime_error(std::to_string(index));
    });
  };
  CHECK_THROWS_WITH(run(), "7");
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
    for_each_parallel(found.size(), [&](std::size_t index) { found[index] = shared.position(text.size() - index * 400); });
    for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == expected.position(text.size() - i * 400));
  }
}
