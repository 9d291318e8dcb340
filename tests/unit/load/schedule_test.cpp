#include "load/core/schedule.hpp"

#include <map>
#include <random>

using namespace launchgate::load;

namespace {

std::vector<Arrival> all(Schedule& schedule) {
  std::vector<Arrival> out;
  while (const Arrival* next = schedule.peek()) {
    out.push_back(*next);
    schedule.pop();
  }
  return out;
}

std::int64_t pick(std::mt19937& random, std::int64_t least, std::int64_t most) {
  return std::uniform_int_distribution<std::int64_t>(least, most)(random);
}

}  // namespace

TEST_CASE("arrivals are in order, within the run, and as many as the rate asks for") {
  Schedule schedule({{0, 10}, {1, 0.5}, {2, 200}}, 10 * second);
  const auto arrivals = all(schedule);
  std::vector<std::uint64_t> counts(3);
  Nanoseconds last = 0;
  for (const Arrival& arrival : arrivals) {
    CHECK(arrival.at >= last);
    CHECK(arrival.at < 10 * second);
    last = arrival.at;
    ++counts[arrival.kind];
  }
  CHECK(counts == std::vector<std::uint64_t>{100, 5, 2000});
}

TEST_CASE("a short run has every kind once at least") {
  Schedule schedule({{7, 0.01}, {8, 0.02}}, second);
  const auto arrivals = all(schedule);
  REQUIRE(arrivals.size() == 2);
  CHECK(arrivals[0].at < second);
  CHECK(arrivals[1].at < second);
}

TEST_CASE("what is measured after a warm-up is what is measured without one") {
  for (const Nanoseconds warmup : {700 * millisecond, 20 * second}) {
    Schedule schedule({{0, 10}, {1, 0.5}, {2, 0.01}, {3, 1}}, 1900 * millisecond, warmup);
    std::vector<std::uint64_t> warm(4);
    std::vector<std::uint64_t> measured(4);
    Nanoseconds last = 0;
    for (const Arrival& arrival : all(schedule)) {
      CHECK(arrival.at >= last);
      last = arrival.at;
      ++(arrival.at < warmup ? warm : measured)[arrival.kind];
    }
    CHECK(last < warmup + 1900 * millisecond);
    CHECK(measured == std::vector<std::uint64_t>{19, 1, 1, 2});
    CHECK(warm ==
          (warmup < second ? std::vector<std::uint64_t>{7, 0, 0, 0} : std::vector<std::uint64_t>{200, 10, 0, 20}));
  }
}

TEST_CASE("a rate that divides the length does not gain an arrival by rounding") {
  CHECK(Schedule::arrivals(0.1, 30 * second) == 3);
  CHECK(Schedule::arrivals(1.0 / 3, 30 * second) == 10);
  CHECK(Schedule::arrivals(2, 1400 * millisecond) == 3);
}

TEST_CASE("skipping drops exactly what is due") {
  for (const Nanoseconds until : {Nanoseconds{0}, 1 * second, 2500 * millisecond, 9 * second, 20 * second}) {
    Schedule whole({{0, 7}, {1, 3}}, 8 * second, 2 * second);
    Schedule skipped({{0, 7}, {1, 3}}, 8 * second, 2 * second);
    for (int i = 0; i < 5; ++i) {
      whole.pop();
      skipped.pop();
    }
    std::vector<std::uint64_t> dropped(2);
    skipped.skip_until(until, dropped);
    std::vector<std::uint64_t> expected(2);
    std::vector<Nanoseconds> kept;
    for (const Arrival& arrival : all(whole)) {
      if (arrival.at < until) {
        ++expected[arrival.kind];
      } else {
        kept.push_back(arrival.at);
      }
    }
    CHECK(dropped == expected);
    const auto rest = all(skipped);
    REQUIRE(rest.size() == kept.size());
    for (std::size_t i = 0; i < rest.size(); ++i) CHECK(rest[i].at == kept[i]);
  }
}

// Random plans and random numbers of segments, the warm-up included.
TEST_CASE("the arrivals of all segments are those of the whole, each once and at the same time") {
  std::mt19937 random(20);
  std::uniform_real_distribution<double> rates(0.01, 300);
  for (int round = 0; round < 200; ++round) {
    std::vector<ArrivalPlan> plans;
    for (std::int64_t kind = pick(random, 0, 5); kind >= 0; --kind)
      plans.push_back({static_cast<std::uint32_t>(kind), rates(random) / static_cast<double>(pick(random, 1, 50))});
    const Nanoseconds length = pick(random, second, 20 * second);
    const Nanoseconds warmup = std::max<Nanoseconds>(0, pick(random, -2 * second, 5 * second));
    const auto segments = static_cast<std::uint32_t>(pick(random, 1, 9));
    Schedule whole(plans, length, warmup);
    std::map<std::pair<std::uint32_t, Nanoseconds>, int> wanted;
    for (const Arrival& arrival : all(whole)) ++wanted[{arrival.kind, arrival.at}];
    std::map<std::pair<std::uint32_t, Nanoseconds>, int> made;
    for (std::uint32_t i = 0; i < segments; ++i) {
      Schedule part(plans, length, warmup, {i, segments});
      Nanoseconds last = 0;
      for (const Arrival& arrival : all(part)) {
        CHECK(arrival.at >= last);
        last = arrival.at;
        ++made[{arrival.kind, arrival.at}];
      }
    }
    CHECK(made == wanted);
  }
}

TEST_CASE("what segments drop of a schedule is what the whole drops") {
  std::mt19937 random(21);
  const std::vector<ArrivalPlan> plans = {{0, 17}, {1, 0.2}, {2, 3}};
  for (int round = 0; round < 200; ++round) {
    const Nanoseconds until = pick(random, 0, 12 * second);
    const auto segments = static_cast<std::uint32_t>(pick(random, 1, 9));
    std::vector<std::uint64_t> wanted(3);
    Schedule whole(plans, 10 * second, second);
    whole.skip_until(until, wanted);
    std::vector<std::uint64_t> dropped(3);
    std::size_t left = 0;
    for (std::uint32_t i = 0; i < segments; ++i) {
      Schedule part(plans, 10 * second, second, {i, segments});
      part.skip_until(until, dropped);
      for (const Arrival& arrival : all(part)) {
        CHECK(arrival.at >= until);
        ++left;
      }
    }
    CHECK(dropped == wanted);
    CHECK(left == all(whole).size());
  }
}

TEST_CASE("a share counts what it owns") {
  for (std::uint32_t of = 1; of < 8; ++of) {
    for (std::uint32_t segment = 0; segment < of; ++segment) {
      const SegmentShare share{segment, of};
      std::uint64_t owned = 0;
      for (std::uint64_t k = 0; k < 50; ++k) {
        CHECK(share.count(k) == owned);
        CHECK(share.from(k) >= k);
        CHECK(share.owns(share.from(k)));
        if (share.owns(k)) CHECK(share.at(owned++) == k);
      }
    }
  }
}
