#include "lib/trend/trend.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <functional>
#include <numbers>
#include <random>

using namespace launchgate::trend;

namespace {

std::vector<Sample> series(std::size_t n, double hours, const std::function<double(double)>& value) {
  std::vector<Sample> out;
  for (std::size_t i = 0; i < n; ++i) {
    const double at = hours * static_cast<double>(i) / static_cast<double>(n);
    out.push_back({at, value(at)});
  }
  return out;
}

struct Noise {
  std::mt19937_64 random{7};
  std::normal_distribution<double> normal;
  double last = 0;
  double operator()(double size) { return size * normal(random); }
  double correlated(double size, double share) { return last = share * last + size * normal(random); }
};

}  // namespace

TEST_CASE("a slope is found with its level, and noise has none") {
  Noise noise;
  const auto rising = series(240, 12, [&](double t) { return 100 + 5 * t + noise(4); });
  const Trend up = judge(rising, {});
  CHECK(std::abs(up.slope - 5) < 0.4);
  CHECK(std::abs(up.level - 100) < 2);
  CHECK(up.slope_upper > up.slope);
  CHECK(up.p < 1e-9);
  const Trend down = judge(series(240, 12, [&](double t) { return 100 - 5 * t + noise(4); }), {});
  CHECK(down.p > 0.99);
  int alarms = 0;
  for (int i = 0; i < 200; ++i) {
    noise.last = 0;
    alarms += judge(series(120, 12, [&](double) { return noise.correlated(1, 0.6); }), {}).p < 0.01 ? 1 : 0;
  }
  CHECK(alarms <= 10);
}

TEST_CASE("equal values, few values and none") {
  CHECK(judge({}, {}).p == 1);
  CHECK(judge({{1, 5}}, {}).level == 5);
  const Trend flat = judge(series(50, 1, [](double) { return 3; }), {});
  CHECK(flat.slope == 0);
  CHECK(flat.p == 1);
  CHECK(find_steps({}, {1}).empty());
}

TEST_CASE("a step is found and is no trend; a slope is no step") {
  Noise noise;
  const auto stepped = series(240, 12, [&](double t) { return (t < 7 ? 100 : 150) + noise(5); });
  const auto steps = find_steps(stepped, {});
  REQUIRE(steps.size() == 1);
  CHECK(steps.front() == 140);
  CHECK(judge(stepped, {}).p < 0.05);
  CHECK(judge(stepped, steps).p > 0.05);
  CHECK(find_steps(series(240, 12, [&](double t) { return 100 + 10 * t + noise(5); }), {}).empty());
  CHECK(find_steps(series(240, 12, [&](double) { return 100 + noise(5); }), {}).empty());
  // What a restart clears grows again: a saw has a trend, though its ends are level.
  const auto saw = series(240, 12, [&](double t) { return 100 + 10 * std::fmod(t, 6) + noise(3); });
  const auto cut = find_steps(saw, {6.0});
  REQUIRE(cut.size() == 1);
  CHECK(std::abs(judge(saw, cut).slope - 10) < 1);
  CHECK(judge(saw, cut).p < 1e-6);
}

TEST_CASE("a daily wave is no trend, whatever part of it was seen; a trend beside it is") {
  Noise noise;
  int missed = 0;
  for (int phase = 0; phase < 24; ++phase) {
    const auto found = [&](double slope) {
      const auto one = series(240, 12, [&](double t) {
        return 100 + slope * t + 30 * std::sin(2 * std::numbers::pi * (t + phase) / 24) + noise(3);
      });
      const Trend line = judge(one, {});
      const Trend trend = beside_wave(one, {}, line, 24).value_or(line);
      return trend.p < 0.001 && trend.slope_upper * 12 > 90;
    };
    CAPTURE(phase);
    CHECK_FALSE(found(0));
    missed += found(8.4) ? 0 : 1;
  }
  CHECK(missed <= 4);
  const auto line = series(240, 12, [&](double t) { return 100 + 8.4 * t + noise(5); });
  CHECK_FALSE(beside_wave(line, {}, judge(line, {}), 24));
}

TEST_CASE("what is asked of many is asked more strictly") {
  std::vector<double> ps = {0.01, 0.5, 0.002, 0.04};
  correct_for_family(ps);
  CHECK(ps[2] == Approx(0.008));
  CHECK(ps[0] == Approx(0.03));
  CHECK(ps[3] == Approx(0.08));
  CHECK(ps[1] == Approx(0.5));
  CHECK(probability_above({10, 11, 12, 13, 14}, {1, 2, 3, 4, 5}) < 0.01);
  CHECK(probability_above({1, 2, 3}, {1, 2, 3}) > 0.3);
  CHECK(probability_above({}, {1}) == 1);
}
