#include <algorithm>

#include "load/core/timeline.hpp"

// The timelines of processes that shared a run, as one.
namespace launchgate::load {

namespace {

// The mean of two figures, weighted by how many samples each has; the count is their sum.
std::pair<std::uint64_t, double> mean(std::uint64_t a, double of_a, std::uint64_t b, double of_b) {
  const std::uint64_t all = a + b;
  if (all == 0) return {0, 0};
  return {all, (static_cast<double>(a) * of_a + static_cast<double>(b) * of_b) / static_cast<double>(all)};
}

void merge(Window& into, const Window& other) {
  const auto [responses, p95] = mean(into.responses, into.p95_ms, other.responses, other.p95_ms);
  into.rejected += other.rejected;
  into.responses = responses;
  into.p95_ms = p95;
}

// A gauge was read more often; a counter grew once, however many looked: who looked longest knows best.
void merge(TrackCell& into, const TrackCell& other, bool counter) {
  if (counter) {
    if (other.minutes > into.minutes) into = other;
    return;
  }
  into.most = into.samples == 0 ? other.most : other.samples == 0 ? into.most : std::max(into.most, other.most);
  into.samples += other.samples;
  into.sum += other.sum;
}

}  // namespace

void SoakTimeline::merge(Bucket& into, const Bucket& other) const {
  into.count += other.count;
  into.failures += other.failures;
  into.rejected += other.rejected;
  for (std::size_t i = 0; i < into.slow.size(); ++i) {
    into.slow[i].first += other.slow[i].first;
    into.slow[i].second += other.slow[i].second;
  }
  for (std::size_t i = 0; i < into.latency.size(); ++i) {
    into.latency[i] =
        mean(into.latency[i].first, into.latency[i].second, other.latency[i].first, other.latency[i].second);
  }
  for (std::size_t i = 0; i < into.tracks.size(); ++i)
    load::merge(into.tracks[i], other.tracks[i], catalogue_->series[tracks_[i].series].counter);
  for (const Index target : other.restarted) {
    if (std::find(into.restarted.begin(), into.restarted.end(), target) == into.restarted.end())
      into.restarted.push_back(target);
  }
  into.held += other.held;
  into.stale += other.stale;
  into.silent += other.silent;
  into.gaps += other.gaps;
  into.reconnects += other.reconnects;
  into.connects += other.connects;
  for (std::size_t i = 0; i < other.windows.size(); ++i) {
    if (i < into.windows.size()) {
      load::merge(into.windows[i], other.windows[i]);
    } else {
      into.windows.push_back(other.windows[i]);
    }
  }
}

void SoakTimeline::merge(const SoakTimeline& other) {
  close();
  std::vector<Bucket> theirs = other.buckets();
  std::vector<Bucket> out;
  auto mine = finished_.begin();
  for (Bucket& one : theirs) {
    while (mine != finished_.end() && mine->index < one.index) out.push_back(std::move(*mine++));
    if (mine != finished_.end() && mine->index == one.index) {
      out.push_back(std::move(*mine++));
      merge(out.back(), one);
    } else {
      out.push_back(std::move(one));
    }
  }
  out.insert(out.end(), std::make_move_iterator(mine), std::make_move_iterator(finished_.end()));
  finished_ = std::move(out);
  current_ = fresh(finished_.empty() ? 0 : finished_.back().index + 1);
}

}  // namespace launchgate::load
