// What a connection makes of the bytes that come back.

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "load/net/connection.hpp"

namespace launchgate::load {

namespace {

constexpr std::size_t kept_of_refusals = 64UL * 1024;
// A connection that was in use a moment ago has not been closed for being idle.
constexpr Nanoseconds least_rest = 500 * millisecond;

}  // namespace

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
    if (!had_header && parser_.header_complete() && !on_header()) return false;
    if (status != ResponseParser::Status::more) {
      on_end(status, bytes);
      return false;
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

void Connection::on_end(ResponseParser::Status status, std::string_view left) {
  if (status == ResponseParser::Status::malformed) return fail(Failure::malformed, parser_.error());
  if (status == ResponseParser::Status::stopped) return fail(body_failure_, {});
  if (!left.empty()) return fail(Failure::malformed, "bytes follow the response");
  complete();
}

void Connection::on_tunnel() {
  if (parser_.header().status != 200) {
    return fail(Failure::unreachable, "the proxy answered " + std::to_string(parser_.header().status));
  }
  parser_.begin(work_.head);
  begin_tls();
}

bool Connection::on_header() {
  if (phase_ == Phase::tunnelling) {
    on_tunnel();
    return false;
  }
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

bool Connection::resent() {
  if (served_ == 0 || !work_.idempotent || work_.retried || work_.stream != nullptr || !owner_.may_resend())
    return false;
  Work again = std::move(work_);
  again.retried = true;
  shut();
  ++owner_.tally().retried;
  owner_.on_stale(*this, std::move(again));
  return true;
}

bool Connection::closed_at_rest() const {
  return served_ > 0 && !work_.idempotent && work_.stream == nullptr && rested_ >= least_rest;
}

void Connection::on_eof() {
  if (!parser_.started()) {
    if (resent()) return;
    return fail(closed_at_rest() ? Failure::idle_close : Failure::closed, {});
  }
  if (parser_.ends_with_connection() && parser_.finish() == ResponseParser::Status::done) return complete();
  fail(Failure::truncated, {});
}

void Connection::on_error(const ByteChannel::Result& result) {
  if (result.error == ECONNRESET || result.error == EPIPE) {
    ++owner_.tally().resets;
    if (!parser_.started() && resent()) return;
    return fail(!parser_.started() && closed_at_rest() ? Failure::idle_close : Failure::reset, {});
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
    idle_since_ = now;
    owner_.on_idle(*this);
  } else {
    shut();
    owner_.on_closed(*this);
  }
  if (work.exchange != nullptr) {
    Exchange exchange;
    exchange.response = {header.status, header.content_type, work.body, work.body_bytes, header.date()};
    work.exchange->on_exchange(work.slot, exchange, now);
  } else if (work.stream != nullptr) {
    if (!work.stream_open) {
      HttpResponse response{header.status, header.content_type, work.body, work.body_bytes, header.date()};
      work.stream->on_stream_open(work.slot, response, now);
    }
    work.stream->on_stream_closed(work.slot, Failure::none, {}, now);
  }
  // Most often the handler has sent the next request on it by now.
  if (phase_ == Phase::idle && !watching_) watch_idle();
}

}  // namespace launchgate::load
