#include "load/net/stream_poller.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <boost/asio/post.hpp>
#include <chrono>

namespace launchgate::load {

namespace {

constexpr unsigned interest = EPOLLIN | EPOLLRDHUP | EPOLLET;
constexpr std::size_t batch = 64;

}  // namespace

StreamPoller::StreamPoller(boost::asio::io_context& context) : timer_(context), epoll_(epoll_create1(EPOLL_CLOEXEC)) {}

StreamPoller::~StreamPoller() {
  if (epoll_ >= 0) close(epoll_);
}

std::uint32_t StreamPoller::watch(int descriptor, std::shared_ptr<Reader> reader) {
  std::uint32_t place = static_cast<std::uint32_t>(readers_.size());
  if (!free_.empty()) {
    place = free_.back();
    free_.pop_back();
  } else {
    readers_.emplace_back();
  }
  epoll_event event{};
  event.events = interest;
  event.data.u32 = place;
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) != 0) {
    free_.push_back(place);
    return none;
  }
  readers_[place] = std::move(reader);
  ++count_;
  if (!beating_) arm();
  return place;
}

void StreamPoller::again(std::uint32_t place, int descriptor) {
  epoll_event event{};
  event.events = interest;
  event.data.u32 = place;
  epoll_ctl(epoll_, EPOLL_CTL_MOD, descriptor, &event);
}

void StreamPoller::forget(std::uint32_t place, int descriptor) {
  epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
  readers_[place].reset();
  free_.push_back(place);
  --count_;
}

void StreamPoller::stop() { timer_.cancel(); }

void StreamPoller::arm() {
  beating_ = true;
  timer_.expires_after(std::chrono::milliseconds(beat_ms));
  timer_.async_wait([this](const boost::system::error_code& ec) {
    if (!ec) read_some(count_);
  });
}

// In small batches: between two of them the event loop sends what is due.
void StreamPoller::read_some(std::size_t left) {
  std::array<epoll_event, batch> events{};
  const int ready = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 0);
  for (int i = 0; i < ready; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    // A stream that another one's handler closed meanwhile is not there any more.
    if (const std::shared_ptr<Reader> reader = readers_[event.data.u32])
      reader->stream_ready((event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0);
  }
  // Each stream at most once a beat, however much it has to say.
  if (ready == static_cast<int>(batch) && left > batch) {
    boost::asio::post(timer_.get_executor(), [this, left] { read_some(left - batch); });
  } else if (count_ > 0) {
    arm();
  } else {
    beating_ = false;
  }
}

}  // namespace launchgate::load
