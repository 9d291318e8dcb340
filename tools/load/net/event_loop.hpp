#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.hpp"
#include "load/core/time.hpp"
#include "load/core/transport.hpp"

namespace launchgate::load {

struct NetworkTarget {
  std::string url;
  bool used = true;  // names of unused targets are not resolved
};

struct NetworkSettings {
  std::vector<NetworkTarget> targets;
  std::int64_t timeout_ms = 10'000;
  std::size_t connections = 1;  // kept alive per target
  bool verify_tls = true;
  std::string ca_file;
  std::string proxy;  // empty: none
};

// What a loop drives: an engine, or the probes before it.
class Driven {
 public:
  virtual ~Driven() = default;
  virtual std::optional<Nanoseconds> next_wake() const = 0;
  virtual void advance(Nanoseconds now) = 0;
  virtual bool done() const = 0;
  // The first signal; the second ends the process.
  virtual void interrupt(Nanoseconds now) = 0;
};

// One event loop on the calling thread, with its transport, clock and signals.
class EventLoop {
 public:
  // Resolves names and reads certificates: errors are `usage` for a URL, `input` for a host or a file.
  static base::Result<std::unique_ptr<EventLoop>> open(const NetworkSettings& settings);
  ~EventLoop();

  Transport& transport();
  const Clock& clock() const;
  // Until `driven` is done. SIGINT and SIGTERM interrupt it; a second one exits the process with 130 at once.
  void run(Driven& driven);
  bool interrupted() const;
  // Addresses of a target, for messages.
  std::string addresses(std::size_t target) const;

 private:
  class Impl;
  explicit EventLoop(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

struct ProcessUsage {
  double cpu_seconds = 0;
  std::uint64_t peak_memory_bytes = 0;
};
ProcessUsage process_usage();

// Gives memory that was freed back to the system, where the C library can: thousands of TLS handshakes leave their
// buffers behind.
void release_free_memory();

// Raises the limit of open descriptors as far as it goes and returns it.
std::uint64_t raise_descriptor_limit();

// A clock of this machine.
const Clock& system_clock();

}  // namespace launchgate::load
