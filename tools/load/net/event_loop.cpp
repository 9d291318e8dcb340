#include "load/net/event_loop.hpp"

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <csignal>

#include "load/net/asio_transport.hpp"

namespace launchgate::load {

namespace {

class SystemClock final : public Clock {
 public:
  Nanoseconds now() const override {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
  }
  std::int64_t wall_ms() const override {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
};

base::Result<Endpoint> make_endpoint(const NetworkTarget& target, const std::optional<Url>& proxy,
                                     std::int64_t timeout_ms) {
  auto url = parse_url(target.url);
  if (!url) return url.error();
  Endpoint endpoint;
  endpoint.url = *std::move(url);
  if (proxy) {
    std::string authority = endpoint.url.host_header;
    if (endpoint.url.tls) {
      if (authority.find(':', authority.rfind(']') == std::string::npos ? 0 : authority.rfind(']')) ==
          std::string::npos) {
        authority += ":" + std::to_string(endpoint.url.port);
      }
      endpoint.proxy_tunnel = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n";
    } else {
      endpoint.request_prefix = "http://" + authority;
    }
  }
  if (!target.used) return endpoint;
  const Url& peer = proxy ? *proxy : endpoint.url;
  auto addresses = resolve(peer.host, peer.port, timeout_ms);
  if (!addresses) {
    base::Error error = addresses.error();
    error.help = proxy ? "check --proxy" : "check the URL of the target, /etc/hosts and DNS";
    return error;
  }
  endpoint.addresses = *std::move(addresses);
  return endpoint;
}

}  // namespace

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

class EventLoop::Impl {
 public:
  Impl(std::vector<Endpoint> endpoints, TlsContext tls, const NetworkSettings& settings)
      : context_(1),
        timer_(context_),
        signals_(context_),
        transport_(context_, system_clock(), describe_addresses(std::move(endpoints)), std::move(tls),
                   {settings.timeout_ms, settings.connections}) {
    signals_.add(SIGINT);
    signals_.add(SIGTERM);
    wait_for_signal();
  }

  void run(Driven& driven) {
    driven_ = &driven;
    const auto work = boost::asio::make_work_guard(context_);
    if (interrupted_) driven.interrupt(system_clock().now());
    while (!driven.done()) {
      if (const auto wake = driven.next_wake(); wake && (!armed_ || *wake < armed_at_)) arm(*wake);
      context_.run_one();
    }
    timer_.cancel();
    armed_ = false;
    driven_ = nullptr;
  }

  boost::asio::io_context context_;
  boost::asio::steady_timer timer_;
  boost::asio::signal_set signals_;
  std::vector<std::string> addresses_;
  AsioTransport transport_;
  bool interrupted_ = false;

 private:
  std::vector<Endpoint> describe_addresses(std::vector<Endpoint> endpoints) {
    for (const Endpoint& endpoint : endpoints) {
      std::string text;
      for (const Address& address : endpoint.addresses) text += (text.empty() ? "" : ", ") + address.text();
      addresses_.push_back(std::move(text));
    }
    return endpoints;
  }

  void arm(Nanoseconds at) {
    armed_ = true;
    armed_at_ = at;
    timer_.expires_at(std::chrono::steady_clock::time_point(std::chrono::nanoseconds(at)));
    timer_.async_wait([this](const boost::system::error_code& ec) {
      if (ec) return;
      armed_ = false;
      if (driven_ != nullptr) driven_->advance(system_clock().now());
    });
  }

  void wait_for_signal() {
    signals_.async_wait([this](const boost::system::error_code& ec, int) {
      if (ec) return;
      if (interrupted_) _exit(130);
      interrupted_ = true;
      wait_for_signal();
      if (driven_ != nullptr) driven_->interrupt(system_clock().now());
    });
  }

  Driven* driven_ = nullptr;
  Nanoseconds armed_at_ = 0;
  bool armed_ = false;
};

EventLoop::EventLoop(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
EventLoop::~EventLoop() = default;

base::Result<std::unique_ptr<EventLoop>> EventLoop::open(const NetworkSettings& settings) {
  std::optional<Url> proxy;
  if (!settings.proxy.empty()) {
    auto parsed = parse_url(settings.proxy);
    if (!parsed) return parsed.error();
    if (parsed->tls)
      return base::Error{base::ErrorCategory::usage, {}, {}, "a proxy is spoken to over http, not https", {}};
    proxy = *std::move(parsed);
  }
  std::vector<Endpoint> endpoints;
  for (const NetworkTarget& target : settings.targets) {
    auto endpoint = make_endpoint(target, proxy, settings.timeout_ms);
    if (!endpoint) return endpoint.error();
    endpoints.push_back(*std::move(endpoint));
  }
  auto tls = TlsContext::create({settings.verify_tls, settings.ca_file});
  if (!tls) return tls.error();
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
  return std::unique_ptr<EventLoop>(
      new EventLoop(std::make_unique<Impl>(std::move(endpoints), *std::move(tls), settings)));
}

Transport& EventLoop::transport() { return impl_->transport_; }
const Clock& EventLoop::clock() const { return system_clock(); }
void EventLoop::run(Driven& driven) { impl_->run(driven); }
bool EventLoop::interrupted() const { return impl_->interrupted_; }
std::string EventLoop::addresses(std::size_t target) const { return impl_->addresses_[target]; }

ProcessUsage process_usage() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return {seconds(usage.ru_utime) + seconds(usage.ru_stime), static_cast<std::uint64_t>(usage.ru_maxrss) * 1024};
}

void release_free_memory() {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}

std::uint64_t raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

}  // namespace launchgate::load
