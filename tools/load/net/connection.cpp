#include "load/net/connection.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstring>

namespace launchgate::load {

namespace {

using Io = ByteChannel::State;

constexpr std::size_t kept_of_refusals = 64UL * 1024;

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
    do_write();
  } else {
    tried_ = 0;
    connect_next();
  }
  within_start_ = false;
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

void Connection::on_secured() { do_write(); }

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

bool Connection::parse(std::string_view bytes) {
  owner_.tally().bytes_received += bytes.size();
  const std::uint32_t generation = generation_;
  std::string joined;
  if (!rest_.empty()) {
    joined = std::move(rest_);
    joined.append(bytes);
    bytes = joined;
    rest_ = {};
  }
  while (true) {
    const bool had_header = parser_.header_complete();
    std::size_t consumed = 0;
    const ResponseParser::Status status = parser_.feed(bytes, *this, consumed);
    if (generation != generation_) return false;  // the handler closed the stream
    bytes.remove_prefix(consumed);
    if (!had_header && parser_.header_complete()) {
      if (phase_ == Phase::tunnelling) {
        if (parser_.header().status != 200) {
          fail(Failure::unreachable, "the proxy answered " + std::to_string(parser_.header().status));
          return false;
        }
        parser_.begin(work_.head);
        begin_tls();
        return false;
      }
      if (!on_header()) return false;
    }
    switch (status) {
      case ResponseParser::Status::done:
        if (!bytes.empty()) {
          fail(Failure::malformed, "bytes follow the response");
        } else {
          complete();
        }
        return false;
      case ResponseParser::Status::malformed:
        fail(Failure::malformed, parser_.error());
        return false;
      case ResponseParser::Status::stopped:
        fail(body_failure_, {});
        return false;
      case ResponseParser::Status::more:
        break;
    }
    if (bytes.empty()) break;
    if (consumed == 0) {
      // The parser wants a whole header or chunk header; what it bounds itself is small.
      if (bytes.size() > ConnectionOwner::scratch_size) {
        fail(Failure::malformed, "a header or chunk header without end");
        return false;
      }
      rest_.assign(bytes);
      break;
    }
  }
  if (phase_ == Phase::streaming && buffer_) {
    wait_stream();
    return false;
  }
  return true;
}

bool Connection::on_header() {
  const ResponseHeader& header = parser_.header();
  const std::string& coding = header.content_encoding;
  if (coding == "gzip" || coding == "x-gzip" || coding == "deflate") {
    work_.inflater = std::make_unique<Inflater>();
  } else if (!coding.empty() && coding != "identity") {
    work_.unknown_coding = true;
  }
  if (work_.stream == nullptr || header.status != 200) return true;
  phase_ = Phase::streaming;
  work_.stream_open = true;
  work_.out = {};
  owner_.on_deadline_passed_out(*this);
  HttpResponse response;
  response.status = header.status;
  response.content_type = header.content_type;
  const std::uint32_t generation = generation_;
  work_.stream->on_stream_open(work_.slot, response, owner_.now());
  return generation == generation_;
}

bool Connection::on_body(std::string_view bytes) {
  if (work_.stream_open) {
    const std::uint32_t generation = generation_;
    if (!work_.inflater) {
      work_.stream->on_stream_bytes(work_.slot, bytes, owner_.now());
      return generation == generation_;
    }
  }
  work_.raw_bytes += bytes.size();
  if (work_.raw_bytes > body_limit && !work_.stream_open) {
    body_failure_ = Failure::oversized;
    return false;
  }
  if (work_.unknown_coding) {
    body_failure_ = Failure::encoding;
    return false;
  }
  if (!work_.inflater) return decoded(bytes);
  const Inflater::Status status = work_.inflater->feed(bytes, [this](std::string_view out) { return decoded(out); });
  if (status == Inflater::Status::bad) body_failure_ = Failure::encoding;
  return status == Inflater::Status::good;
}

bool Connection::decoded(std::string_view bytes) {
  if (work_.stream_open) {
    const std::uint32_t generation = generation_;
    work_.stream->on_stream_bytes(work_.slot, bytes, owner_.now());
    return generation == generation_;
  }
  work_.body_bytes += bytes.size();
  if (work_.body_bytes > body_limit) {
    body_failure_ = Failure::oversized;
    return false;
  }
  if (work_.keep_body) {
    work_.body.append(bytes);
  } else if (parser_.header().status >= 300 && work_.body.size() < kept_of_refusals) {
    work_.body.append(bytes.substr(0, kept_of_refusals - work_.body.size()));
  }
  return true;
}

void Connection::on_eof() {
  if (!parser_.started()) {
    if (served_ > 0 && work_.idempotent && !work_.retried && work_.stream == nullptr) {
      Work again = std::move(work_);
      again.retried = true;
      shut();
      ++owner_.tally().retried;
      owner_.on_stale(*this, std::move(again));
      return;
    }
    return fail(Failure::closed, {});
  }
  if (parser_.ends_with_connection() && parser_.finish() == ResponseParser::Status::done) return complete();
  fail(Failure::truncated, {});
}

void Connection::on_error(const ByteChannel::Result& result) {
  if (result.error == ECONNRESET || result.error == EPIPE) {
    ++owner_.tally().resets;
    return fail(Failure::reset, {});
  }
  if (result.error == 0) return fail(Failure::tls_handshake, channel_.tls_error());
  fail(Failure::reset, std::strerror(result.error));
}

void Connection::complete() {
  if (work_.inflater && !work_.inflater->complete() && work_.body_bytes + work_.raw_bytes > 0)
    return fail(Failure::encoding, {});
  const Work work = std::move(work_);
  const ResponseHeader header = parser_.header();
  const Nanoseconds now = owner_.now();
  if (served_++ > 0) ++owner_.tally().reused;
  owner_.on_deadline_passed_out(*this);
  if (buffer_) owner_.give_buffer(std::move(buffer_));
  const auto self = shared_from_this();
  if (parser_.keep_alive() && !work.stream_open) {
    phase_ = Phase::idle;
    constexpr std::int64_t longest = 3600;
    const std::int64_t hint = header.keep_alive_seconds;
    // A second's margin for the way there.
    idle_until_ =
        hint < 0 || hint > longest ? now + longest * second : now + std::max<std::int64_t>(0, hint * second - second);
    owner_.on_idle(*this);
  } else {
    shut();
    owner_.on_closed(*this);
  }
  if (work.exchange != nullptr) {
    Exchange exchange;
    exchange.response = {header.status, header.content_type, work.body, work.body_bytes};
    work.exchange->on_exchange(work.slot, exchange, now);
  } else if (work.stream != nullptr) {
    if (!work.stream_open) {
      HttpResponse response{header.status, header.content_type, work.body, work.body_bytes};
      work.stream->on_stream_open(work.slot, response, now);
    }
    work.stream->on_stream_closed(work.slot, Failure::none, {}, now);
  }
  // Most often the handler has sent the next request on it by now.
  if (phase_ == Phase::idle && !watching_) watch_idle();
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
