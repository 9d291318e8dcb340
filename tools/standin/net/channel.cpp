#include "standin/net/channel.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <limits>

namespace launchgate::standin {
namespace {

int at_most_int(std::size_t bytes) {
  return static_cast<int>(std::min<std::size_t>(bytes, std::numeric_limits<int>::max()));
}

}  // namespace

Channel::Channel(int socket, ssl_ctx_st* tls)
    : socket_(socket), tls_(tls != nullptr ? SSL_new(tls) : nullptr, &SSL_free) {
  if (!tls_) return;
  SSL_set_fd(tls_.get(), socket_);
  SSL_set_accept_state(tls_.get());
}

Channel::~Channel() = default;

bool Channel::handshake_done() const { return !tls_ || SSL_is_init_finished(tls_.get()) == 1; }

bool Channel::buffered() const { return tls_ && SSL_pending(tls_.get()) > 0; }

Channel::Progress Channel::outcome(int result) {
  if (result > 0) return {State::done, static_cast<std::size_t>(result)};
  switch (SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return {State::wants_read, 0};
    case SSL_ERROR_WANT_WRITE:
      return {State::wants_write, 0};
    case SSL_ERROR_ZERO_RETURN:
      return {State::closed, 0};
    default:
      return {State::failed, 0};
  }
}

Channel::Progress Channel::read(char* to, std::size_t most) {
  if (tls_) {
    ERR_clear_error();
    return outcome(SSL_read(tls_.get(), to, at_most_int(most)));
  }
  while (true) {
    const ssize_t got = ::recv(socket_, to, most, MSG_DONTWAIT);
    if (got > 0) return {State::done, static_cast<std::size_t>(got)};
    if (got == 0) return {State::closed, 0};
    if (errno == EINTR) continue;
    return {errno == EAGAIN || errno == EWOULDBLOCK ? State::wants_read : State::failed, 0};
  }
}

Channel::Progress Channel::write(const char* from, std::size_t bytes) {
  if (tls_) {
    ERR_clear_error();
    return outcome(SSL_write(tls_.get(), from, at_most_int(bytes)));
  }
  while (true) {
    const ssize_t put = ::send(socket_, from, bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (put >= 0) return {State::done, static_cast<std::size_t>(put)};
    if (errno == EINTR) continue;
    return {errno == EAGAIN || errno == EWOULDBLOCK ? State::wants_write : State::failed, 0};
  }
}

void Channel::close_notify() {
  if (!tls_ || SSL_is_init_finished(tls_.get()) != 1) return;
  ERR_clear_error();
  SSL_shutdown(tls_.get());
}

}  // namespace launchgate::standin
