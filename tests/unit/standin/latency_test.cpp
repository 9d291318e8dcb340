#include <algorithm>
#include <cmath>
#include <vector>

#include "standin/core/distribution.hpp"
#include "unit/standin/support.hpp"

namespace launchgate::standin {
namespace {

// Quantile of the standard normal distribution: bisection of erfc, which is monotonic. 60 halvings of [-9, 9] reach
// double precision.
double normal_quantile(double p) {
  double low = -9;
  double high = 9;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (0.5 * std::erfc(-middle / std::sqrt(2.0)) < p ? low : high) = middle;
  }
  return (low + high) / 2;
}

struct Quantile {
  double p;
  double operator()(const Fixed& d) const { return d.ms; }
  double operator()(const Uniform& d) const { return d.min_ms + (d.max_ms - d.min_ms) * p; }
  double operator()(const Exponential& d) const { return -d.mean_ms * std::log1p(-p); }
  double operator()(const Lognormal& d) const { return d.median_ms * std::exp(d.sigma * normal_quantile(p)); }
};

// The value below which a share `p` in (0, 1) of draws lies, in milliseconds.
double quantile_ms(const Distribution& distribution, double p) { return std::visit(Quantile{p}, distribution); }

}  // namespace

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

}  // namespace launchgate::standin
