#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/measure/histogram.hpp"
#include "standin/core/product.hpp"

namespace launchgate::standin {

using Histogram = measure::FineHistogram;

// What happened to the requests of one route. requests = sum of responses + sum of unanswered + those still held.
struct RouteStats {
  std::uint64_t requests = 0;
  std::map<int, std::uint64_t> responses;           // complete, valid answers by status
  std::map<std::string, std::uint64_t> unanswered;  // by reason: a wire fault, or "abandoned" by the client
  std::map<std::string, std::uint64_t> codes;       // rejections by policy code, "" without one
  Histogram injected;                               // the latency asked for
  Histogram held;  // from the request's last byte to the answer's handover to the kernel
};

struct StreamStats {
  std::uint64_t opened = 0, closed_by_client = 0, dropped = 0;
  std::uint64_t resumed = 0;  // opened with a last event id
  std::uint64_t events = 0;   // frames written, each copy to each stream
  std::uint64_t heartbeats = 0;
  std::uint64_t left_out = 0, doubled = 0;  // by faults
};

struct ConnectionStats {
  std::uint64_t accepted = 0, closed = 0, turned_away = 0, handshakes = 0, failed_handshakes = 0;
  std::uint64_t bad_requests = 0;  // what could not be parsed
};

struct Stats {
  std::vector<RouteStats> routes;
  RouteStats unknown;  // requests no route answers
  StreamStats streams;
  std::vector<ConnectionStats> connections;  // by service
  std::uint64_t published = 0;               // events
};

void append_histogram(std::string& out, const Histogram& histogram);
// The object of one route, and the whole.
std::string stats_json(const Product& product, const Stats& stats, std::string_view extra_members);

}  // namespace launchgate::standin
