#include "load/net/connection.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstring>

namespace launchgate::load {

namespace {

using Io = ByteChannel::State;

// How long a server may be expected to wait for a first request.
constexpr Nanoseconds rest_ahead = 4 * second;

Failure of_connect_error(int error) {
  switch (error) {
    case ECONNREFUSED:
      return Failure::refused;
    case ETIMEDOUT:
      return Failure::connect_timeout;
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
    case EADDRNOTAVAIL:
    case EACCES:
    case EPERM:
      return Failure::local;
    case ECONNRESET:
      return Failure::reset;
    default:
      return Failure::unreachable;
  }
}

}  // namespace

Connection::Connection(boost::asio::io_context& context, ConnectionOwner& owner, Endpoint& endpoint,
                       std::uint32_t target)
    : channel_(context), owner_(owner), endpoint_(endpoint), target_(target) {}

Connection::~Connection() = default;

template <typename Then>
void Connection::wait(ByteChannel::Socket::wait_type what, Then then) {
  channel_.socket().async_wait(
      what, [self = shared_from_this(), generation = generation_, then](const boost::system::error_code& ec) {
        if (generation == self->generation_ && !ec) (self.get()->*then)();
      });
}

void Connection::start(Work work) {
  work_ = std::move(work);
  written_ = 0;
  rest_.clear();
  body_failure_ = Failure::none;
  parser_.begin(work_.head);
  within_start_ = true;
  if (phase_ == Phase::idle) {
    rested_ = owner_.now() - idle_since_;
    do_write();
  } else {
    tried_ = 0;
    connect_next();
  }
  within_start_ = false;
}

void Connection::open_ahead() {
  ahead_ = true;
  start({});
}

void Connection::connect_next() {
  phase_ = Phase::connecting;
  while (true) {
    if (endpoint_.addresses.empty()) return fail_soon(Failure::resolve, {});
    const std::size_t place = (endpoint_.preferred + tried_) % endpoint_.addresses.size();
    ++generation_;
    const ByteChannel::Result result = channel_.connect(endpoint_.addresses[place]);
    if (result.state == Io::want_write) return wait(ByteChannel::Socket::wait_write, &Connection::on_connected);
    if (result.state == Io::done) {
      // Even an immediate connection goes on later, so that start() stays short.
      return wait(ByteChannel::Socket::wait_write, &Connection::on_connected);
    }
    if (++tried_ < endpoint_.addresses.size()) continue;
    return fail_soon(of_connect_error(result.error), std::strerror(result.error));
  }
}

void Connection::on_connected() {
  const ByteChannel::Result result = channel_.connected();
  if (result.state != Io::done) {
    ++owner_.tally().connect_failures;
    if (++tried_ < endpoint_.addresses.size()) return connect_next();
    return fail(of_connect_error(result.error), std::strerror(result.error));
  }
  ++owner_.tally().connects;
  endpoint_.preferred = (endpoint_.preferred + tried_) % endpoint_.addresses.size();
  if (!endpoint_.proxy_tunnel.empty()) return begin_tunnel();
  begin_tls();
}

void Connection::begin_tunnel() {
  // The request is small and the socket fresh: it fits in its buffer whole.
  phase_ = Phase::tunnelling;
  const ByteChannel::Result result = channel_.write(endpoint_.proxy_tunnel);
  if (result.state != Io::done || result.bytes != endpoint_.proxy_tunnel.size())
    return fail(Failure::unreachable, "the proxy does not take the request");
  rest_.clear();
  wait(ByteChannel::Socket::wait_read, &Connection::read_ready);
}

void Connection::begin_tls() {
  if (!endpoint_.url.tls) return on_secured();
  phase_ = Phase::handshaking;
  if (owner_.tls() == nullptr || !channel_.start_tls(*owner_.tls(), endpoint_.url))
    return fail(Failure::tls_handshake, "no TLS session");
  do_handshake();
}

void Connection::do_handshake() {
  const ByteChannel::Result result = channel_.handshake();
  switch (result.state) {
    case Io::done:
      ++owner_.tally().tls_handshakes;
      return on_secured();
    case Io::want_read:
      return wait(ByteChannel::Socket::wait_read, &Connection::do_handshake);
    case Io::want_write:
      return wait(ByteChannel::Socket::wait_write, &Connection::do_handshake);
    case Io::eof:
      return fail(Failure::tls_handshake, "the connection was closed");
    case Io::failed:
      break;
  }
  if (channel_.certificate_refused()) return fail(Failure::certificate, channel_.tls_error());
  fail(Failure::tls_handshake, result.error != 0 ? std::strerror(result.error) : channel_.tls_error());
}

void Connection::on_secured() {
  if (!work_.out.empty()) return do_write();
  // Opened ahead of its first request.
  owner_.on_deadline_passed_out(*this);
  phase_ = Phase::idle;
  idle_since_ = owner_.now();
  idle_until_ = idle_since_ + rest_ahead;
  owner_.on_idle(*this);
  if (phase_ == Phase::idle && !watching_) watch_idle();
}

void Connection::do_write() {
  phase_ = Phase::writing;
  while (written_ < work_.out.size()) {
    const ByteChannel::Result result = channel_.write(std::string_view(work_.out).substr(written_));
    if (result.state == Io::done) {
      written_ += result.bytes;
      owner_.tally().bytes_sent += result.bytes;
      continue;
    }
    // A refused write may have an answer behind it (413, 408): the read finds out.
    if (result.state == Io::failed || result.state == Io::eof) break;
    const auto what = result.state == Io::want_read ? ByteChannel::Socket::wait_read : ByteChannel::Socket::wait_write;
    return wait(what, &Connection::write_ready);
  }
  phase_ = Phase::reading;
  do_read();
}

void Connection::write_ready() { do_write(); }

void Connection::do_read() {
  // The watch over the idle connection goes on as the wait for the response.
  if (watching_) return;
  if (channel_.is_tls()) return wait(ByteChannel::Socket::wait_read, &Connection::read_ready);
  // Without TLS the reactor reads by itself, which saves a system call for each response.
  if (!buffer_) buffer_ = owner_.take_buffer();
  channel_.socket().async_read_some(
      boost::asio::buffer(buffer_.get(), ConnectionOwner::buffer_size),
      [self = shared_from_this(), generation = generation_](const boost::system::error_code& ec, std::size_t bytes) {
        if (generation != self->generation_) return;
        if (ec == boost::asio::error::eof) return self->on_eof();
        if (ec) return self->on_error({Io::failed, 0, ec.value()});
        if (self->parse({self->buffer_.get(), bytes})) self->do_read();
      });
}

void Connection::read_ready() {
  while (true) {
    const ByteChannel::Result result = channel_.read(owner_.scratch(), ConnectionOwner::scratch_size);
    switch (result.state) {
      case Io::done:
        if (!parse({owner_.scratch(), result.bytes})) return;
        // TLS reads once more: a record may wait inside OpenSSL, which the socket's readiness does not show.
        if (phase_ == Phase::streaming && !channel_.is_tls()) return wait_stream();
        continue;
      case Io::want_read:
        if (phase_ == Phase::streaming) return wait_stream();
        return wait(ByteChannel::Socket::wait_read, &Connection::read_ready);
      case Io::want_write:
        return wait(ByteChannel::Socket::wait_write, &Connection::read_ready);
      case Io::eof:
        return on_eof();
      case Io::failed:
        return on_error(result);
    }
  }
}

void Connection::wait_stream() {
  // No buffer is owned while a stream is silent.
  if (buffer_) owner_.give_buffer(std::move(buffer_));
  channel_.free_buffers();
  if (channel_.detach())
    watched_ =
        owner_.streams().watch(channel_.descriptor(), std::shared_ptr<StreamPoller::Reader>(shared_from_this(), this));
  if (watched_ == StreamPoller::none) fail(Failure::local, "the system refuses to watch one more stream");
}

void Connection::stream_ready(bool closing) {
  // A peer that never pauses must not keep the others waiting.
  for (int i = 0; i < 16; ++i) {
    const ByteChannel::Result result = channel_.read(owner_.scratch(), ConnectionOwner::scratch_size);
    switch (result.state) {
      case Io::done:
        if (!parse({owner_.scratch(), result.bytes})) return;
        // More would have filled the buffer, unless records wait inside OpenSSL.
        if (!closing && !channel_.is_tls() && result.bytes < ConnectionOwner::scratch_size) return;
        continue;
      case Io::want_read:
      case Io::want_write:
        return channel_.free_buffers();
      case Io::eof:
        return on_eof();
      case Io::failed:
        return on_error(result);
    }
  }
  owner_.streams().again(watched_, channel_.descriptor());
}

void Connection::watch_idle() {
  watching_ = true;
  channel_.socket().async_wait(ByteChannel::Socket::wait_read, [self = shared_from_this(), generation = generation_](
                                                                   const boost::system::error_code& ec) {
    if (ec || generation != self->generation_) return;
    self->watching_ = false;
    if (self->phase_ == Phase::idle) self->on_idle_readable();
    if (self->phase_ == Phase::reading) self->read_ready();
  });
}

void Connection::on_idle_readable() {
  const ByteChannel::Result result = channel_.read(owner_.scratch(), ConnectionOwner::scratch_size);
  // TLS may have sent a ticket; a close or anything else ends the connection.
  if (result.state == Io::want_read) return watch_idle();
  if (result.state == Io::failed && result.error == ECONNRESET) ++owner_.tally().resets;
  const auto self = shared_from_this();
  shut();
  owner_.on_closed(*this);
}

void Connection::fail(Failure failure, std::string detail) {
  if (within_start_) return fail_soon(failure, std::move(detail));
  const auto self = shared_from_this();
  const Work work = std::move(work_);
  Exchange exchange;
  exchange.failure = failure;
  exchange.detail = detail;
  // Its texts are copied: the parser goes with the connection.
  ResponseHeader header;
  if (phase_ != Phase::tunnelling && parser_.header_complete()) header = parser_.header();
  exchange.response.status = header.status;
  owner_.on_deadline_passed_out(*this);
  shut();
  owner_.on_closed(*this);
  if (work.exchange != nullptr) work.exchange->on_exchange(work.slot, exchange, owner_.now());
  if (work.stream != nullptr) work.stream->on_stream_closed(work.slot, failure, detail, owner_.now());
}

void Connection::fail_soon(Failure failure, std::string detail) {
  boost::asio::post(channel_.socket().get_executor(),
                    [self = shared_from_this(), generation = generation_, failure, detail = std::move(detail)] {
                      if (generation == self->generation_) self->fail(failure, detail);
                    });
}

void Connection::time_out() {
  Failure failure = Failure::header_timeout;
  if (phase_ == Phase::connecting || phase_ == Phase::tunnelling) failure = Failure::connect_timeout;
  if (phase_ == Phase::handshaking) failure = Failure::tls_timeout;
  if (phase_ == Phase::reading && parser_.header_complete()) failure = Failure::body_timeout;
  if (phase_ == Phase::connecting) ++owner_.tally().connect_failures;
  fail(failure, {});
}

void Connection::abandon() {
  owner_.on_deadline_passed_out(*this);
  work_ = {};
  shut();
}

void Connection::shut() {
  ++generation_;
  if (watched_ != StreamPoller::none) owner_.streams().forget(watched_, channel_.descriptor());
  watched_ = StreamPoller::none;
  channel_.close();
  if (buffer_) owner_.give_buffer(std::move(buffer_));
  rest_ = {};
  watching_ = false;
  phase_ = Phase::closed;
}

}  // namespace launchgate::load
