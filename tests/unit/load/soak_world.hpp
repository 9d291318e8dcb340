#pragma once

#include <cstdint>
#include <string>

#include "load/core/soak.hpp"

// Soaks of twelve hours in simulated time, a minute at a time: what scrapes, streams and answers of a deployment would
// have brought, with noise, daily waves, a restart, a deployment, and one trouble if wanted.
namespace simulation {

struct SoakWorld {
  std::string trouble;  // a check of the catalogue; empty: healthy
  double strength = 1;  // 1: what it concerns doubles within the soak
  bool restart = true;  // of both targets, at a time that the seed draws
  bool deployment = true;
  std::uint64_t seed = 1;
};

launchgate::load::SoakAnalysis simulate(const SoakWorld& world);

}  // namespace simulation
