#include "load/core/timeline.hpp"

#include <algorithm>
#include <array>

namespace launchgate::load {

namespace {

constexpr std::int64_t most_buckets = 240;
// Widths that fit into a minute, so that a minute is made of whole buckets.
constexpr std::array<std::int64_t, 12> widths = {1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60};

std::int64_t width_for(std::int64_t at_least, std::int64_t multiple_of) {
  for (const std::int64_t width : widths) {
    if (width >= at_least && width % multiple_of == 0) return width;
  }
  return (at_least + 59) / 60 * 60;
}

std::vector<bool> marked(std::size_t size, const std::vector<Index>& places) {
  std::vector<bool> out(size);
  for (const Index place : places) out[place] = true;
  return out;
}

}  // namespace

SoakTimeline::SoakTimeline(const Catalogue& catalogue, const Plan& plan, const Settings& settings)
    : catalogue_(&catalogue), limits_(plan.latency_limits) {
  const std::int64_t seconds = std::max<std::int64_t>(1, settings.duration_ms / 1000);
  bucket_seconds_ = width_for((seconds + most_buckets - 1) / most_buckets, 1);
  window_seconds_ =
      bucket_seconds_ >= 60 ? 60 : width_for(std::min<std::int64_t>(60, seconds / 20 + 1), bucket_seconds_);
  for (std::size_t gate = 0; gate < catalogue.gates.size(); ++gate) {
    in_gate_.push_back(marked(catalogue.categories.size(), catalogue.gates[gate].categories));
  }
  responses_.resize(catalogue.growth_categories.size());
  second_responses_.resize(catalogue.growth_categories.size());
  unconcerned_.resize(catalogue.operations.size());
  for (const SoakCheckSpec& check : catalogue.soak) {
    for (const Index operation : check.unconcerned) unconcerned_[operation] = true;
  }
  for (Index series = 0; series < catalogue.series.size(); ++series) {
    for (Index target = 0; target < catalogue.targets.size(); ++target) {
      if (catalogue.series[series].target.value_or(target) == target) tracks_.push_back({series, target});
    }
  }
  follow_.resize(tracks_.size());
  current_ = fresh(0);
  second_ = fresh(0);
}

Bucket SoakTimeline::fresh(std::uint64_t index) const {
  Bucket out;
  out.index = index;
  out.slow.resize(limits_.size());
  out.tracks.resize(tracks_.size());
  out.latency.resize(responses_.size());
  return out;
}

void SoakTimeline::add(Index operation, const Tally& tally) {
  const Index category = catalogue_->operations[operation].category;
  second_.count += tally.count;
  second_.failures += tally.failures;
  second_.rejected += tally.outcomes[static_cast<std::size_t>(Outcome::rejected)];
  for (std::size_t gate = 0; gate < limits_.size(); ++gate) {
    if (!limits_[gate] || !in_gate_[gate][category]) continue;
    second_.slow[gate].first += tally.response.count();
    second_.slow[gate].second += tally.response.count_above_ms(*limits_[gate]);
  }
  for (std::size_t i = 0; i < second_responses_.size(); ++i) {
    if (catalogue_->growth_categories[i] == category) second_responses_[i].merge(tally.response);
  }
  if (unconcerned_[operation]) second_unconcerned_.merge(tally.response);
}

void SoakTimeline::add(Index target, const ScrapeValues& values) { scrapes_.emplace_back(target, values); }

// A counter's increase belongs to the time since the last scrape of its target.
void SoakTimeline::follow(std::size_t track, const std::optional<double>& value) {
  const Track& place = tracks_[track];
  const SeriesSpec& spec = catalogue_->series[place.series];
  Follow& last = follow_[track];
  TrackCell& cell = current_.tracks[track];
  const bool first = last.at < 0;
  const double minutes = first ? 0 : static_cast<double>(measured_ - last.at) / 60e9;
  last.at = measured_;
  if (!spec.counter) {
    if (!value || measured_ == 0) return;
    cell.most = cell.samples == 0 ? *value : std::max(cell.most, *value);
    cell.sum += *value;
    ++cell.samples;
    return;
  }
  double increase = 0;
  if (value && last.last) {
    increase = *value - *last.last;
    if (increase < 0) {
      // The process began again from 0.
      increase = *value;
      if (std::find(current_.restarted.begin(), current_.restarted.end(), place.target) == current_.restarted.end())
        current_.restarted.push_back(place.target);
    }
  } else if (value && spec.first_seen_from_zero && !first) {
    increase = *value;
  } else if (!value && (last.last || !spec.first_seen_from_zero)) {
    return;
  }
  if (value) last.last = value;
  // Of two scrapes within a second the later one takes no time, and its increase counts.
  if (measured_ == 0 || first) return;
  cell.sum += increase;
  cell.minutes += minutes;
  ++cell.samples;
}

void SoakTimeline::end_second(Nanoseconds measured, const StreamTotals& streams, const TransportCounters& transport) {
  measured_ = measured;
  const auto seconds = (measured + second / 2) / second;
  const auto index = static_cast<std::uint64_t>(std::max<std::int64_t>(0, seconds - 1) / bucket_seconds_);
  const auto window = static_cast<std::uint64_t>(std::max<std::int64_t>(0, seconds - 1) / window_seconds_);
  if (window > window_index_) {
    finish_window();
    window_index_ = window;
  }
  if (index > current_.index) {
    finish();
    current_ = fresh(index);
  }
  for (const auto& [target, values] : scrapes_) {
    for (std::size_t track = 0; track < tracks_.size(); ++track) {
      if (tracks_[track].target != target) continue;
      const auto value = values.find(tracks_[track].series);
      follow(track, value == values.end() ? std::nullopt : std::optional(value->second));
    }
  }
  scrapes_.clear();
  if (measured > 0) {
    current_.count += second_.count;
    current_.failures += second_.failures;
    current_.rejected += second_.rejected;
    for (std::size_t gate = 0; gate < limits_.size(); ++gate) {
      current_.slow[gate].first += second_.slow[gate].first;
      current_.slow[gate].second += second_.slow[gate].second;
    }
    for (std::size_t i = 0; i < responses_.size(); ++i) responses_[i].merge(second_responses_[i]);
    window_responses_.merge(second_unconcerned_);
    window_.rejected += second_.rejected;
    current_.held = streams.held_now;
    current_.stale = std::max(current_.stale, streams.stale_now);
    current_.silent = std::max(current_.silent, streams.silent_now);
    current_.gaps += streams.gaps - std::min(streams.gaps, streams_.gaps);
    current_.reconnects += streams.reconnects - std::min(streams.reconnects, streams_.reconnects);
    current_.connects += transport.connects - std::min(transport.connects, transport_.connects);
  }
  second_ = fresh(0);
  for (Histogram& one : second_responses_) one.clear();
  second_unconcerned_.clear();
  streams_ = streams;
  transport_ = transport;
  // Closed at once where it is full, so that what follows may begin a new line of the journal.
  const auto next_window = static_cast<std::uint64_t>(seconds / window_seconds_);
  const auto next_bucket = static_cast<std::uint64_t>(seconds / bucket_seconds_);
  if (seconds % window_seconds_ == 0 && next_window > window_index_) {
    finish_window();
    window_index_ = next_window;
  }
  if (seconds % bucket_seconds_ == 0 && next_bucket > current_.index) {
    finish();
    current_ = fresh(next_bucket);
  }
  whole_ = seconds > 0 && seconds % window_seconds_ == 0 && seconds % bucket_seconds_ == 0;
}

void SoakTimeline::finish_window() {
  window_.responses = window_responses_.count();
  window_.p95_ms = window_responses_.empty() ? 0 : window_responses_.percentile_ms(95);
  current_.windows.push_back(window_);
  window_ = {};
  window_responses_.clear();
}

void SoakTimeline::fill_latency(Bucket& bucket) const {
  for (std::size_t i = 0; i < responses_.size(); ++i) {
    const Histogram& one = responses_[i];
    bucket.latency[i] = {one.count(), one.empty() ? 0 : one.percentile_ms(catalogue_->growth_percentile)};
  }
}

void SoakTimeline::finish() {
  fill_latency(current_);
  for (Histogram& one : responses_) one.clear();
  finished_.push_back(std::move(current_));
}

std::optional<Bucket> SoakTimeline::unfinished() const {
  const bool empty = current_.count == 0 && std::none_of(current_.tracks.begin(), current_.tracks.end(),
                                                         [](const TrackCell& cell) { return cell.samples > 0; });
  if (empty) return std::nullopt;
  Bucket out = current_;
  fill_latency(out);
  return out;
}

std::vector<Bucket> SoakTimeline::buckets() const {
  std::vector<Bucket> out = finished_;
  if (auto last = unfinished()) out.push_back(*std::move(last));
  return out;
}

void SoakTimeline::close() {
  auto last = unfinished();
  if (!last) return;
  finished_.push_back(*std::move(last));
  current_ = fresh(finished_.back().index + 1);
  for (Histogram& one : responses_) one.clear();
}

}  // namespace launchgate::load
