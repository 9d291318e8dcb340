#include "load/net/byte_channel.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <climits>

namespace launchgate::load {

namespace {

ByteChannel::Result failed(int error) { return {ByteChannel::State::failed, 0, error}; }

}  // namespace

ByteChannel::Result ByteChannel::connect(const Address& address) {
  using boost::asio::ip::tcp;
  close();
  tls_error_.clear();
  certificate_refused_ = false;
  boost::system::error_code ec;
  socket_.open(address.family() == AF_INET6 ? tcp::v6() : tcp::v4(), ec);
  if (ec) return failed(ec.value());
  socket_.native_non_blocking(true, ec);
  const int on = 1;
  setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(socket_.native_handle(), reinterpret_cast<const sockaddr*>(&address.storage), address.length) == 0)
    return {};
  if (errno == EINPROGRESS || errno == EINTR) return {State::want_write, 0, 0};
  return failed(errno);
}

ByteChannel::Result ByteChannel::connected() {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(socket_.native_handle(), SOL_SOCKET, SO_ERROR, &error, &size);
  return error == 0 ? Result{} : failed(error);
}

bool ByteChannel::start_tls(const TlsContext& context, const Url& url) {
  ssl_ = context.open(socket_.native_handle(), url);
  return ssl_ != nullptr;
}

ByteChannel::Result ByteChannel::tls_result(int result) {
  const int saved = errno;
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return {State::want_read, 0, 0};
    case SSL_ERROR_WANT_WRITE:
      return {State::want_write, 0, 0};
    case SSL_ERROR_ZERO_RETURN:
      return {State::eof, 0, 0};
    case SSL_ERROR_SYSCALL:
      ERR_clear_error();
      return saved == 0 ? Result{State::eof, 0, 0} : failed(saved);
    default:
      break;
  }
  tls_error_ = certificate_problem(ssl_.get());
  certificate_refused_ = !tls_error_.empty();
  const std::string queued = take_tls_error();
  if (tls_error_.empty()) tls_error_ = queued;
  return failed(0);
}

ByteChannel::Result ByteChannel::handshake() {
  ERR_clear_error();
  errno = 0;
  const int result = SSL_do_handshake(ssl_.get());
  return result == 1 ? Result{} : tls_result(result);
}

ByteChannel::Result ByteChannel::read(char* buffer, std::size_t size) {
  if (ssl_) {
    ERR_clear_error();
    errno = 0;
    const int got = SSL_read(ssl_.get(), buffer, static_cast<int>(std::min<std::size_t>(size, INT_MAX)));
    return got > 0 ? Result{State::done, static_cast<std::size_t>(got), 0} : tls_result(got);
  }
  while (true) {
    const ssize_t got = ::recv(descriptor(), buffer, size, 0);
    if (got > 0) return {State::done, static_cast<std::size_t>(got), 0};
    if (got == 0) return {State::eof, 0, 0};
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return {State::want_read, 0, 0};
    return failed(errno);
  }
}

ByteChannel::Result ByteChannel::write(std::string_view bytes) {
  if (ssl_) {
    ERR_clear_error();
    errno = 0;
    const int put = SSL_write(ssl_.get(), bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), INT_MAX)));
    return put > 0 ? Result{State::done, static_cast<std::size_t>(put), 0} : tls_result(put);
  }
  while (true) {
    const ssize_t put = ::send(descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (put >= 0) return {State::done, static_cast<std::size_t>(put), 0};
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return {State::want_write, 0, 0};
    return failed(errno);
  }
}

void ByteChannel::free_buffers() {
  if (ssl_) SSL_free_buffers(ssl_.get());
}

bool ByteChannel::detach() {
  if (detached_ >= 0) return true;
  boost::system::error_code ec;
  const int descriptor = socket_.release(ec);
  if (!ec) detached_ = descriptor;
  return !ec;
}

void ByteChannel::close() {
  ssl_.reset();
  if (detached_ >= 0) ::close(detached_);
  detached_ = -1;
  boost::system::error_code ignored;
  socket_.close(ignored);
}

}  // namespace launchgate::load
