#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

struct ssl_st;
struct ssl_ctx_st;

namespace launchgate::standin {

// Bytes over a connected, non-blocking TCP socket, plain or through TLS. Does not own the socket. Without buffers of
// its own, so that an idle connection costs next to nothing.
class Channel {
 public:
  // With a context the TLS handshake, as server, runs within the first reads.
  Channel(int socket, ssl_ctx_st* tls);
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  enum class State : std::uint8_t { done, wants_read, wants_write, closed, failed };
  struct Progress {
    State state = State::done;
    std::size_t bytes = 0;
  };
  Progress read(char* to, std::size_t most);
  Progress write(const char* from, std::size_t bytes);
  // Tells the peer over TLS that no more comes.
  void close_notify();

  bool is_tls() const { return tls_ != nullptr; }
  bool handshake_done() const;
  // Whether TLS holds bytes that were taken from the socket and not yet read.
  bool buffered() const;

 private:
  Progress outcome(int result);

  int socket_;
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> tls_;
};

}  // namespace launchgate::standin
