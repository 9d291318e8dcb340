#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "load/core/transport.hpp"
#include "load/net/byte_channel.hpp"
#include "load/net/http_parser.hpp"
#include "load/net/inflate.hpp"
#include "load/net/stream_poller.hpp"

namespace launchgate::load {

// Where a target is and how it is spoken to.
struct Endpoint {
  Url url;
  std::vector<Address> addresses;
  std::size_t preferred = 0;   // the address that last answered
  std::string request_prefix;  // before the path: empty, or the absolute form that a proxy wants
  std::string proxy_tunnel;    // the CONNECT request to send first; empty: none
};

// One request on its way, or one stream.
struct Work {
  ExchangeHandler* exchange = nullptr;
  StreamHandler* stream = nullptr;
  std::uint32_t slot = 0;
  bool head = false;
  bool idempotent = false;
  bool keep_body = false;
  bool retried = false;
  bool stream_open = false;
  std::string out;
  std::string body;  // decoded, as far as it is kept
  std::uint64_t raw_bytes = 0;
  std::uint64_t body_bytes = 0;  // decoded
  std::unique_ptr<Inflater> inflater;
  bool unknown_coding = false;
};

class Connection;

// What a connection needs of the transport it belongs to.
class ConnectionOwner {
 public:
  virtual ~ConnectionOwner() = default;
  // The connection can serve another request; it stays open and watches for its peer to close.
  virtual void on_idle(Connection& connection) = 0;
  virtual void on_closed(Connection& connection) = 0;
  // Whether one more request may be sent again: a server that closes often is not idle.
  virtual bool may_resend() const = 0;
  // The peer closed an idle connection as the request went out: it may go out again on another.
  virtual void on_stale(Connection& connection, Work work) = 0;
  virtual void on_deadline_passed_out(Connection& connection) = 0;  // its exchange needs no deadline any more
  virtual StreamPoller& streams() = 0;
  virtual std::unique_ptr<char[]> take_buffer() = 0;
  virtual void give_buffer(std::unique_ptr<char[]> buffer) = 0;
  virtual char* scratch() = 0;
  virtual Nanoseconds now() const = 0;
  virtual const TlsContext* tls() const = 0;
  virtual TransportCounters& tally() = 0;

  static constexpr std::size_t buffer_size = 16UL * 1024;
  static constexpr std::size_t scratch_size = 64UL * 1024;
};

// One HTTP/1.1 connection to a target: connects when first used, carries one exchange at a time, then rests in its
// owner's pool.
class Connection final : public std::enable_shared_from_this<Connection>,
                         private ResponseBodySink,
                         private StreamPoller::Reader {
 public:
  static constexpr std::uint64_t body_limit = 8UL * 1024 * 1024;

  Connection(boost::asio::io_context& context, ConnectionOwner& owner, Endpoint& endpoint, std::uint32_t target);
  ~Connection() override;

  // Handlers are not called from within.
  void start(Work work);
  // Connects and rests, without work.
  void open_ahead();
  // Whether it was being opened so until now.
  bool take_ahead() { return std::exchange(ahead_, false); }
  // The deadline has passed.
  void time_out();
  // Ends without a callback.
  void abandon();

  bool connected() const { return phase_ >= Phase::idle; }
  std::uint32_t target() const { return target_; }
  const Work& work() const { return work_; }
  // When the peer is expected to close an idle connection.
  Nanoseconds idle_until() const { return idle_until_; }

  // Links of the owner's list of deadlines.
  Connection* next = nullptr;
  Connection* previous = nullptr;
  Nanoseconds deadline = 0;
  bool listed = false;

 private:
  enum class Phase : std::uint8_t { closed, connecting, tunnelling, handshaking, idle, writing, reading, streaming };

  void connect_next();
  void on_connected();
  void begin_tunnel();
  void begin_tls();
  void on_secured();
  void do_handshake();
  void do_write();
  void write_ready();
  void do_read();
  void read_ready();
  void watch_idle();
  void on_idle_readable();
  void wait_stream();
  void stream_ready(bool closing) override;
  // False when the connection does not go on reading.
  bool parse(std::string_view bytes);
  // The response is over, or cannot be one; `left` is what follows it.
  void on_end(ResponseParser::Status status, std::string_view left);
  // The proxy has answered.
  void on_tunnel();
  // False as parse().
  bool on_header();
  bool on_body(std::string_view bytes) override;
  bool decoded(std::string_view bytes);
  void on_eof();
  void on_error(const ByteChannel::Result& result);
  void complete();
  // Whether a connection that ended before any answer had been closed while it rested: the work is then on its way
  // again.
  bool resent();
  bool closed_at_rest() const;
  void fail(Failure failure, std::string detail);
  // Later, so that no handler runs within start().
  void fail_soon(Failure failure, std::string detail);
  void shut();
  template <typename Then>
  void wait(ByteChannel::Socket::wait_type what, Then then);

  ByteChannel channel_;
  ConnectionOwner& owner_;
  Endpoint& endpoint_;
  ResponseParser parser_;
  Work work_;
  std::string rest_;  // bytes that the parser wants again
  std::unique_ptr<char[]> buffer_;
  std::size_t written_ = 0;
  std::size_t tried_ = 0;  // addresses
  Nanoseconds idle_until_ = 0;
  Nanoseconds idle_since_ = 0;
  Nanoseconds rested_ = 0;  // before this exchange
  std::uint32_t target_;
  std::uint32_t watched_ = StreamPoller::none;  // its place with the poller of streams
  std::uint32_t generation_ = 0;                // tells late completions of a closed socket apart
  std::uint32_t served_ = 0;
  Failure body_failure_ = Failure::none;
  Phase phase_ = Phase::closed;
  bool within_start_ = false;
  bool ahead_ = false;     // is being opened ahead of its first request
  bool watching_ = false;  // a wait is pending that was begun while idle
};

}  // namespace launchgate::load
