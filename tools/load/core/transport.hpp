#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "load/core/time.hpp"

namespace launchgate::load {

// Why an exchange yielded no complete response.
enum class Failure : std::uint8_t {
  none,
  resolve,      // the host name has no address
  refused,      // connection refused
  unreachable,  // no route, or another error of connect
  connect_timeout,
  tls_handshake,
  certificate,  // expired, unknown authority, wrong host name
  tls_timeout,
  reset,           // the peer reset the connection
  closed,          // the peer closed before the first byte of a response
  header_timeout,  // no complete header in time
  body_timeout,    // header complete, body not
  truncated,       // the peer closed within a response
  oversized,       // a body above the limit, before or after decoding
  malformed,       // no HTTP/1.1
  encoding,        // a body that its Content-Encoding cannot decode
  idle_close,      // the peer closed a connection that had rested, as a request went out that must not go out twice
  local,           // this machine ran out of something: descriptors, ports, memory
  canceled,
};
inline constexpr std::size_t failure_count = 19;
std::string_view name(Failure failure);
// For people.
std::string_view describe(Failure failure);

// Views are valid during the call of send() or open_stream().
struct HttpRequest {
  std::uint32_t target = 0;
  std::string_view method;
  std::string_view path;
  std::string_view headers;  // "Name: value\r\n" each, without Host and Content-Length
  std::string_view body;
  bool has_body = false;
  bool keep_body = false;  // whether the response's body is wanted
};

// Views are valid during the callback.
struct HttpResponse {
  int status = 0;
  std::string_view content_type;
  std::string_view body;  // decoded; empty unless wanted
  std::uint64_t body_bytes = 0;
  std::string_view date = {};  // as sent; empty: none
};

struct Exchange {
  Failure failure = Failure::none;
  HttpResponse response;    // complete when failure is none; its status may be set otherwise
  std::string_view detail;  // for a failure: what the system or library said
};

class ExchangeHandler {
 public:
  virtual ~ExchangeHandler() = default;
  virtual void on_exchange(std::uint32_t slot, const Exchange& exchange, Nanoseconds now) = 0;
};

class StreamHandler {
 public:
  virtual ~StreamHandler() = default;
  // The header of a response is complete. After a status other than 200 the stream is closed by the transport, which
  // calls on_stream_closed() as for any other end.
  virtual void on_stream_open(std::uint32_t slot, const HttpResponse& header, Nanoseconds now) = 0;
  virtual void on_stream_bytes(std::uint32_t slot, std::string_view bytes, Nanoseconds now) = 0;
  // Failure::none when the response ended as HTTP says.
  virtual void on_stream_closed(std::uint32_t slot, Failure failure, std::string_view detail, Nanoseconds now) = 0;
};

struct TransportCounters {
  std::uint64_t connects = 0;
  std::uint64_t connect_failures = 0;
  std::uint64_t tls_handshakes = 0;
  std::uint64_t reused = 0;  // exchanges on a connection that had served one before
  std::uint64_t resets = 0;
  std::uint64_t retried = 0;  // idempotent requests sent again because the peer had closed an idle connection
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
};

// Carries requests. Handlers are never called from within send(), open_stream() or close_stream(), and exactly once per
// exchange. One thread.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual void send(const HttpRequest& request, ExchangeHandler& handler, std::uint32_t slot) = 0;
  virtual void open_stream(const HttpRequest& request, StreamHandler& handler, std::uint32_t slot) = 0;
  // No further callback comes for the slot.
  virtual void close_stream(StreamHandler& handler, std::uint32_t slot) = 0;
  virtual TransportCounters counters() const = 0;
  // Opens a connection that the next request may use; nothing where connections are no concern.
  virtual void open_ahead(std::uint32_t target) { (void)target; }
  // Connections that are being opened ahead.
  virtual std::size_t opening_ahead() const { return 0; }
};

}  // namespace launchgate::load
