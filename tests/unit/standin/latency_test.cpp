#include <algorithm>
#include <cmath>
#include <vector>

#include "standin/core/distribution.hpp"
#include "standin/core/histogram.hpp"
#include "unit/standin/support.hpp"

namespace launchgate::standin {

TEST_CASE("draws follow their distribution") {
  const Distribution all[] = {Fixed{20}, Uniform{5, 15}, Exponential{8}, Lognormal{20, 0.5}};
  for (const Distribution& distribution : all) {
    Random random(42);
    std::vector<double> draws;
    for (int i = 0; i < 100000; ++i) draws.push_back(static_cast<double>(draw(distribution, random)) / 1000);
    std::sort(draws.begin(), draws.end());
    for (const double p : {0.1, 0.5, 0.9, 0.99}) {
      const double expected = quantile_ms(distribution, p);
      const double seen = draws[static_cast<std::size_t>(p * static_cast<double>(draws.size()))];
      CAPTURE(distribution.index(), p);
      CHECK(std::fabs(seen - expected) < 0.03 * expected + 0.01);
    }
  }
}

TEST_CASE("closed forms of the quantiles") {
  CHECK(quantile_ms(Fixed{3}, 0.99) == Approx(3));
  CHECK(quantile_ms(Uniform{10, 20}, 0.25) == Approx(12.5));
  CHECK(quantile_ms(Exponential{10}, 0.5) == Approx(10 * std::log(2.0)));
  CHECK(quantile_ms(Lognormal{20, 0.5}, 0.5) == Approx(20));
  // 1.6448536 is the 95th percentile of the standard normal distribution.
  CHECK(quantile_ms(Lognormal{20, 0.5}, 0.95) == Approx(20 * std::exp(0.5 * 1.6448536269514722)));
}

TEST_CASE("a seed repeats its draws, no draw exceeds the cap") {
  Random one(9), two(9), other(10);
  CHECK(draw(Exponential{5}, one) == draw(Exponential{5}, two));
  CHECK(draw(Exponential{5}, one) != draw(Exponential{5}, other));
  Random random(1);
  for (int i = 0; i < 1000; ++i) CHECK(draw(Lognormal{1e6, 10}, random) <= static_cast<Micros>(longest_draw_ms * 1000));
}

TEST_CASE("a histogram's quantiles are those of its values") {
  Random random(3);
  Histogram histogram;
  std::vector<Micros> values;
  for (int i = 0; i < 50000; ++i) {
    const Micros value = draw(Lognormal{30, 1.5}, random);
    values.push_back(value);
    histogram.add(value);
  }
  std::sort(values.begin(), values.end());
  for (const double p : {0.01, 0.5, 0.95, 0.99, 0.999}) {
    const auto rank = static_cast<std::size_t>(std::ceil(p * static_cast<double>(values.size()))) - 1;
    const auto exact = static_cast<double>(values[rank]);
    CHECK(std::fabs(histogram.quantile(p) - exact) <= 0.0005 * exact + 0.5);
  }
  CHECK(histogram.count() == 50000);
  CHECK(histogram.max() == values.back());
  CHECK(histogram.min() == values.front());
}

TEST_CASE("a histogram at its edges") {
  Histogram histogram;
  CHECK(histogram.quantile(0.5) == 0);
  for (const Micros value : {Micros{-5}, Micros{0}, Micros{4095}, Micros{4096}, Micros{1} << 60}) histogram.add(value);
  CHECK(histogram.quantile(0) == 0);
  CHECK(histogram.quantile(0.6) == 4095);
  CHECK(histogram.quantile(0.8) == Approx(4096.5).margin(1));
  CHECK(histogram.quantile(1) <= static_cast<double>(Micros{1} << 60));
}

}  // namespace launchgate::standin
