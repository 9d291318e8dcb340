#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.hpp"
#include "standin/core/app.hpp"
#include "standin/core/wire.hpp"
#include "standin/net/certificate.hpp"

namespace launchgate::standin {

class Connection;

struct ServerSettings {
  std::string host = "127.0.0.1";    // a loopback address, or "localhost"
  std::vector<std::uint16_t> ports;  // by service; 0: any
  std::uint16_t control_port = 0;
  std::optional<TlsIdentity> tls;        // for the services, not for the control port
  Micros heartbeat = micros_per_second;  // 0: none
  double broadcast_per_second = 0;
  std::optional<Micros> lifetime;
};

// The network around an App: one thread, one loop. Listens on one port per service and on one for control, all on the
// loopback.
class Server {
 public:
  Server(App& app, ServerSettings settings);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // A host that is not of the loopback is a `usage` error, a port in use an `output` error.
  base::Result<void> listen();
  // After listen(): "http://127.0.0.1:40123", by service.
  std::vector<std::string> urls() const;
  std::string control_url() const;
  std::uint64_t open_descriptors() const;
  // Until SIGINT, SIGTERM or the end of the lifetime.
  void run();

  // For connections.
  App& app() { return app_; }
  Micros now() const;
  std::array<char, 65536>& read_buffer() { return read_buffer_; }
  Transmission& transmission() { return transmission_; }
  std::string& scratch() { return scratch_; }
  boost::asio::io_context& loop() { return *loop_; }
  // After anything that may have published events or given work.
  void stirred();
  // After faults may have changed: what they mean for listeners holds from now on. The connection that asked is spared.
  void steered(const Connection& by);
  void add(Connection& connection);
  void remove(Connection& connection);
  void add_stream(Connection& connection);
  void remove_stream(Connection& connection);

 private:
  using Tcp = boost::asio::ip::tcp;
  struct Listener {
    std::optional<std::size_t> service;  // none: control
    Tcp::endpoint endpoint;
    std::unique_ptr<Tcp::acceptor> acceptor;
    bool accepting = false;
    std::optional<int> hung;  // with this length of the queue
    std::vector<std::shared_ptr<Connection>> frozen;
  };

  base::Result<void> open(Listener& listener);
  void accept(Listener& listener);
  void accepted(Listener& listener, Tcp::socket socket);
  void watch(Listener& listener, Micros now, const Connection* spared = nullptr);
  void tick();
  void beat(Micros now);
  void flush();
  void schedule_work();
  void schedule_broadcast(Micros at);
  std::string url(const Listener& listener) const;

  App& app_;
  ServerSettings settings_;
  std::unique_ptr<boost::asio::io_context> loop_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::unique_ptr<boost::asio::steady_timer> tick_timer_, work_timer_, broadcast_timer_, life_timer_;
  std::unique_ptr<boost::asio::signal_set> signals_;
  std::array<char, 65536> read_buffer_;
  Transmission transmission_;
  std::string scratch_;
  std::vector<Connection*> connections_;
  std::vector<std::vector<Connection*>> streams_;  // in the buckets that get their heartbeat together
  std::size_t next_bucket_ = 0;
  std::size_t beat_bucket_ = 0;
  std::uint64_t flushed_ = 1;
  bool flush_posted_ = false;
  std::size_t flush_bucket_ = 0;  // where a flush goes on
  std::optional<Micros> work_at_;
  Micros last_beat_ = 0;
  std::int64_t start_ns_ = 0;
};

}  // namespace launchgate::standin
