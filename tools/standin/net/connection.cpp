#include "standin/net/connection.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/post.hpp>
#include <chrono>

#include "standin/core/control.hpp"
#include "standin/net/server.hpp"

namespace launchgate::standin {
namespace {

// More is not read while an answer is held back.
constexpr std::size_t most_waiting_input = 65536;

}  // namespace

Connection::Connection(Server& server, boost::asio::ip::tcp::socket socket, std::optional<std::size_t> service,
                       ssl_ctx_st* tls)
    : server_(server),
      socket_(std::move(socket)),
      channel_(socket_.native_handle(), tls),
      service_(service),
      parser_(std::make_unique<RequestParser>()) {}

RouteStats& Connection::stats(std::size_t route) {
  Stats& all = server_.app().stats();
  return route == no_route ? all.unknown : all.routes[route];
}

void Connection::start() { wait_readable(); }

void Connection::wait_readable() {
  if (reading_ || closed_) return;
  reading_ = true;
  if (channel_.buffered()) {  // the socket would not tell
    boost::asio::post(server_.loop(), [self = shared_from_this()] {
      self->reading_ = false;
      if (!self->closed_) self->readable();
    });
    return;
  }
  socket_.async_wait(boost::asio::ip::tcp::socket::wait_read,
                     [self = shared_from_this()](const boost::system::error_code& error) {
                       self->reading_ = false;
                       if (!error && !self->closed_) self->readable();
                     });
}

void Connection::wait_writable() {
  if (writing_ || closed_) return;
  writing_ = true;
  socket_.async_wait(boost::asio::ip::tcp::socket::wait_write,
                     [self = shared_from_this()](const boost::system::error_code& error) {
                       self->writing_ = false;
                       if (error || self->closed_) return;
                       if (self->output_.empty()) {  // TLS wanted it for its handshake
                         self->readable();
                         return;
                       }
                       std::string rest;
                       rest.swap(self->output_);
                       if (self->send(rest) && self->output_.empty()) self->sent();
                     });
}

void Connection::readable() {
  auto& buffer = server_.read_buffer();
  while (!closed_) {
    const Channel::Progress got = channel_.read(buffer.data(), buffer.size());
    if (channel_.is_tls() && !counted_handshake_ && service_) {
      ConnectionStats& counts = server_.app().stats().connections[*service_];
      if (channel_.handshake_done())
        ++counts.handshakes;
      else if (got.state == Channel::State::failed || got.state == Channel::State::closed)
        ++counts.failed_handshakes;
      counted_handshake_ = channel_.handshake_done();
    }
    if (got.state == Channel::State::closed || got.state == Channel::State::failed) return peer_gone();
    if (got.state == Channel::State::wants_write) return wait_writable();
    if (got.state == Channel::State::wants_read) break;
    received({buffer.data(), got.bytes});
    if (input_.size() >= most_waiting_input && busy_) return;
    // A plain socket that gave less than asked is empty, and the next wait notices what comes.
    if (!channel_.is_tls() && got.bytes < buffer.size()) break;
  }
  wait_readable();
}

void Connection::received(std::string_view bytes) {
  if (stream_) return;  // nothing a client may say to a stream matters
  if (busy_ || !input_.empty()) {
    input_ += bytes;
    if (!busy_) {
      const std::size_t used = consume(input_);
      input_.erase(0, used);
    }
    return;
  }
  const std::size_t used = consume(bytes);
  if (used < bytes.size() && !closed_ && !stream_) input_.assign(bytes.substr(used));
}

std::size_t Connection::consume(std::string_view bytes) {
  std::size_t used = 0;
  consuming_ = true;
  while (!busy_ && !closed_ && !stream_ && used < bytes.size()) {
    const auto progress = parser_->put(bytes.substr(used));
    used += progress.consumed;
    if (progress.outcome == RequestParser::Outcome::complete) {
      request_complete();
    } else if (progress.outcome == RequestParser::Outcome::incomplete) {
      if (parser_->wants_continue()) send("HTTP/1.1 100 Continue\r\n\r\n");
      break;
    } else {
      refuse_request(progress.outcome);
      break;
    }
  }
  consuming_ = false;
  if (stream_) parser_.reset();
  return used;
}

void Connection::refuse_request(RequestParser::Outcome outcome) {
  if (service_) ++server_.app().stats().connections[*service_].bad_requests;
  Reply reply;
  reply.status = outcome == RequestParser::Outcome::too_large ? 413 : 400;
  reply.content_type = "application/json";
  reply.body = "{\"error\":\"the request cannot be read\"}";
  render(server_.transmission(), reply, false, {});
  ending_ = Ending::close;
  busy_ = true;
  if (send(server_.transmission().bytes) && output_.empty()) sent();
}

void Connection::request_complete() {
  busy_ = true;
  const Micros arrived = server_.now();
  const Request& request = parser_->request();
  const bool keep_alive = request.keep_alive;
  if (is_control(request) || !service_) {
    Answer answer;
    answer.control = true;
    answer.reply = control(server_.app(), request, arrived);
    server_.steered(*this);
    respond(answer, keep_alive, arrived);
    server_.stirred();
    return;
  }
  Answer answer = server_.app().handle(*service_, request, arrived);
  if (answer.delay <= 0) {
    respond(answer, keep_alive, arrived);
  } else {
    held_ = std::make_unique<Held>(server_.loop());
    held_->arrived = arrived;
    held_->keep_alive = keep_alive;
    held_->timer.expires_after(std::chrono::microseconds(answer.delay));
    held_->answer = std::move(answer);
    held_->timer.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
      if (error || self->closed_ || !self->held_) return;
      const std::unique_ptr<Held> held = std::move(self->held_);
      self->respond(held->answer, held->keep_alive, held->arrived);
    });
  }
  server_.stirred();
}

void Connection::respond(const Answer& answer, bool keep_alive, Micros arrived) {
  const bool whole = is_answer(answer.wire.mode);
  if (answer.stream && whole) return start_stream(answer, arrived);
  Transmission& transmission = server_.transmission();
  render(transmission, answer.reply, keep_alive && !answer.reply.close, answer.wire);
  ending_ = transmission.ending;
  if (!answer.control && !whole) ++stats(answer.route).unanswered[mode_name(answer.wire.mode)];
  if (!answer.control && whole) account_ = Account{answer.route, answer.reply.status, arrived};
  if (transmission.piece > 0) {
    dripping_ = std::make_unique<Dripping>(server_.loop());
    dripping_->transmission = transmission;
    dripping_->sent = transmission.burst;
  }
  if (send(std::string_view(transmission.bytes).substr(0, transmission.burst)) && output_.empty()) sent();
}

void Connection::drip() {
  if (dripping_->sent >= dripping_->transmission.bytes.size()) {
    dripping_.reset();
    return sent();
  }
  dripping_->timer.expires_after(std::chrono::microseconds(dripping_->transmission.pause));
  dripping_->timer.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (error || self->closed_ || !self->dripping_) return;
    Dripping& dripping = *self->dripping_;
    const std::string_view piece =
        std::string_view(dripping.transmission.bytes).substr(dripping.sent, dripping.transmission.piece);
    dripping.sent += piece.size();
    if (self->send(piece) && self->output_.empty()) self->drip();
  });
}

void Connection::count(const Account& account) {
  ++stats(account.route).responses[account.status];
  stats(account.route).held.record_us(handed_over_ - account.arrived);
}

bool Connection::send(std::string_view bytes) {
  if (closed_) return false;
  if (!output_.empty()) {
    output_ += bytes;
    return true;
  }
  while (!bytes.empty()) {
    // Before the write: after it the peer may have read the answer while this process waited for a processor.
    handed_over_ = server_.now();
    const Channel::Progress put = channel_.write(bytes.data(), bytes.size());
    if (put.state == Channel::State::done) {
      bytes.remove_prefix(put.bytes);
    } else if (put.state == Channel::State::wants_write || put.state == Channel::State::wants_read) {
      output_.assign(bytes);
      wait_writable();
      return true;
    } else {
      peer_gone();
      return false;
    }
  }
  return true;
}

// All that was to be sent has been handed over.
void Connection::sent() {
  if (stream_) return pump(server_.now());
  if (dripping_) return drip();
  if (!busy_) return;  // an interim answer
  if (account_) count(*account_);
  account_.reset();
  switch (ending_) {
    case Ending::keep:
      return finished();
    case Ending::close:
      return close();
    case Ending::reset:
      return reset();
    case Ending::hang:
      return;
  }
}

void Connection::finished() {
  parser_->reset();
  busy_ = false;
  if (consuming_) return;  // its loop goes on
  if (!input_.empty()) {
    const std::size_t used = consume(input_);
    if (!closed_ && !stream_) input_.erase(0, used);
  }
  wait_readable();
}

void Connection::peer_gone() {
  if (closed_) return;
  if (held_) account_ = Account{held_->answer.route, 0, 0};
  if (account_) ++stats(account_->route).unanswered["abandoned"];
  if (stream_) ++server_.app().stats().streams.closed_by_client;
  close();
}

void Connection::close() {
  if (closed_) return;
  const auto self = weak_from_this().lock();  // the last handler may go below
  channel_.close_notify();
  closed_ = true;
  if (stream_) {
    server_.remove_stream(*this);
    server_.app().stream_closed();
  }
  server_.remove(*this);
  if (held_) held_->timer.cancel();
  if (dripping_) dripping_->timer.cancel();
  boost::system::error_code ignored;
  socket_.close(ignored);
}

void Connection::reset() {
  if (closed_) return;
  const linger now{1, 0};
  ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close();
}

}  // namespace launchgate::standin
