#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "standin/core/event_log.hpp"
#include "standin/core/fault_set.hpp"
#include "standin/core/limits.hpp"
#include "standin/core/message.hpp"
#include "standin/core/metrics_text.hpp"
#include "standin/core/product.hpp"
#include "standin/core/stats.hpp"
#include "standin/core/store.hpp"
#include "standin/core/worker_pool.hpp"

namespace launchgate::standin {

struct AppSettings {
  std::uint64_t seed = 1;
  std::size_t history = 10000;  // events that are replayed
  std::int64_t start_unix_ms = 0;
};

// What only the operating system knows.
struct ProcessReadings {
  std::uint64_t resident_bytes = 0;
  std::uint64_t open_descriptors = 0;
};

constexpr std::size_t no_route = static_cast<std::size_t>(-1);

// A stream to open in place of a body.
struct StreamStart {
  std::uint64_t next_sequence = 0;
  bool resumed = false;
};

struct Answer {
  std::size_t route = no_route;
  bool control = false;  // not counted, not harmed
  Reply reply;
  Micros delay = 0;
  WireFault wire;
  std::optional<StreamStart> stream;
};

// The product's behaviour without a network: requests in, answers out, time as an argument. Not thread-safe.
class App {
 public:
  App(const Product& product, AppSettings settings, std::vector<std::string> token_values,
      std::function<ProcessReadings()> process);
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  Answer handle(std::size_t service, const Request& request, Micros now);

  // Lets workers get on. Call when next_due() is reached, or at any time.
  void advance(Micros now);
  std::optional<Micros> next_due(Micros now) const;

  // Publishes `count` events that belong to no item.
  void broadcast(std::uint64_t count, Micros now);

  const Product& product() const { return product_; }
  const std::vector<std::string>& token_values() const { return token_values_; }
  const EventLog& events() const { return events_; }
  FaultSet& faults() { return faults_; }
  Limiter& limiter() { return limiter_; }
  Stats& stats() { return stats_; }
  std::size_t open_streams() const { return open_streams_; }
  // A number in (0, 1) for a new stream, by which faults choose a share of the streams.
  double next_lot() { return random_.unit(); }
  void stream_opened() { ++open_streams_; }
  void stream_closed() { --open_streams_; }

  std::string stats_text(Micros now) const;
  void reset_stats();
  void reset_state();

 private:
  struct Match {
    std::size_t route = no_route;
    std::vector<std::string_view> parameters;  // in the order of the path
    std::string allowed;                       // methods of routes with this path
  };
  struct Subject {  // what placeholders speak of
    const Match* match = nullptr;
    std::optional<std::size_t> collection;
    const Item* item = nullptr;
    const std::vector<const Item*>* items = nullptr;
    Micros now = 0;
  };

  Match match(std::size_t service, const Request& request) const;
  Reply act(const Match& match, const Request& request, Micros now);
  Reply create(const Match& match, const Request& request, Micros now);
  std::optional<StreamStart> open_stream(const Request& request, Micros now) const;
  // None when the token is good enough for the route.
  std::optional<Reply> refuse(const Route& route, const Request& request, std::string& token, Micros now);
  Reply error(int status, std::string_view message, std::string_view code = "",
              std::optional<Micros> retry_after = std::nullopt) const;
  Reply reject(std::size_t route, const Rejection& rejection);
  Readings readings(Micros now) const;
  void publish(std::string_view type, std::size_t collection, const Item* item, Micros now);
  Value value(std::string_view name, const Subject& subject) const;
  void render_item(std::string& out, std::size_t collection, const Item& item, Micros now) const;
  const Item* parent_of(std::size_t collection, const Item& item) const;
  std::string timestamp(Micros at) const;

  const Product& product_;
  AppSettings settings_;
  std::vector<std::string> token_values_;
  std::function<ProcessReadings()> process_;
  std::unordered_map<std::string, std::size_t> exact_;  // "service METHOD path" without parameters
  std::vector<std::size_t> patterns_;                   // routes with parameters
  Store store_;
  WorkerPool pool_;
  EventLog events_;
  FaultSet faults_;
  Limiter limiter_;
  Random random_;
  Stats stats_;
  std::map<std::string, std::uint64_t> rejections_;
  std::uint64_t requests_ = 0;
  std::size_t open_streams_ = 0;
};

}  // namespace launchgate::standin
