#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace launchgate::load {

// What the engine wants to know of a response's header.
struct ResponseHeader {
  int status = 0;
  std::string content_type;
  std::string content_encoding;
  std::int64_t keep_alive_seconds = -1;  // the peer's hint; -1: none
  // The Date, kept without an allocation, since every response has one.
  std::array<char, 40> date_text{};
  std::uint8_t date_size = 0;
  std::string_view date() const { return {date_text.data(), date_size}; }
};

class ResponseBodySink {
 public:
  virtual ~ResponseBodySink() = default;
  // False stops the parse; it is then `stopped`.
  virtual bool on_body(std::string_view bytes) = 0;
};

// One HTTP/1.1 response, parsed incrementally. Interim responses (1xx) are skipped. Header sections above 16 KiB are
// malformed.
class ResponseParser {
 public:
  enum class Status : std::uint8_t { more, done, malformed, stopped };

  ResponseParser();
  ~ResponseParser();
  ResponseParser(ResponseParser&&) noexcept;
  ResponseParser& operator=(ResponseParser&&) noexcept;

  // For the next response. `head`: the response to a HEAD request has no body.
  void begin(bool head);
  // Parses as far as possible; the first `consumed` bytes are not needed again, the others must come again with more
  // behind them. Pauses after a complete header so that the caller can look at it: call again with the rest.
  Status feed(std::string_view bytes, ResponseBodySink& sink, std::size_t& consumed);
  // The connection ended: `done` when that is how this body ends, else `malformed`.
  Status finish();

  bool started() const;  // a byte was seen
  bool header_complete() const;
  const ResponseHeader& header() const;
  bool keep_alive() const;  // after done
  bool ends_with_connection() const;
  std::string error() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace launchgate::load
