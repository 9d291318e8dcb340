#pragma once

#include <variant>

#include "standin/core/clock.hpp"
#include "standin/core/random.hpp"

namespace launchgate::standin {

// How long something takes. All figures in milliseconds.
struct Fixed {
  double ms = 0;
};
struct Uniform {
  double min_ms = 0;
  double max_ms = 0;
};
struct Exponential {
  double mean_ms = 0;
};
// The logarithm is normal: half of all draws lie below `median_ms`, `sigma` is the logarithm's standard deviation.
struct Lognormal {
  double median_ms = 0;
  double sigma = 0;
};

using Distribution = std::variant<Fixed, Uniform, Exponential, Lognormal>;

// No draw lasts longer, whatever the distribution's tail.
constexpr double longest_draw_ms = 3600000;

Micros draw(const Distribution& distribution, Random& random);

}  // namespace launchgate::standin
