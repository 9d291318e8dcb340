#include "load/start_at.hpp"

#include <algorithm>
#include <charconv>

#include "lib/base/rfc3339.hpp"

namespace launchgate::load {

namespace {

constexpr Nanoseconds look_again = 500 * millisecond;

class Waiting final : public Driven {
 public:
  Waiting(const Clock& clock, std::int64_t wall_ms, Nanoseconds lead) : clock_(clock), wall_ms_(wall_ms), lead_(lead) {}

  std::optional<Nanoseconds> next_wake() const override {
    return clock_.now() + std::clamp<Nanoseconds>(left(), 0, look_again);
  }
  void advance(Nanoseconds) override { done_ = done_ || left() <= 0; }
  bool done() const override { return done_; }
  void interrupt(Nanoseconds) override { done_ = true; }

 private:
  Nanoseconds left() const { return (wall_ms_ - clock_.wall_ms()) * millisecond - lead_; }

  const Clock& clock_;
  std::int64_t wall_ms_;
  Nanoseconds lead_;
  bool done_ = false;
};

}  // namespace

std::optional<std::int64_t> parse_start(std::string_view text) {
  if (const auto time = base::parse_date_time(text)) return time;
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || !(seconds > 0) || seconds > 1e11)
    return std::nullopt;
  return static_cast<std::int64_t>(seconds * 1000);
}

void wait_until(EventLoop& loop, std::int64_t wall_ms, Nanoseconds lead) {
  Waiting waiting(loop.clock(), wall_ms, lead);
  waiting.advance(0);
  if (!waiting.done()) loop.run(waiting);
}

}  // namespace launchgate::load
