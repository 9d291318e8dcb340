#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "lib/document/json_document.hpp"
#include "lib/document/json_writer.hpp"
#include "load/core/catalogue.hpp"
#include "load/core/measurements.hpp"
#include "load/core/metrics.hpp"
#include "load/core/plan.hpp"
#include "load/core/settings.hpp"
#include "load/core/streams.hpp"
#include "load/core/transport.hpp"

// What a run measured over time, in buckets of equal width: at most 240 of them, however long the run. The same values
// come from a run as it goes and from the lines of its journal, seconds or compacted, so that both are judged alike.
namespace launchgate::load {

// A series of the catalogue on one target.
struct Track {
  Index series = 0;
  Index target = 0;
};

// Of one track in one bucket.
struct TrackCell {
  std::uint32_t samples = 0;  // scrapes that were answered and had a value, or were to count from 0
  double sum = 0;             // gauge: of the values; counter: of the increases
  double most = 0;            // gauge: the largest value
  double minutes = 0;         // counter: what the increases took
};

// A stretch in which what a quota refuses is told apart from what it does not: a minute in a long run.
struct Window {
  std::uint64_t rejected = 0;   // requests of this client
  std::uint64_t responses = 0;  // of operations that no quota concerns
  double p95_ms = 0;
};

struct Bucket {
  std::uint64_t index = 0;
  std::uint64_t count = 0;
  std::uint64_t failures = 0;
  std::uint64_t rejected = 0;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> slow;  // by latency gate: responses, and those above its limit
  std::vector<std::pair<std::uint64_t, double>> latency;      // by category whose growth is watched: responses, ms
  std::vector<TrackCell> tracks;
  std::vector<Index> restarted;  // targets of which a counter fell
  std::uint64_t held = 0;        // streams, at the end
  std::uint64_t stale = 0;       // at most
  std::uint64_t silent = 0;      // at most
  std::uint64_t gaps = 0;
  std::uint64_t reconnects = 0;
  std::uint64_t connects = 0;  // of this client
  std::vector<Window> windows;
};

class SoakTimeline {
 public:
  SoakTimeline(const Catalogue& catalogue, const Plan& plan, const Settings& settings);

  // What a second brought; end_second() closes it. `measured` is the time of the measured part at its end; while it is
  // 0, in the warm-up, counters are followed and nothing is counted.
  void add(Index operation, const Tally& tally);
  void add(Index target, const ScrapeValues& values);
  void end_second(Nanoseconds measured, const StreamTotals& streams, const TransportCounters& transport);

  // Buckets, the one that is being filled included.
  std::vector<Bucket> buckets() const;
  const std::vector<Track>& tracks() const { return tracks_; }
  std::int64_t bucket_seconds() const { return bucket_seconds_; }
  // Whether all so far is in finished buckets and windows, so that lines of a journal may be joined.
  bool whole() const { return whole_; }
  // For a journal: finished buckets from `first` on, and where counters stood.
  void write(document::JsonWriter& json, std::size_t first) const;
  std::size_t finished() const { return finished_.size(); }
  void read(const document::JsonValue& object);
  // Nothing is to follow: what is not full yet counts as a bucket.
  void close();
  // Adds what another process measured at the same time. What both read of the targets counts once; of latencies, whose
  // samples are gone, the mean is taken, by count.
  void merge(const SoakTimeline& other);
  // Where totals stood at the end of what was read.
  void resume(Nanoseconds measured, const StreamTotals& streams, const TransportCounters& transport);

 private:
  struct Follow {
    std::optional<double> last;
    Nanoseconds at = -1;  // of the last scrape of the target; below 0: none
  };

  Bucket fresh(std::uint64_t index) const;
  std::optional<Bucket> unfinished() const;
  void merge(Bucket& into, const Bucket& other) const;
  void fill_latency(Bucket& bucket) const;
  void finish();
  void finish_window();
  void follow(std::size_t track, const std::optional<double>& value);

  const Catalogue* catalogue_;
  std::int64_t bucket_seconds_ = 1;
  std::int64_t window_seconds_ = 60;
  std::vector<std::optional<double>> limits_;  // by gate
  std::vector<std::vector<bool>> in_gate_;     // by gate, by category
  std::vector<bool> unconcerned_;              // by operation
  std::vector<Track> tracks_;
  std::vector<Follow> follow_;

  std::vector<Bucket> finished_;
  Bucket current_;
  std::vector<Histogram> responses_;  // of the bucket, by category whose growth is watched
  Histogram window_responses_;
  Window window_;
  std::uint64_t window_index_ = 0;
  // What this second has brought so far.
  Bucket second_;
  std::vector<Histogram> second_responses_;
  Histogram second_unconcerned_;
  std::vector<std::pair<Index, ScrapeValues>> scrapes_;
  StreamTotals streams_;
  TransportCounters transport_;
  Nanoseconds measured_ = 0;
  bool whole_ = false;
};

}  // namespace launchgate::load
