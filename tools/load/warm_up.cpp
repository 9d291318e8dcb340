#include "load/warm_up.hpp"

#include <algorithm>

namespace launchgate::load {

namespace {

constexpr double answer_seconds = 0.02;
constexpr Nanoseconds pace = 1 * millisecond;
constexpr Nanoseconds patience = 2 * second;

class WarmUp final : public Driven {
 public:
  WarmUp(Transport& transport, std::vector<std::uint64_t> wanted, Nanoseconds now)
      : transport_(transport), wanted_(std::move(wanted)), next_(now) {
    std::uint64_t all = 0;
    for (const std::uint64_t n : wanted_) all += n;
    until_ = now + static_cast<Nanoseconds>(all) * pace + patience;
  }

  std::optional<Nanoseconds> next_wake() const override { return done_ ? std::nullopt : std::optional(next_); }
  void advance(Nanoseconds now) override {
    if (now >= until_) done_ = true;
    if (done_ || now < next_) return;
    next_ = now + pace;
    for (std::uint32_t target = 0; target < wanted_.size(); ++target) {
      if (wanted_[target] == 0) continue;
      --wanted_[target];
      return transport_.open_ahead(target);
    }
    done_ = transport_.opening_ahead() == 0;
  }
  bool done() const override { return done_; }
  void interrupt(Nanoseconds) override { done_ = true; }

 private:
  Transport& transport_;
  std::vector<std::uint64_t> wanted_;
  Nanoseconds next_;
  Nanoseconds until_;
  bool done_ = false;
};

}  // namespace

void open_connections_ahead(const RunPlan& run, EventLoop& loop) {
  std::vector<double> rates(run.catalogue.targets.size());
  for (const PlannedOperation& planned : run.plan.operations) {
    if (!planned.held) rates[run.catalogue.operations[planned.operation].target] += planned.per_second;
  }
  std::vector<std::uint64_t> wanted;
  bool any = false;
  for (const double rate : rates) {
    const std::uint64_t most = run.plan.places;
    wanted.push_back(std::min(static_cast<std::uint64_t>(rate * answer_seconds), most));
    any = any || wanted.back() > 0;
  }
  if (!any) return;
  WarmUp warm_up(loop.transport(), std::move(wanted), loop.clock().now());
  loop.run(warm_up);
}

}  // namespace launchgate::load
