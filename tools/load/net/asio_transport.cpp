#include "load/net/asio_transport.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>

namespace launchgate::load {

namespace {

constexpr Nanoseconds addresses_fresh_for = 30 * second;
constexpr std::size_t most_spare_buffers = 64;
// Requests that may be sent again whatever has been; beyond, one in fifty of those on kept-alive connections.
constexpr std::uint64_t least_resends = 20;

}  // namespace

AsioTransport::AsioTransport(boost::asio::io_context& context, const Clock& clock, std::vector<Endpoint> endpoints,
                             TlsContext tls, Settings settings)
    : context_(context),
      clock_(clock),
      tls_(std::move(tls)),
      settings_(settings),
      scratch_(std::make_unique_for_overwrite<char[]>(scratch_size)),
      poller_(context),
      timer_(context) {
  for (Endpoint& endpoint : endpoints) {
    Target target;
    target.endpoint = std::move(endpoint);
    target.resolved_at = clock.now();
    targets_.push_back(std::move(target));
  }
}

AsioTransport::~AsioTransport() { shut_down(); }

void AsioTransport::shut_down() {
  const auto busy = std::exchange(busy_, {});
  for (const auto& [raw, connection] : busy) connection->abandon();
  const auto streams = std::exchange(streams_, {});
  for (const auto& [key, connection] : streams) connection->abandon();
  for (Target& target : targets_) {
    for (const ConnectionPtr& connection : std::exchange(target.idle, {})) connection->abandon();
  }
  timer_.cancel();
  poller_.stop();
}

Work AsioTransport::make_work(const HttpRequest& request) {
  const Endpoint& endpoint = targets_[request.target].endpoint;
  Work work;
  work.head = request.method == "HEAD";
  work.idempotent = request.method == "GET" || request.method == "HEAD";
  work.keep_body = request.keep_body;
  std::string& out = work.out;
  out.reserve(request.path.size() + request.headers.size() + request.body.size() + endpoint.url.host_header.size() +
              96);
  out.append(request.method).append(" ").append(endpoint.request_prefix).append(endpoint.url.path).append(request.path);
  out.append(" HTTP/1.1\r\nHost: ").append(endpoint.url.host_header).append("\r\n").append(request.headers);
  if (request.has_body || request.method == "POST" || request.method == "PUT" || request.method == "PATCH") {
    out.append("Content-Length: ").append(std::to_string(request.body.size())).append("\r\n");
  }
  out.append("\r\n").append(request.body);
  return work;
}

AsioTransport::ConnectionPtr AsioTransport::take_connection(std::uint32_t index, bool fresh) {
  Target& target = targets_[index];
  const Nanoseconds now = clock_.now();
  while (!fresh && !target.idle.empty()) {
    ConnectionPtr connection = std::move(target.idle.back());
    target.idle.pop_back();
    if (connection->idle_until() > now) return connection;
    connection->abandon();
  }
  if (now - target.resolved_at > addresses_fresh_for) refresh_addresses(target);
  ConnectionOwner& owner = *this;
  return std::make_shared<Connection>(context_, owner, target.endpoint, index);
}

void AsioTransport::begin(const ConnectionPtr& connection, Work work) {
  list(*connection);
  connection->start(std::move(work));
}

void AsioTransport::list(Connection& connection) {
  connection.deadline = clock_.now() + settings_.timeout_ms * millisecond;
  connection.next = nullptr;
  connection.previous = last_;
  connection.listed = true;
  (last_ == nullptr ? first_ : last_->next) = &connection;
  last_ = &connection;
  if (!armed_) arm(connection.deadline);
}

void AsioTransport::send(const HttpRequest& request, ExchangeHandler& handler, std::uint32_t slot) {
  Work work = make_work(request);
  work.exchange = &handler;
  work.slot = slot;
  const ConnectionPtr connection = take_connection(request.target, false);
  busy_.emplace(connection.get(), connection);
  begin(connection, std::move(work));
}

void AsioTransport::open_ahead(std::uint32_t target) {
  if (targets_[target].idle.size() >= settings_.most_idle) return;
  const ConnectionPtr connection = take_connection(target, true);
  busy_.emplace(connection.get(), connection);
  ++ahead_;
  list(*connection);
  connection->open_ahead();
}

bool AsioTransport::may_resend() const { return counters_.retried < least_resends + counters_.reused / 50; }

void AsioTransport::open_stream(const HttpRequest& request, StreamHandler& handler, std::uint32_t slot) {
  Work work = make_work(request);
  work.stream = &handler;
  work.slot = slot;
  // A stream takes its connection for good; one from the pool would be missed there.
  const ConnectionPtr connection = take_connection(request.target, true);
  streams_[{&handler, slot}] = connection;
  begin(connection, std::move(work));
}

void AsioTransport::close_stream(StreamHandler& handler, std::uint32_t slot) {
  const auto found = streams_.find({&handler, slot});
  if (found == streams_.end()) return;
  const ConnectionPtr connection = found->second;
  streams_.erase(found);
  connection->abandon();
}

void AsioTransport::on_idle(Connection& connection) {
  const auto found = busy_.find(&connection);
  if (found == busy_.end()) return;
  if (connection.take_ahead()) --ahead_;
  auto& idle = targets_[connection.target()].idle;
  idle.push_back(std::move(found->second));
  busy_.erase(found);
  if (idle.size() > settings_.most_idle) {
    const ConnectionPtr oldest = idle.front();
    idle.erase(idle.begin());
    oldest->abandon();
  }
}

void AsioTransport::on_closed(Connection& connection) {
  if (connection.take_ahead()) --ahead_;
  if (busy_.erase(&connection) > 0) return;
  if (connection.work().stream != nullptr) {
    const auto found = streams_.find({connection.work().stream, connection.work().slot});
    if (found != streams_.end() && found->second.get() == &connection) streams_.erase(found);
    return;
  }
  auto& idle = targets_[connection.target()].idle;
  std::erase_if(idle, [&](const ConnectionPtr& one) { return one.get() == &connection; });
}

void AsioTransport::on_stale(Connection& connection, Work work) {
  const std::uint32_t target = connection.target();
  on_deadline_passed_out(connection);
  busy_.erase(&connection);
  const ConnectionPtr fresh = take_connection(target, true);
  busy_.emplace(fresh.get(), fresh);
  begin(fresh, std::move(work));
}

void AsioTransport::on_deadline_passed_out(Connection& connection) {
  if (!connection.listed) return;
  connection.listed = false;
  (connection.previous == nullptr ? first_ : connection.previous->next) = connection.next;
  (connection.next == nullptr ? last_ : connection.next->previous) = connection.previous;
  connection.next = connection.previous = nullptr;
}

std::unique_ptr<char[]> AsioTransport::take_buffer() {
  if (buffers_.empty()) return std::make_unique_for_overwrite<char[]>(buffer_size);
  auto buffer = std::move(buffers_.back());
  buffers_.pop_back();
  return buffer;
}

void AsioTransport::give_buffer(std::unique_ptr<char[]> buffer) {
  if (buffers_.size() < most_spare_buffers) {
    buffers_.push_back(std::move(buffer));
  } else {
    buffer.reset();
  }
}

void AsioTransport::arm(Nanoseconds at) {
  armed_ = true;
  timer_.expires_at(std::chrono::steady_clock::time_point(std::chrono::nanoseconds(at)));
  timer_.async_wait([this](const boost::system::error_code& ec) {
    if (!ec) on_timer();
  });
}

// Re-armed for the oldest exchange alone: while exchanges end in time this costs one wake-up per timeout, not one per
// request.
void AsioTransport::on_timer() {
  armed_ = false;
  const Nanoseconds now = clock_.now();
  while (first_ != nullptr && first_->deadline <= now) {
    const ConnectionPtr expired = first_->shared_from_this();
    expired->time_out();
  }
  if (first_ != nullptr && !armed_) arm(first_->deadline);
}

void AsioTransport::refresh_addresses(Target& target) {
  if (target.resolving || target.endpoint.url.host_is_address) return;
  target.resolving = true;
  const std::size_t index = static_cast<std::size_t>(&target - targets_.data());
  target.resolver = std::jthread([this, index, host = target.endpoint.url.host, port = target.endpoint.url.port,
                                  work = boost::asio::make_work_guard(context_)] {
    auto addresses = resolve(host, port, 5000);
    boost::asio::post(context_, [this, index, addresses = std::move(addresses)]() mutable {
      Target& resolved = targets_[index];
      resolved.resolving = false;
      resolved.resolved_at = clock_.now();
      if (!addresses) return;  // the old ones stay
      resolved.endpoint.addresses = *std::move(addresses);
      resolved.endpoint.preferred = 0;
    });
  });
}

}  // namespace launchgate::load
