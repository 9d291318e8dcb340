#include "load/core/schedule.hpp"

#include <algorithm>
#include <cmath>

namespace launchgate::load {

std::uint64_t Schedule::arrivals(double per_second, Nanoseconds length) {
  const double exact = per_second * static_cast<double>(length) / static_cast<double>(second);
  // The margin keeps a product such as 0.1 * 30 from becoming one arrival too many.
  return static_cast<std::uint64_t>(std::max(1.0, std::ceil(exact - 1e-6)));
}

std::uint64_t Schedule::warmup_arrivals(double per_second, Nanoseconds warmup) {
  return static_cast<std::uint64_t>(per_second * static_cast<double>(warmup) / static_cast<double>(second) + 1e-6);
}

Schedule::Schedule(const std::vector<ArrivalPlan>& plans, Nanoseconds length, Nanoseconds warmup, SegmentShare share)
    : length_(length), warmup_(warmup), share_(share) {
  // Multiples of the golden ratio, modulo 1, are spread evenly for any number of kinds.
  constexpr double golden = 0.6180339887498949;
  double phase = 0.5;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    warmups_.push_back(warmup_arrivals(plans[i].per_second, warmup));
    totals_.push_back(warmups_.back() + arrivals(plans[i].per_second, length));
    phases_.push_back(phase);
    phase = std::fmod(phase + golden, 1.0);
    const std::uint64_t first = share.at(0);
    if (first < totals_.back())
      heap_.push_back({{plans[i].kind, time_of(i, first)}, static_cast<std::uint32_t>(i), first});
  }
  std::make_heap(heap_.begin(), heap_.end(), later);
}

bool Schedule::later(const Entry& a, const Entry& b) {
  return a.arrival.at != b.arrival.at ? a.arrival.at > b.arrival.at : a.plan > b.plan;
}

Nanoseconds Schedule::time_of(std::size_t plan, std::uint64_t k) const {
  const std::uint64_t warm = warmups_[plan];
  const bool warming = k < warm;
  const double part = (static_cast<double>(warming ? k : k - warm) + phases_[plan]) /
                      static_cast<double>(warming ? warm : totals_[plan] - warm);
  return static_cast<Nanoseconds>(part * static_cast<double>(warming ? warmup_ : length_)) + (warming ? 0 : warmup_);
}

double Schedule::before(std::size_t plan, Nanoseconds until) const {
  const auto warm = static_cast<double>(warmups_[plan]);
  if (until < warmup_) return static_cast<double>(until) / static_cast<double>(warmup_) * warm - phases_[plan];
  return warm +
         static_cast<double>(until - warmup_) / static_cast<double>(length_) *
             (static_cast<double>(totals_[plan]) - warm) -
         phases_[plan];
}

void Schedule::pop() {
  if (heap_.empty()) return;
  std::pop_heap(heap_.begin(), heap_.end(), later);
  Entry& entry = heap_.back();
  entry.k += share_.of;
  if (entry.k >= totals_[entry.plan]) {
    heap_.pop_back();
    return;
  }
  entry.arrival.at = time_of(entry.plan, entry.k);
  std::push_heap(heap_.begin(), heap_.end(), later);
}

void Schedule::skip_until(Nanoseconds until, std::vector<std::uint64_t>& dropped) {
  std::vector<Entry> kept;
  for (Entry entry : heap_) {
    const auto total = totals_[entry.plan];
    std::uint64_t k =
        std::clamp<std::uint64_t>(static_cast<std::uint64_t>(std::max(0.0, before(entry.plan, until))), entry.k, total);
    // The division may be off by one either way.
    while (k > entry.k && time_of(entry.plan, k - 1) >= until) --k;
    while (k < total && time_of(entry.plan, k) < until) ++k;
    dropped[entry.arrival.kind] += share_.count(k) - share_.count(entry.k);
    entry.k = share_.from(k);
    if (entry.k >= total) continue;
    entry.arrival.at = time_of(entry.plan, entry.k);
    kept.push_back(entry);
  }
  heap_ = std::move(kept);
  std::make_heap(heap_.begin(), heap_.end(), later);
}

}  // namespace launchgate::load
