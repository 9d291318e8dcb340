#include "standin/core/distribution.hpp"

#include <algorithm>
#include <cmath>

namespace launchgate::standin {
namespace {

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

}  // namespace launchgate::standin
