#pragma once

#include <cstdint>

namespace launchgate::standin {

// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014). Small, quick, the same on
// every machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    return mix(state_);
  }
  // In (0, 1): never an end, so that a logarithm may be taken.
  double unit() { return (static_cast<double>(next() >> 11) + 0.5) * 0x1.0p-53; }
  bool chance(double probability) { return probability >= 1 || unit() < probability; }

  // A bijection of the 64-bit numbers: distinct counters give distinct identifiers that do not look like a counter.
  static std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

 private:
  std::uint64_t state_;
};

}  // namespace launchgate::standin
