#include <fmt/format.h>

#include <algorithm>

#include "lib/base/rfc3339.hpp"
#include "lib/base/text.hpp"
#include "load/core/gate_causes.hpp"
#include "load/core/segments.hpp"
#include "load/core/text.hpp"

namespace launchgate::load {

namespace {

constexpr std::int64_t most_clock_difference_ms = 1000;

base::Error refused(const std::string& path, std::string message, std::string help) {
  return {base::ErrorCategory::input, path, {}, std::move(message), std::move(help)};
}

void add(std::map<std::string, std::uint64_t>& into, const std::map<std::string, std::uint64_t>& other) {
  for (const auto& [name, n] : other) into[name] += n;
}

void add(std::vector<std::uint64_t>& into, const std::vector<std::uint64_t>& other) {
  for (std::size_t i = 0; i < into.size() && i < other.size(); ++i) into[i] += other[i];
}

void add(StreamTotals& into, const StreamTotals& other) {
  for (const auto member :
       {&StreamTotals::opened, &StreamTotals::refused, &StreamTotals::reconnects, &StreamTotals::ended,
        &StreamTotals::events, &StreamTotals::heartbeats, &StreamTotals::gaps, &StreamTotals::missing,
        &StreamTotals::duplicates, &StreamTotals::malformed, &StreamTotals::unplaced, &StreamTotals::silent,
        &StreamTotals::bytes, &StreamTotals::held_least, &StreamTotals::held_now, &StreamTotals::silent_now,
        &StreamTotals::stale_now})
    into.*member += other.*member;
  into.held_mean += other.held_mean;
  add(into.drops, other.drops);
  add(into.refusals, other.refusals);
}

void add(TransportCounters& into, const TransportCounters& other) {
  for (const auto member :
       {&TransportCounters::connects, &TransportCounters::connect_failures, &TransportCounters::tls_handshakes,
        &TransportCounters::reused, &TransportCounters::resets, &TransportCounters::retried,
        &TransportCounters::bytes_sent, &TransportCounters::bytes_received})
    into.*member += other.*member;
}

void add(RunRecord& into, const RunRecord& other) {
  for (const Series& series : other.measurements.series())
    into.measurements.merge(series.operation, series.setup, series.total);
  into.started_wall_ms = std::min(into.started_wall_ms, other.started_wall_ms);
  into.finished_wall_ms = std::max(into.finished_wall_ms, other.finished_wall_ms);
  into.measured = std::max(into.measured, other.measured);
  into.overtime = std::max(into.overtime, other.overtime);
  into.metrics.merge(other.metrics);
  into.timeline.merge(other.timeline);
  add(into.streams, other.streams);
  into.generator.merge(other.generator);
  add(into.unsent, other.unsent);
  add(into.created, other.created);
  for (std::size_t i = 0; i < into.capped_at.size(); ++i) {
    const auto& at = other.capped_at[i];
    if (at) into.capped_at[i] = std::min(into.capped_at[i].value_or(*at), *at);
  }
  into.warmup_requests += other.warmup_requests;
  into.probe_requests += other.probe_requests;
  add(into.transport, other.transport);
  into.cpu_seconds += other.cpu_seconds;
  into.peak_memory_bytes = std::max(into.peak_memory_bytes, other.peak_memory_bytes);
  into.journal_failed |= other.journal_failed;
  for (std::size_t i = 0; i < into.clocks.size(); ++i) {
    if (other.clocks[i].known) into.clocks[i].bound(other.clocks[i].least_ms, other.clocks[i].most_ms);
  }
}

SegmentRecord segment_record(const SegmentPart& part) {
  const RunRecord& record = *part.run->record;
  SegmentRecord out;
  out.segment = part.run->settings.segment;
  out.recovered = part.recovered;
  out.interruption = record.interruption;
  out.started_wall_ms = record.started_wall_ms;
  out.late = record.late;
  out.measured = record.measured;
  out.requests = record.measurements.all().count;
  out.unsent = record.unsent_total();
  out.exhausted = exhausted_here(record);
  out.cpu_seconds = record.cpu_seconds;
  out.peak_memory_bytes = record.peak_memory_bytes;
  out.lateness = record.generator.lateness;
  return out;
}

}  // namespace

base::Result<void> SegmentMerge::same_run(const SegmentPart& part) const {
  const Settings& theirs = part.run->settings;
  const Settings& ours = first_->settings;
  const auto differs = [&](std::string_view what, const std::string& one, const std::string& other) {
    return refused(part.path, fmt::format("its {} is {}; that of {} is {}", what, one, first_path_, other),
                   "merge the segments of one run");
  };
  if (theirs.segments != ours.segments) {
    return refused(part.path,
                   fmt::format("it is of {} segments and {} of {}, so that their shares overlap", theirs.segments,
                               first_path_, ours.segments),
                   "merge the segments of one run");
  }
  if (const auto found = known_.find(theirs.segment); found != known_.end()) {
    return refused(part.path,
                   fmt::format("segment {} of {} is in {}, too", theirs.segment, theirs.segments, found->second.path),
                   "give each segment once");
  }
  for (const auto& [what, one, other] :
       {std::tuple("version", theirs.made_from.version, ours.made_from.version),
        std::tuple("profile", part.run->profile.name, first_->profile.name),
        std::tuple("target profiles", theirs.made_from.target_profiles, ours.made_from.target_profiles),
        std::tuple("catalogue", theirs.made_from.catalogue, ours.made_from.catalogue),
        std::tuple("commit", theirs.commit_sha, ours.commit_sha),
        std::tuple("mode", std::string(name(theirs.mode)), std::string(name(ours.mode)))}) {
    if (one != other) return differs(what, one, other);
  }
  for (std::size_t i = 0; i < ours.targets.size() && i < theirs.targets.size(); ++i) {
    const std::string& title = first_->catalogue.targets[i].title;
    if (theirs.targets[i].url != ours.targets[i].url || theirs.targets[i].skipped != ours.targets[i].skipped)
      return differs(title + " URL", theirs.targets[i].url, ours.targets[i].url);
    if (theirs.targets[i].image_digest != ours.targets[i].image_digest)
      return differs(title + " image digest", theirs.targets[i].image_digest, ours.targets[i].image_digest);
  }
  if (plan_digest(part.run->run()) != digest_ || theirs.variables != ours.variables) {
    return refused(part.path, fmt::format("its plan is not that of {}", first_path_),
                   "give all segments the same options");
  }
  return {};
}

base::Result<void> SegmentMerge::add(SegmentPart part) {
  if (first_) {
    if (const auto same = same_run(part); !same) return same;
  } else {
    digest_ = plan_digest(part.run->run());
    first_path_ = part.path;
    segments_ = part.run->settings.segments;
    settings_ = part.run->settings;
    settings_.segment = settings_.segments = 1;
    settings_.leaves_part = false;
    plan_ = make_plan(part.run->catalogue, part.run->profile, settings_);
  }
  const std::uint32_t segment = part.run->settings.segment;
  const RunRecord& measured = *part.run->record;
  // One that was killed would have gone on.
  const std::int64_t planned_ms = settings_.warmup_ms + settings_.duration_ms;
  const std::int64_t finished_ms = std::max(measured.finished_wall_ms, measured.started_wall_ms + planned_ms);
  known_.emplace(segment, Known{part.path, measured.started_wall_ms, finished_ms, measured.clocks});
  measured_.emplace(segment, segment_record(part));
  if (!first_) {
    first_ = std::move(part.run);
    record_ = std::make_unique<RunRecord>(run());
    record_->started_wall_ms = first_->record->started_wall_ms;
    load::add(*record_, *first_->record);
    first_->record.reset();
  } else {
    load::add(*record_, measured);
  }
  return {};
}

base::Result<void> SegmentMerge::same_time() const {
  const auto at = [](const auto& one) { return one.second.started_wall_ms; };
  const auto last =
      std::max_element(known_.begin(), known_.end(), [&](const auto& a, const auto& b) { return at(a) < at(b); });
  for (const auto& one : known_) {
    if (one.second.finished_wall_ms >= at(*last)) continue;
    return refused(
        last->second.path,
        fmt::format("segment {} began {}, when segment {} had ended {}: they did not run at the same time", last->first,
                    base::format_date_time(at(*last)), one.first, base::format_date_time(one.second.finished_wall_ms)),
        "run all segments at once; --start-at lines them up");
  }
  return {};
}

base::Result<void> SegmentMerge::same_clock() const {
  for (std::size_t target = 0; target < first_->catalogue.targets.size(); ++target) {
    const std::pair<const std::uint32_t, Known>* fast = nullptr;  // behind the target at most
    const std::pair<const std::uint32_t, Known>* slow = nullptr;
    for (const auto& one : known_) {
      const ClockOffset& clock = one.second.clocks[target];
      if (!clock.known) continue;
      if (slow == nullptr || clock.least_ms > slow->second.clocks[target].least_ms) slow = &one;
      if (fast == nullptr || clock.most_ms < fast->second.clocks[target].most_ms) fast = &one;
    }
    if (fast == nullptr) continue;
    const std::int64_t apart = slow->second.clocks[target].least_ms - fast->second.clocks[target].most_ms;
    if (apart <= most_clock_difference_ms) continue;
    return refused(
        slow->second.path,
        fmt::format("by the answers of {}, the clocks of segments {} and {} are apart by {} at least",
                    first_->catalogue.targets[target].title, slow->first, fast->first, human_duration(apart)),
        "set the clocks of the machines by NTP, and run again");
  }
  return {};
}

base::Result<void> SegmentMerge::finish(bool allow_missing) {
  if (!first_) return base::Error{base::ErrorCategory::usage, {}, {}, "no segment was given", "give parts or a folder"};
  if (const auto same = same_time(); !same) return same;
  if (const auto same = same_clock(); !same) return same;
  std::vector<std::string> missing;
  std::vector<std::string> cut;
  for (std::uint32_t segment = 1; segment <= segments_; ++segment) {
    const auto found = measured_.find(segment);
    if (found == measured_.end()) {
      missing.push_back(std::to_string(segment));
      SegmentRecord none;
      none.segment = segment;
      none.missing = true;
      record_->segments.push_back(std::move(none));
      continue;
    }
    SegmentRecord& one = found->second;
    one.late = std::max(one.late, (one.started_wall_ms - record_->started_wall_ms) * millisecond);
    if (!one.interruption.empty()) cut.push_back(fmt::format("segment {}: {}", segment, one.interruption));
    record_->segments.push_back(std::move(one));
  }
  if (!missing.empty() && !allow_missing) {
    return refused(first_path_,
                   fmt::format("of {} segments {} missing: {}", segments_, missing.size() == 1 ? "one is" : "some are",
                               base::joined(missing, ", ")),
                   "give their parts or timelines, or --allow-missing for a no-go report of the others");
  }
  record_->interrupted = !cut.empty();
  record_->interruption = base::joined(cut, "; ");
  record_->streams.target = plan_.streams;
  return {};
}

}  // namespace launchgate::load
