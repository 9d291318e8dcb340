#include "load/core/metrics.hpp"

#include <algorithm>

#include "load/core/exposition.hpp"

namespace launchgate::load {

ScrapeValues read_series(const Catalogue& catalogue, Index target, std::string_view text, std::size_t& malformed) {
  std::map<std::string_view, Index> wanted;
  for (std::size_t i = 0; i < catalogue.series.size(); ++i) {
    const SeriesSpec& series = catalogue.series[i];
    if (!series.target || *series.target == target) wanted.emplace(series.metric, static_cast<Index>(i));
  }
  ScrapeValues values;
  malformed = parse_exposition(text, [&](const ExpositionSample& sample) {
    const auto found = wanted.find(sample.name);
    if (found == wanted.end()) return;
    const auto [place, fresh] = values.emplace(found->second, sample.value);
    if (fresh) return;
    place->second =
        catalogue.series[found->second].sum ? place->second + sample.value : std::max(place->second, sample.value);
  });
  return values;
}

void SeriesTracker::add(double value, bool counter, bool from_zero, bool first_scrape) {
  counter_ = counter;
  if (!first_) {
    // A counter that was absent before its first event has counted from 0 during the run.
    if (counter && from_zero && !first_scrape) {
      grown_ += value;
      first_ = 0;
    } else {
      first_ = value;
    }
    worst_ = value;
  } else if (counter) {
    if (value < *last_) {
      ++resets_;
      grown_ += value;
    } else {
      grown_ += value - *last_;
    }
  }
  worst_ = std::max(worst_, value);
  last_ = value;
}

void MetricsRecord::add(Index target, const ScrapeValues& values) {
  Target& record = targets_[target];
  const bool first = record.scrapes == 0;
  ++record.scrapes;
  for (const auto& [index, value] : values) {
    const SeriesSpec& spec = catalogue_->series[index];
    SeriesTracker& tracker = record.series[index];
    tracker.add(value, spec.counter, spec.first_seen_from_zero, first);
    tracker.seen_at = record.scrapes;
  }
}

void SeriesTracker::merge(const SeriesTracker& other) {
  const double worst = std::max(worst_, other.worst_);
  const bool theirs = counter_ ? other.grown_ > grown_ : other.last_.value_or(0) > last_.value_or(0);
  if (theirs) *this = other;
  worst_ = worst;
}

void MetricsRecord::merge(const MetricsRecord& other) {
  malformed_lines_ += other.malformed_lines_;
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    Target& mine = targets_[i];
    const Target& theirs = other.targets_[i];
    mine.failures += theirs.failures;
    for (const auto& [why, n] : theirs.refusals) mine.refusals[why] += n;
    const std::uint64_t scrapes = mine.scrapes + theirs.scrapes;
    // Whoever saw a series in its last scrape shows that it is there.
    std::map<Index, bool> there;
    for (const auto& [index, tracker] : mine.series) there[index] |= tracker.seen_at == mine.scrapes;
    for (const auto& [index, tracker] : theirs.series) {
      there[index] |= tracker.seen_at == theirs.scrapes;
      const auto [place, fresh] = mine.series.emplace(index, tracker);
      if (!fresh) place->second.merge(tracker);
    }
    for (auto& [index, tracker] : mine.series) tracker.seen_at = there[index] ? scrapes : 0;
    mine.scrapes = scrapes;
  }
}

bool MetricsRecord::vanished(Index series) const {
  return std::any_of(targets_.begin(), targets_.end(), [&](const Target& target) {
    const auto found = target.series.find(series);
    return found != target.series.end() && found->second.seen_at < target.scrapes;
  });
}

bool MetricsRecord::scraped() const {
  return std::any_of(targets_.begin(), targets_.end(), [](const Target& t) { return t.scrapes > 0; });
}

SeriesResult MetricsRecord::result(Index series) const {
  SeriesResult out;
  const bool sum = catalogue_->series[series].sum;
  const auto join = [&](std::optional<double>& into, std::optional<double> value) {
    if (!value) return;
    into = !into ? *value : (sum ? *into + *value : std::max(*into, *value));
  };
  for (const Target& target : targets_) {
    const auto found = target.series.find(series);
    if (found == target.series.end()) continue;
    const SeriesTracker& tracker = found->second;
    join(out.before, tracker.first());
    join(out.after, tracker.last());
    join(out.worst, tracker.worst());
    join(out.delta, tracker.delta());
    out.resets += tracker.resets();
  }
  return out;
}

}  // namespace launchgate::load
