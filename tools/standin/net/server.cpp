#include "standin/net/server.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>

#include "standin/net/connection.hpp"
#include "standin/net/process_memory.hpp"

namespace launchgate::standin {
namespace {

using boost::system::error_code;

// Heartbeats and the beginning and end of faults are looked after this often.
constexpr Micros tick_step = 20 * micros_per_ms;
constexpr int backlog = 4096;
// Without descriptors to spare the next try to accept comes so much later.
constexpr Micros accept_pause = 10 * micros_per_ms;

std::int64_t steady_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

void reset_socket(boost::asio::ip::tcp::socket& socket) {
  const linger now{1, 0};
  ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
  error_code ignored;
  socket.close(ignored);
}

}  // namespace

Server::Server(App& app, ServerSettings settings)
    : app_(app),
      settings_(std::move(settings)),
      // One thread: no locks.
      loop_(std::make_unique<boost::asio::io_context>(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE)),
      streams_(static_cast<std::size_t>(std::max<Micros>(1, settings_.heartbeat / tick_step))),
      start_ns_(steady_ns()) {}

Server::~Server() {
  listeners_.clear();
  tick_timer_.reset();
  work_timer_.reset();
  broadcast_timer_.reset();
  life_timer_.reset();
  signals_.reset();
  loop_.reset();  // and with it every connection
}

Micros Server::now() const { return (steady_ns() - start_ns_) / 1000; }

base::Result<void> Server::listen() {
  raise_descriptor_limit();
  // From here on the caller may tell others that we are here, and they may end us.
  std::signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c): TLS writes without MSG_NOSIGNAL
  signals_ = std::make_unique<boost::asio::signal_set>(*loop_, SIGINT, SIGTERM);
  signals_->async_wait([this](const error_code& error, int) {
    if (!error) loop_->stop();
  });
  error_code error;
  const std::string name = settings_.host == "localhost" ? "127.0.0.1" : settings_.host;
  const auto address = boost::asio::ip::make_address(name, error);
  if (error || !address.is_loopback()) {
    return base::Error{base::ErrorCategory::usage,
                       "",
                       {},
                       fmt::format("\"{}\" is no loopback address", settings_.host),
                       "a stand-in serves this machine alone: 127.0.0.1, ::1 or localhost"};
  }
  for (std::size_t i = 0; i <= app_.product().services.size(); ++i) {
    auto listener = std::make_unique<Listener>();
    const bool is_service = i < app_.product().services.size();
    if (is_service) listener->service = i;
    const std::uint16_t port = !is_service                  ? settings_.control_port
                               : i < settings_.ports.size() ? settings_.ports[i]
                                                            : std::uint16_t{0};
    listener->endpoint = {address, port};
    if (auto opened = open(*listener); !opened) return opened;
    listeners_.push_back(std::move(listener));
  }
  return {};
}

base::Result<void> Server::open(Listener& listener) {
  error_code error;
  auto made = std::make_unique<Tcp::acceptor>(*loop_);
  Tcp::acceptor& acceptor = *made;
  acceptor.open(listener.endpoint.protocol(), error);
  if (!error) acceptor.set_option(Tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(listener.endpoint, error);
  if (!error) acceptor.listen(backlog, error);
  if (error) {
    return base::Error{base::ErrorCategory::output,
                       "",
                       {},
                       fmt::format("cannot listen on {} port {}: {}", listener.endpoint.address().to_string(),
                                   listener.endpoint.port(), error.message()),
                       "leave the port out for any that is free"};
  }
  listener.endpoint = acceptor.local_endpoint(error);
  listener.acceptor = std::move(made);
  listener.accepting = false;
  listener.hung.reset();
  return {};
}

std::string Server::url(const Listener& listener) const {
  const bool tls = settings_.tls && listener.service;
  const std::string host = settings_.host.find(':') != std::string::npos ? "[" + settings_.host + "]" : settings_.host;
  return fmt::format("{}://{}:{}", tls ? "https" : "http", host, listener.endpoint.port());
}

std::vector<std::string> Server::urls() const {
  std::vector<std::string> all;
  for (const auto& listener : listeners_) {
    if (listener->service) all.push_back(url(*listener));
  }
  return all;
}

std::string Server::control_url() const { return url(*listeners_.back()); }

// The standard streams, the listeners and those of the loop come on top of the connections.
std::uint64_t Server::open_descriptors() const { return connections_.size() + listeners_.size() + 8; }

void Server::run() {
  if (settings_.lifetime) {
    life_timer_ = std::make_unique<boost::asio::steady_timer>(*loop_, std::chrono::microseconds(*settings_.lifetime));
    life_timer_->async_wait([this](const error_code& error) {
      if (!error) loop_->stop();
    });
  }
  work_timer_ = std::make_unique<boost::asio::steady_timer>(*loop_);
  tick_timer_ = std::make_unique<boost::asio::steady_timer>(*loop_);
  flushed_ = app_.events().next_sequence();
  for (auto& listener : listeners_) accept(*listener);
  tick();
  if (settings_.broadcast_per_second > 0) {
    broadcast_timer_ = std::make_unique<boost::asio::steady_timer>(*loop_);
    schedule_broadcast(now() + static_cast<Micros>(1e6 / settings_.broadcast_per_second));
  }
  loop_->run();
}

void Server::accept(Listener& listener) {
  if (listener.accepting || listener.hung || !listener.acceptor) return;
  listener.accepting = true;
  listener.acceptor->async_accept([this, &listener](const error_code& error, Tcp::socket socket) {
    if (error == boost::asio::error::operation_aborted) return;  // whoever aborted it has said what comes next
    listener.accepting = false;
    if (!error) {
      accepted(listener, std::move(socket));
      return accept(listener);
    }
    auto timer = std::make_shared<boost::asio::steady_timer>(*loop_, std::chrono::microseconds(accept_pause));
    timer->async_wait([this, &listener, timer](const error_code& cancelled) {
      if (!cancelled) accept(listener);
    });
  });
}

void Server::accepted(Listener& listener, Tcp::socket socket) {
  const ListenFault* fault = nullptr;
  if (listener.service) {
    ConnectionStats& counts = app_.stats().connections[*listener.service];
    fault = app_.faults().listening(*listener.service, now());
    if (fault != nullptr && fault->mode != ListenFault::Mode::hung_handshake) {
      ++counts.turned_away;
      return reset_socket(socket);
    }
    ++counts.accepted;
  }
  error_code ignored;
  socket.set_option(Tcp::no_delay(true), ignored);
  ssl_ctx_st* tls = settings_.tls && listener.service ? settings_.tls->context.get() : nullptr;
  auto connection = std::make_shared<Connection>(*this, std::move(socket), listener.service, tls);
  add(*connection);
  if (fault != nullptr)
    listener.frozen.push_back(std::move(connection));
  else
    connection->start();
}

void Server::add(Connection& connection) {
  connection.place = connections_.size();
  connections_.push_back(&connection);
}

void Server::remove(Connection& connection) {
  if (connection.service()) ++app_.stats().connections[*connection.service()].closed;
  connections_.back()->place = connection.place;
  connections_[connection.place] = connections_.back();
  connections_.pop_back();
}

void Server::add_stream(Connection& connection) {
  connection.bucket = next_bucket_++ % streams_.size();
  auto& bucket = streams_[connection.bucket];
  connection.place_in_bucket = bucket.size();
  bucket.push_back(&connection);
}

void Server::remove_stream(Connection& connection) {
  auto& bucket = streams_[connection.bucket];
  bucket.back()->place_in_bucket = connection.place_in_bucket;
  bucket[connection.place_in_bucket] = bucket.back();
  bucket.pop_back();
}

// Faults of the listener begin and end here.
void Server::watch(Listener& listener, Micros at, const Connection* spared) {
  if (!listener.service) return;
  const ListenFault* fault = app_.faults().listening(*listener.service, at);
  const auto is = [&](ListenFault::Mode mode) { return fault != nullptr && fault->mode == mode; };
  if (is(ListenFault::Mode::refused)) {
    if (!listener.acceptor) return;
    listener.acceptor.reset();
    listener.accepting = false;
    if (fault->keep_open) return;
    const std::vector<Connection*> open_now = connections_;
    for (Connection* one : open_now) {
      if (one != spared && one->service() == listener.service) one->reset();
    }
    return;
  }
  if (!listener.acceptor && !open(listener)) return;  // the port may be taken for the moment; the next tick tries again
  const auto hung = is(ListenFault::Mode::hung_accept) ? std::optional(fault->backlog) : std::nullopt;
  if (hung != listener.hung) {
    listener.hung = hung;
    // Listening again only changes the length of the queue.
    ::listen(listener.acceptor->native_handle(), hung.value_or(backlog));
    error_code ignored;
    if (hung) listener.acceptor->cancel(ignored);
    listener.accepting = listener.accepting && !hung;
  }
  if (!is(ListenFault::Mode::hung_handshake)) {
    for (auto& connection : std::exchange(listener.frozen, {})) connection->start();
  }
  accept(listener);
}

void Server::tick() {
  const Micros at = now();
  for (auto& listener : listeners_) watch(*listener, at);
  beat(at);
  tick_timer_->expires_after(std::chrono::microseconds(tick_step));
  tick_timer_->async_wait([this](const error_code& error) {
    if (!error) tick();
  });
}

// Each bucket once per heartbeat; late ticks catch up. Streams with faults are looked at on every tick.
void Server::beat(Micros at) {
  const auto visit = [](const std::vector<Connection*>& bucket, auto what) {
    for (std::size_t i = bucket.size(); i-- > 0;) {
      if (i < bucket.size()) what(*bucket[i]);
    }
  };
  if (settings_.heartbeat > 0) {
    const Micros step = settings_.heartbeat / static_cast<Micros>(streams_.size());
    for (std::size_t i = 0; i < streams_.size() && at - last_beat_ >= step; ++i) {
      last_beat_ += step;
      visit(streams_[beat_bucket_++ % streams_.size()], [at](Connection& one) { one.heartbeat(at); });
    }
    if (at - last_beat_ >= settings_.heartbeat) last_beat_ = at;
  }
  const auto& routes = app_.product().routes;
  const bool faults = std::any_of(routes.begin(), routes.end(), [&](const Route& route) {
    return app_.faults().has_stream_faults(static_cast<std::size_t>(&route - routes.data()));
  });
  if (!faults) return;
  for (const auto& bucket : streams_) visit(bucket, [at](Connection& one) { one.pump(at); });
}

void Server::steered(const Connection& by) {
  const Micros at = now();
  for (auto& listener : listeners_) watch(*listener, at, &by);
}

void Server::stirred() {
  schedule_work();
  if (flush_posted_ || flushed_ == app_.events().next_sequence()) return;
  flush_posted_ = true;
  boost::asio::post(*loop_, [this] { flush(); });
}

// In slices: between two of them new connections and requests are served, however many streams there are.
void Server::flush() {
  constexpr std::size_t slice = 256;
  const Micros at = now();
  if (flush_bucket_ == 0) flushed_ = app_.events().next_sequence();
  for (std::size_t pumped = 0; flush_bucket_ < streams_.size() && pumped < slice; ++flush_bucket_) {
    const auto& bucket = streams_[flush_bucket_];
    pumped += bucket.size();
    for (std::size_t i = bucket.size(); i-- > 0;) {
      if (i < bucket.size()) bucket[i]->pump(at);
    }
  }
  if (flush_bucket_ < streams_.size()) return boost::asio::post(*loop_, [this] { flush(); });
  flush_bucket_ = 0;
  flush_posted_ = false;
  stirred();
}

void Server::schedule_work() {
  const Micros at = now();
  const auto due = app_.next_due(at);
  if (!due || (work_at_ && *work_at_ <= *due)) return;
  work_at_ = due;
  work_timer_->expires_after(std::chrono::microseconds(std::max<Micros>(0, *due - at)));
  work_timer_->async_wait([this](const error_code& error) {
    if (error) return;
    work_at_.reset();
    app_.advance(now());
    stirred();
  });
}

void Server::schedule_broadcast(Micros at) {
  broadcast_timer_->expires_after(std::chrono::microseconds(std::max<Micros>(0, at - now())));
  broadcast_timer_->async_wait([this, at](const error_code& error) {
    if (error) return;
    app_.broadcast(1, now());
    stirred();
    // By the schedule, so that a late event does not delay those after it.
    schedule_broadcast(at + static_cast<Micros>(1e6 / settings_.broadcast_per_second));
  });
}

}  // namespace launchgate::standin
