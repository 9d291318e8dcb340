#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "load/core/transport.hpp"
#include "load/net/connection.hpp"

namespace launchgate::load {

// HTTP/1.1 over TCP and TLS on one event loop, with a pool of kept-alive connections per target.
class AsioTransport final : public Transport, private ConnectionOwner {
 public:
  struct Settings {
    std::int64_t timeout_ms = 10'000;
    std::size_t most_idle = 0;  // per target
  };

  AsioTransport(boost::asio::io_context& context, const Clock& clock, std::vector<Endpoint> endpoints, TlsContext tls,
                Settings settings);
  ~AsioTransport() override;

  void send(const HttpRequest& request, ExchangeHandler& handler, std::uint32_t slot) override;
  void open_stream(const HttpRequest& request, StreamHandler& handler, std::uint32_t slot) override;
  void close_stream(StreamHandler& handler, std::uint32_t slot) override;
  TransportCounters counters() const override { return counters_; }
  void open_ahead(std::uint32_t target) override;
  std::size_t opening_ahead() const override { return ahead_; }
  // Closes everything without callbacks.
  void shut_down();

 private:
  using ConnectionPtr = std::shared_ptr<Connection>;
  struct Target {
    Endpoint endpoint;
    std::vector<ConnectionPtr> idle;
    Nanoseconds resolved_at = 0;
    bool resolving = false;
    std::jthread resolver;  // the last one; done when `resolving` is not set
  };

  void on_idle(Connection& connection) override;
  void on_closed(Connection& connection) override;
  bool may_resend() const override;
  void on_stale(Connection& connection, Work work) override;
  void on_deadline_passed_out(Connection& connection) override;
  StreamPoller& streams() override { return poller_; }
  std::unique_ptr<char[]> take_buffer() override;
  void give_buffer(std::unique_ptr<char[]> buffer) override;
  char* scratch() override { return scratch_.get(); }
  Nanoseconds now() const override { return clock_.now(); }
  const TlsContext* tls() const override { return &tls_; }
  TransportCounters& tally() override { return counters_; }

  Work make_work(const HttpRequest& request);
  ConnectionPtr take_connection(std::uint32_t target, bool fresh);
  void begin(const ConnectionPtr& connection, Work work);
  void list(Connection& connection);  // among the deadlines
  void refresh_addresses(Target& target);
  void arm(Nanoseconds at);
  void on_timer();

  boost::asio::io_context& context_;
  const Clock& clock_;
  TlsContext tls_;
  Settings settings_;
  std::vector<Target> targets_;
  TransportCounters counters_;
  std::map<const Connection*, ConnectionPtr> busy_;
  std::map<std::pair<const StreamHandler*, std::uint32_t>, ConnectionPtr> streams_;
  std::vector<std::unique_ptr<char[]>> buffers_;
  std::unique_ptr<char[]> scratch_;
  // All deadlines are one timeout after the start, so that the list is in their order.
  Connection* first_ = nullptr;
  Connection* last_ = nullptr;
  StreamPoller poller_;
  boost::asio::steady_timer timer_;
  bool armed_ = false;
  std::size_t ahead_ = 0;  // being opened ahead
};

}  // namespace launchgate::load
