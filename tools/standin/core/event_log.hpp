#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace launchgate::standin {

// Events in the order of publication, as frames of an event stream (HTML standard, section 9.2), numbered from 1. The
// number is the frame's id. Holds the newest frames up to a count and 32 MiB.
class EventLog {
 public:
  explicit EventLog(std::size_t keep) : keep_(keep) {}

  std::uint64_t next_sequence() const { return first_ + frames_.size(); }
  void add(std::string_view type, std::string_view data);

  // The oldest one still held; equals next_sequence() when there is none.
  std::uint64_t first_sequence() const { return first_; }
  const std::string& frame(std::uint64_t sequence) const { return frames_[sequence - first_]; }
  void clear();

 private:
  std::deque<std::string> frames_;
  std::uint64_t first_ = 1;
  std::size_t keep_;
  std::size_t bytes_ = 0;
};

// Where a reader that has seen `last_event_id` goes on; an id that is no number starts over.
std::uint64_t sequence_after(const EventLog& log, std::optional<std::string_view> last_event_id);

// Other spellings of the same frame that the standard allows.
struct FrameStyle {
  std::string newline = "\n";  // "\r" or "\r\n"
  bool split_data = false;     // the data on several lines, cut after the first comma outside strings
  bool no_space = false;       // no blank after the colon
  bool comment = false;        // a comment between the lines
  std::optional<std::uint32_t> retry_ms;
};
std::string restyle(std::string_view frame, const FrameStyle& style);

}  // namespace launchgate::standin
