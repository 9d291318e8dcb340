#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace launchgate::load {

// One event; the views are valid during the call.
struct SseEvent {
  std::string_view type;  // "message" unless the stream said otherwise
  std::string_view data;
  std::string_view last_event_id;
  bool has_id = false;  // whether the event itself carried an id
};

class SseSink {
 public:
  virtual ~SseSink() = default;
  virtual void on_event(const SseEvent& event) = 0;
  virtual void on_comment(std::string_view text) = 0;
  // More bytes in a line or an event than the limit; the rest of that line or event is dropped.
  virtual void on_oversized() = 0;
};

// Server-sent events as the HTML standard parses them (section "Interpreting an event stream"): lines end with CR, LF
// or CRLF, one byte order mark may lead, comments start with a colon, data lines are joined by LF, an event without
// data is dropped, an id that holds NUL is ignored, retry takes digits only. Bytes may be cut anywhere. What is kept
// between two calls is the unfinished line and the unfinished event; an idle stream keeps its last id alone. An
// unfinished event at the end of the stream is dropped.
class SseParser {
 public:
  static constexpr std::size_t limit = 1024UL * 1024;

  void feed(std::string_view bytes, SseSink& sink);
  // The connection ended: forget what is unfinished, keep the last id and retry.
  void reset();

  const std::string& last_event_id() const { return last_event_id_; }
  std::optional<std::uint32_t> retry_ms() const;

 private:
  void line(std::string_view text, SseSink& sink);
  void field(std::string_view name, std::string_view value, SseSink& sink);
  void dispatch(SseSink& sink);

  std::string partial_;  // a line without its end
  std::string data_;
  std::string type_;
  std::string last_event_id_;
  std::string pending_id_;
  std::uint32_t retry_ms_ = no_retry;
  std::uint8_t bom_seen_ = 0;  // bytes of a leading byte order mark; 4: past the start
  bool skip_lf_ = false;
  bool has_data_ = false;
  bool has_id_ = false;
  bool dropping_ = false;

  static constexpr std::uint32_t no_retry = 0xFFFFFFFFU;
};

}  // namespace launchgate::load
