#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <string>
#include <string_view>

#include "load/net/resolver.hpp"
#include "load/net/tls.hpp"

namespace launchgate::load {

// A non-blocking byte stream over TCP, with or without TLS. Every call does what is possible now and says what it waits
// for.
class ByteChannel {
 public:
  using Socket = boost::asio::ip::tcp::socket;

  enum class State : unsigned char { done, want_read, want_write, eof, failed };
  struct Result {
    State state = State::done;
    std::size_t bytes = 0;
    int error = 0;  // errno, of `failed`; 0: TLS, see tls_error()
  };

  explicit ByteChannel(boost::asio::io_context& context) : socket_(context) {}
  ~ByteChannel() { close(); }
  ByteChannel(const ByteChannel&) = delete;
  ByteChannel& operator=(const ByteChannel&) = delete;

  // `want_write`: wait until writable, then call connected().
  Result connect(const Address& address);
  Result connected();
  bool start_tls(const TlsContext& context, const Url& url);
  Result handshake();
  Result read(char* buffer, std::size_t size);
  Result write(std::string_view bytes);
  void close();
  // Of an idle TLS session: a session ticket leaves a write buffer behind that SSL_MODE_RELEASE_BUFFERS does not see.
  void free_buffers();

  // Takes the socket out of the event loop's hands; what is asked of the channel goes on to work, socket() does not.
  bool detach();
  int descriptor() { return detached_ >= 0 ? detached_ : socket_.native_handle(); }

  Socket& socket() { return socket_; }
  bool is_tls() const { return ssl_ != nullptr; }
  const std::string& tls_error() const { return tls_error_; }
  bool certificate_refused() const { return certificate_refused_; }

 private:
  Result tls_result(int result);

  Socket socket_;
  int detached_ = -1;
  SslPtr ssl_;
  std::string tls_error_;
  bool certificate_refused_ = false;
};

}  // namespace launchgate::load
