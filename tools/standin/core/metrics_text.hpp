#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "standin/core/fault_set.hpp"
#include "standin/core/product.hpp"

namespace launchgate::standin {

// What metrics tell about, taken when they are asked for.
struct Readings {
  std::uint64_t queue_depth = 0;
  double oldest_age_ms = 0;
  std::uint64_t open_streams = 0;
  std::map<std::string, std::uint64_t> rejections;  // by policy code
  std::uint64_t requests = 0;
  std::uint64_t resident_bytes = 0;
  std::uint64_t open_descriptors = 0;
  double uptime_seconds = 0;
  std::int64_t unix_ms = 0;
};

enum class MetricsFormat : std::uint8_t { prometheus, openmetrics };

// The metrics of one service in the Prometheus text format 0.0.4, or OpenMetrics 1.0, as faults leave them.
std::string metrics_text(const Product& product, std::size_t service, const Readings& readings, FaultSet& faults,
                         Micros now, MetricsFormat format);

}  // namespace launchgate::standin
