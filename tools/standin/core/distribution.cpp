#include "standin/core/distribution.hpp"

#include <algorithm>
#include <cmath>

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

struct Draw {
  Random& random;
  double operator()(const Fixed& d) const { return d.ms; }
  double operator()(const Uniform& d) const { return d.min_ms + (d.max_ms - d.min_ms) * random.unit(); }
  double operator()(const Exponential& d) const { return -d.mean_ms * std::log(random.unit()); }
  double operator()(const Lognormal& d) const {
    // Box-Muller, one of its two values.
    const double radius = std::sqrt(-2 * std::log(random.unit()));
    return d.median_ms * std::exp(d.sigma * radius * std::cos(2 * 3.14159265358979323846 * random.unit()));
  }
};

}  // namespace

Micros draw(const Distribution& distribution, Random& random) {
  const double ms = std::clamp(std::visit(Draw{random}, distribution), 0.0, longest_draw_ms);
  return std::llround(ms * static_cast<double>(micros_per_ms));
}

double quantile_ms(const Distribution& distribution, double p) {
  return std::clamp(std::visit(Quantile{p}, distribution), 0.0, longest_draw_ms);
}

}  // namespace launchgate::standin
