#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "standin/core/fault.hpp"
#include "standin/core/product.hpp"
#include "standin/core/random.hpp"

namespace launchgate::standin {

struct InstalledFault {
  std::uint64_t id = 0;
  Fault fault;
  Micros installed = 0;
  std::uint64_t applied = 0;
  std::vector<Micros> free_at;                            // LatencyFault::servers: when each server is free again
  std::vector<std::pair<std::string, double>> baselines;  // MetricFault resets: metric and what it had counted then
  std::int64_t last_period = -1;

  bool active(Micros now) const;
  // Which repetition is on: 0, 1, …; -1 before the first.
  std::int64_t period(Micros now) const;
  // End of the repetition that is active, or none when it has no end.
  std::optional<Micros> ends(Micros now) const;
};

// What is to be done to one request.
struct Decision {
  Micros delay = 0;  // before the answer; the injected latency
  const ErrorFault* error = nullptr;
  WireFault wire;
  const PlantFault* plant = nullptr;
};

// A `usage` error for a fault whose globs match nothing of the product: whoever asks for one would believe that it is
// there.
base::Result<void> check_fault(const Product& product, const Fault& fault);

// The faults in force. Answers and streams are matched by route once, when the set changes.
class FaultSet {
 public:
  FaultSet(const Product& product, std::uint64_t seed);

  std::uint64_t install(Fault fault, Micros now);
  bool remove(std::uint64_t id);
  void clear();
  const std::list<InstalledFault>& all() const { return faults_; }
  std::list<InstalledFault>& all() { return faults_; }

  // For a request to `route`; draws, counts and queues as the faults ask for.
  Decision decide(std::size_t route, bool with_token, Micros now);
  // Listener faults of a service that are active, last installed first.
  const ListenFault* listening(std::size_t service, Micros now) const;
  // Stream faults that concern a stream of `route` whose own random number in [0, 1) is `lot`.
  void for_streams(std::size_t route, double lot, Micros now,
                   const std::function<void(const StreamFault&)>& visit) const;
  bool has_stream_faults(std::size_t route) const { return !streams_[route].empty(); }
  bool workers_paused(Micros now) const;
  const PlantFault* planted(std::size_t service, Micros now) const;

 private:
  void index();

  const Product& product_;
  Random random_;
  std::list<InstalledFault> faults_;
  std::vector<std::vector<InstalledFault*>> routes_;   // by route: latency, error, stall, wire, plant
  std::vector<std::vector<InstalledFault*>> streams_;  // by route
  std::uint64_t next_id_ = 1;
};

}  // namespace launchgate::standin
