#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "standin/core/app.hpp"
#include "standin/core/wire.hpp"
#include "standin/net/channel.hpp"
#include "standin/net/request_parser.hpp"

namespace launchgate::standin {

class Server;

// One client. Reads a request, holds it for as long as the answer's latency asks, sends the answer as its faults ask,
// and goes on with the next; or becomes a stream of events. Kept alive by the handlers it waits for.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  // Without a service only control is answered.
  Connection(Server& server, boost::asio::ip::tcp::socket socket, std::optional<std::size_t> service, ssl_ctx_st* tls);

  void start();
  void close();
  void reset();
  std::optional<std::size_t> service() const { return service_; }

  // For streams: sends what was published and is not yet sent.
  void pump(Micros now);
  void heartbeat(Micros now);

  // Where the server keeps it.
  std::size_t place = 0;
  std::size_t bucket = 0;
  std::size_t place_in_bucket = 0;

 private:
  // An answer that waits for its time.
  struct Held {
    explicit Held(boost::asio::io_context& loop) : timer(loop) {}
    boost::asio::steady_timer timer;
    Answer answer;
    Micros arrived = 0;
    bool keep_alive = true;
  };
  struct Dripping {
    explicit Dripping(boost::asio::io_context& loop) : timer(loop) {}
    boost::asio::steady_timer timer;
    Transmission transmission;
    std::size_t sent = 0;
  };
  // An answer under way that is counted once it has been handed over.
  struct Account {
    std::size_t route = no_route;
    int status = 0;
    Micros arrived = 0;
  };
  struct Stream {
    std::size_t route = 0;
    std::uint64_t next = 0;
    Micros opened = 0;
    double lot = 0;
  };

  void wait_readable();
  void wait_writable();
  void readable();
  void received(std::string_view bytes);
  std::size_t consume(std::string_view bytes);
  void request_complete();
  void respond(const Answer& answer, bool keep_alive, Micros arrived);
  void start_stream(const Answer& answer, Micros arrived);
  void drip();
  void refuse_request(RequestParser::Outcome outcome);
  // False when the peer is gone.
  bool send(std::string_view bytes);
  void sent();
  void finished();
  void count(const Account& account);
  void peer_gone();
  void send_events();
  void send_events_with_faults(Micros now);
  RouteStats& stats(std::size_t route);

  Server& server_;
  boost::asio::ip::tcp::socket socket_;
  Channel channel_;
  std::optional<std::size_t> service_;
  std::unique_ptr<RequestParser> parser_;
  std::unique_ptr<Held> held_;
  std::unique_ptr<Dripping> dripping_;
  std::unique_ptr<Stream> stream_;
  std::optional<Account> account_;
  std::string input_;       // read, not yet parsed
  std::string output_;      // to be sent when the socket takes more
  Micros handed_over_ = 0;  // when the last piece was last offered to the kernel
  Ending ending_ = Ending::keep;
  bool reading_ = false, writing_ = false, busy_ = false, consuming_ = false, closed_ = false,
       counted_handshake_ = false;
};

}  // namespace launchgate::standin
