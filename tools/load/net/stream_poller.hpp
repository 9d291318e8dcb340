#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace launchgate::load {

// Reads open streams on a beat instead of at once. What a stream carries is counted and not timed, while thousands of
// streams that all receive the same events cost a wake-up, a read and an acknowledgement for each event and stream;
// read on a beat they cost one for each beat. The beat is far below what counts as silence, and the kernel's buffers
// hold what arrives between two of them.
class StreamPoller {
 public:
  static constexpr int beat_ms = 50;

  class Reader {
   public:
    virtual ~Reader() = default;
    // Something can be read; `closing`: so can the end or an error.
    virtual void stream_ready(bool closing) = 0;
  };

  explicit StreamPoller(boost::asio::io_context& context);
  ~StreamPoller();
  StreamPoller(const StreamPoller&) = delete;
  StreamPoller& operator=(const StreamPoller&) = delete;

  // From now on `reader` is told each time that `descriptor` has become readable; what it is told once it is not told
  // again. The place is what the other calls want; none: the system refused.
  static constexpr std::uint32_t none = 0xFFFFFFFFU;
  std::uint32_t watch(int descriptor, std::shared_ptr<Reader> reader);
  // Tells again of what is left unread.
  void again(std::uint32_t place, int descriptor);
  // Before the descriptor is closed.
  void forget(std::uint32_t place, int descriptor);
  void stop();

 private:
  void arm();
  void read_some(std::size_t left);

  boost::asio::steady_timer timer_;
  int epoll_;
  bool beating_ = false;
  std::size_t count_ = 0;
  std::vector<std::shared_ptr<Reader>> readers_;
  std::vector<std::uint32_t> free_;
};

}  // namespace launchgate::load
