#include "load/compare/compare.hpp"

#include <fmt/format.h>

#include <cmath>
#include <random>

#include "lib/measure/histogram.hpp"

#include <catch2/catch.hpp>

using namespace launchgate::load;

namespace {

// Five minutes at 20 requests a second, log-normal, with a load that drifts: neighbouring seconds are alike.
Intervals simulated(std::mt19937_64& random, double slower, double failing = 0) {
  std::normal_distribution<double> normal;
  std::poisson_distribution<int> arrivals(20);
  std::uniform_real_distribution<double> uniform;
  Intervals out;
  double drift = 0;
  for (int second = 0; second < 300; ++second) {
    drift = 0.6 * drift + 0.04 * normal(random);
    Interval one;
    launchgate::measure::Histogram h;
    const int n = arrivals(random);
    for (int i = 0; i < n; ++i)
      h.record_us(static_cast<std::int64_t>(40'000 * slower * std::exp(drift + 0.45 * normal(random))));
    const std::vector<std::uint64_t> runs = h.sparse();
    std::uint32_t bucket = 0;
    for (std::size_t i = 0; i + 1 < runs.size(); i += 2) {
      bucket += static_cast<std::uint32_t>(runs[i]);
      one.buckets.emplace_back(bucket, static_cast<std::uint32_t>(runs[i + 1]));
    }
    one.count = static_cast<std::uint64_t>(n);
    for (int i = 0; i < n; ++i) one.failures += uniform(random) < failing ? 1U : 0U;
    out.push_back(std::move(one));
  }
  return out;
}

// A run has its requests as a whole and in four operations.
struct Pair {
  std::vector<ComparedFigure> figures;
  Pair(std::mt19937_64& random, double slower) {
    std::vector<Intervals> base;
    std::vector<Intervals> fresh;
    base.push_back(simulated(random, 1, 0.002));
    fresh.push_back(simulated(random, slower, 0.002));
    add("all", base, fresh, {50, 95, 99});
    figures.push_back({"all", "all", "rate", "a second", compare_rates(base, fresh), Moved::unknown, false});
    for (int operation = 0; operation < 4; ++operation)
      add("operation", part(base, operation), part(fresh, operation), {95});
    judge(figures, 5);
  }
  static std::vector<Intervals> part(const std::vector<Intervals>& runs, int operation) {
    std::vector<Intervals> out = runs;
    for (Interval& one : out.front()) {
      std::vector<std::pair<std::uint32_t, std::uint32_t>> kept;
      for (std::size_t i = static_cast<std::size_t>(operation); i < one.buckets.size(); i += 4)
        kept.push_back(one.buckets[i]);
      one.buckets = std::move(kept);
    }
    return out;
  }
  void add(const std::string& kind, const std::vector<Intervals>& base, const std::vector<Intervals>& fresh,
           const std::vector<double>& percents) {
    const auto found = compare_percentiles(base, fresh, percents);
    for (std::size_t i = 0; i < percents.size(); ++i)
      figures.push_back({kind, kind, fmt::format("p{}", percents[i]), "ms", found[i], Moved::unknown, false});
    figures.push_back({kind, kind, "failures", "%", compare_failures(base, fresh), Moved::unknown, false});
  }
  bool moved() const {
    for (const ComparedFigure& one : figures) {
      if (one.moved == Moved::worse || one.moved == Moved::better) return true;
    }
    return false;
  }
  bool found() const { return figures[1].moved == Moved::worse && figures[1].regression; }
};

void figures_of(int pairs, int& alarms, int& found) {
  std::mt19937_64 random(7);
  alarms = found = 0;
  for (int i = 0; i < pairs; ++i) {
    alarms += Pair(random, 1).moved() ? 1 : 0;
    found += Pair(random, 1.1).found() ? 1 : 0;
  }
}

}  // namespace

TEST_CASE("runs of the same deployment differ in nothing, and a slower one is found") {
  int alarms = 0;
  int found = 0;
  figures_of(12, alarms, found);
  // One in a hundred is an alarm; of a dozen there may be one.
  CHECK(alarms <= 1);
  CHECK(found >= 11);
}

// unit_load "[figures]" prints what docs/tools/launchgate-load.md says of comparisons.
TEST_CASE("figures of the comparison", "[.][figures]") {
  int alarms = 0;
  int found = 0;
  figures_of(200, alarms, found);
  fmt::print(
      "200 pairs of the same deployment: {} false alarms\n200 pairs with a p95 that is 10 % slower, 5 minutes at 20/s: "
      "{} found\n",
      alarms, found);
  CHECK(alarms <= 4);
  CHECK(found >= 190);
}

TEST_CASE("what is too little to compare is said to be unknown") {
  const std::vector<Intervals> none = {Intervals(4)};
  CHECK_FALSE(compare_percentiles(none, none, {95}).front().known);
  CHECK_FALSE(compare_failures(none, none).known);
  std::vector<ComparedFigure> figures = {{"x", "all", "p95", "ms", {}, Moved::same, false}};
  judge(figures, 1);
  CHECK_FALSE(figures.front().regression);
}

TEST_CASE(
    "more failures are worse whatever percentage is allowed, and a change within what is allowed is no regression") {
  std::mt19937_64 random(3);
  const std::vector<Intervals> base = {simulated(random, 1, 0)};
  const std::vector<Intervals> failing = {simulated(random, 1, 0.1)};
  std::vector<ComparedFigure> figures = {
      {"x", "all", "failures", "%", compare_failures(base, failing), Moved::unknown, false}};
  judge(figures, 500);
  CHECK(figures.front().moved == Moved::worse);
  CHECK(figures.front().regression);
  const std::vector<Intervals> slow = {simulated(random, 1.3, 0)};
  figures = {{"x", "all", "p95", "ms", compare_percentiles(base, slow, {95}).front(), Moved::unknown, false}};
  judge(figures, 50);
  CHECK(figures.front().moved == Moved::worse);
  CHECK_FALSE(figures.front().regression);
  judge(figures, 10);
  CHECK(figures.front().regression);
  const std::vector<Intervals> fast = {simulated(random, 0.8, 0)};
  figures = {{"x", "all", "p95", "ms", compare_percentiles(base, fast, {95}).front(), Moved::unknown, false}};
  judge(figures, 1);
  CHECK(figures.front().moved == Moved::better);
}

TEST_CASE("Holm's correction gives what falls to the rest") {
  CHECK(rejected({0.001, 0.02, 0.04}, {1, 1, 1}, 0.05) == std::vector<bool>{true, true, true});
  CHECK(rejected({0.02, 0.02, 0.04}, {1, 1, 1}, 0.05) == std::vector<bool>{false, false, false});
  CHECK(rejected({0.03, 0.001}, {4, 1}, 0.05) == std::vector<bool>{true, true});
  CHECK(rejected({}, {}, 0.05).empty());
}
