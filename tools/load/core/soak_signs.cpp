#include <fmt/format.h>

#include <algorithm>

#include "lib/trend/trend.hpp"
#include "load/core/soak_parts.hpp"
#include "load/core/text.hpp"

namespace launchgate::load {

namespace {

constexpr double interference_ratio = 1.5;
constexpr double interference_least_ms = 2;
constexpr std::size_t least_windows = 3;

// "from 1 h 3 min to 5 h": where something was seen.
std::string between(const SoakView& view, const Bucket& first, const Bucket& last) {
  return fmt::format("between {} and {}", view.when(first), view.when(last));
}

// What was measured of a series, bucket by bucket and place by place; a target that restarts then has excuses.
template <class Visit>
void each_sample(const SoakView& view, Index series, const Visit& visit) {
  for (std::size_t i = 0; i < view.buckets.size(); ++i) {
    for (std::size_t track = 0; track < view.input.tracks.size(); ++track) {
      const Track& place = view.input.tracks[track];
      const TrackCell& cell = view.buckets[i].tracks[track];
      if (place.series == series && cell.samples > 0) visit(view.buckets[i], cell, view.restarting[i][place.target]);
    }
  }
}

}  // namespace

std::optional<Sign> recurrence(const SoakView& view, Index series) {
  std::size_t seen = 0;
  double total = 0;
  bool any = false;
  const Bucket* first = nullptr;
  const Bucket* last = nullptr;
  each_sample(view, series, [&](const Bucket& bucket, const TrackCell& cell, bool restarting) {
    any = true;
    if (cell.sum <= 0 || restarting) return;
    ++seen;
    total += cell.sum;
    first = first == nullptr ? &bucket : first;
    last = &bucket;
  });
  if (!any) return std::nullopt;
  const SeriesSpec& spec = view.input.catalogue.series[series];
  if (seen == 0) return Sign{false, fmt::format("{} did not grow", spec.metric)};
  return Sign{
      seen >= recurring_buckets && total > spec.negligible,
      fmt::format("{} grew by {} {} in {} of {} stretches of {}, {}", spec.metric, number(total), spec.unit, seen,
                  view.buckets.size(), human_duration(static_cast<std::int64_t>(view.input.bucket_seconds * 1000)),
                  between(view, *first, *last))};
}

std::optional<Sign> excess(const SoakView& view, const SoakCheckSpec::Excess& excess) {
  std::size_t seen = 0;
  double most = 0;
  bool any = false;
  const Bucket* first = nullptr;
  const Bucket* last = nullptr;
  each_sample(view, excess.series, [&](const Bucket& bucket, const TrackCell& cell, bool restarting) {
    most = any ? std::max(most, cell.most) : cell.most;
    any = true;
    if (cell.most <= excess.most || restarting) return;
    ++seen;
    first = first == nullptr ? &bucket : first;
    last = &bucket;
  });
  if (!any) return std::nullopt;
  const SeriesSpec& spec = view.input.catalogue.series[excess.series];
  std::string text =
      fmt::format("{} was {} {} at most; {} is allowed", spec.metric, number(most), spec.unit, number(excess.most));
  if (seen > 0) text += fmt::format("; above it {} times {}", seen, between(view, *first, *last));
  return Sign{seen >= recurring_buckets, std::move(text)};
}

std::optional<Sign> stale_streams(const SoakView& view) {
  if (view.input.plan.streams == 0) return std::nullopt;
  std::size_t seen = 0;
  std::uint64_t most = 0;
  std::uint64_t jumps = 0;
  std::size_t jumping = 0;
  const Bucket* first = nullptr;
  const Bucket* last = nullptr;
  for (std::size_t i = 0; i < view.buckets.size(); ++i) {
    const Bucket& bucket = view.buckets[i];
    const auto& restarting = view.restarting[i];
    // Streams that a restart closed are behind for a moment.
    if (std::find(restarting.begin(), restarting.end(), true) != restarting.end()) continue;
    if (bucket.stale == 0 && bucket.gaps == 0) continue;
    seen += bucket.stale > 0 ? 1 : 0;
    jumping += bucket.gaps > 0 ? 1 : 0;
    most = std::max(most, bucket.stale);
    jumps += bucket.gaps;
    first = first == nullptr ? &bucket : first;
    last = &bucket;
  }
  if (first == nullptr) return Sign{false, "no open stream was without the events that others got"};
  return Sign{seen >= recurring_buckets || jumping >= recurring_buckets,
              fmt::format("up to {} open streams got no events while others did, and numbers jumped {} times, {}", most,
                          jumps, between(view, *first, *last))};
}

std::optional<Sign> interference(const SoakView& view) {
  std::vector<double> with;
  std::vector<double> without;
  for (const Bucket& bucket : view.buckets) {
    for (const Window& window : bucket.windows) {
      if (window.responses == 0) continue;
      (window.rejected > 0 ? with : without).push_back(window.p95_ms);
    }
  }
  if (with.size() + without.size() < 2 * least_windows) return std::nullopt;
  if (with.size() < least_windows)
    return Sign{false,
                fmt::format("requests were refused in {} of {} stretches", with.size(), with.size() + without.size())};
  // Where something was refused all the time, there is nothing to compare with.
  if (without.size() < least_windows) return std::nullopt;
  const double slow = trend::median(with);
  const double usual = trend::median(without);
  const double p = trend::probability_above(with, without);
  return Sign{p < soak_significance && slow >= interference_ratio * usual && slow - usual >= interference_least_ms,
              fmt::format("p95 of what no quota concerns was {} ms in the {} stretches with refused requests and {} ms "
                          "in the {} without",
                          number(slow, 2), with.size(), number(usual, 2), without.size())};
}

}  // namespace launchgate::load
