#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "load/core/catalogue.hpp"
#include "load/core/clock_offset.hpp"
#include "load/core/id_store.hpp"
#include "load/core/measurements.hpp"
#include "load/core/metrics.hpp"
#include "load/core/outcome.hpp"
#include "load/core/plan.hpp"
#include "load/core/prepared.hpp"
#include "load/core/schedule.hpp"
#include "load/core/streams.hpp"
#include "load/core/timeline.hpp"
#include "load/core/transport.hpp"

namespace launchgate::load {

// What the generator did, as opposed to what the target did.
struct GeneratorTally {
  Histogram lateness;  // from when an arrival could have been sent to when it was
  Histogram queueing;  // from the intended start to the send
  void merge(const GeneratorTally& other);
  void clear();
};

class Engine;

class EngineObserver {
 public:
  virtual ~EngineObserver() = default;
  // Once a second while the run lasts, and once more when it ends; the engine's intervals hold what is new.
  virtual void on_tick(Engine& engine, Nanoseconds now) = 0;
};

// Drives one run: an open loop of arrivals, a bounded number of them in flight, streams, scrapes.
//
// - preparing: the metrics are scraped, "before";
// - waiting: for the moment at which all segments of a run begin;
// - running: arrivals are sent when due, or as soon as a place is free; what an arrival waits for a place is part of
// its
//   response time;
// - draining: nothing new is sent; what is in flight ends by itself or by its timeout;
// - finishing: the metrics are scraped, "after".
//
// Single-threaded: the owner calls advance() when next_wake() is reached, the transport calls back. Nothing here reads
// a clock but through `clock`.
class Engine final : public ExchangeHandler {
 public:
  struct Inputs {
    const Catalogue& catalogue;
    const Settings& settings;
    const Plan& plan;
    const Redactor& redact;
    Transport& transport;
    const Clock& clock;
    EngineObserver& observer;
    std::optional<Nanoseconds> start_at = std::nullopt;  // when arrivals begin; none: as soon as all is ready
    std::vector<ClockOffset> clocks = {};                // what is known of them before, by target
  };
  explicit Engine(const Inputs& inputs);

  enum class Phase : std::uint8_t { idle, preparing, waiting, running, draining, finishing, done };

  void start(Nanoseconds now);
  void advance(Nanoseconds now);
  std::optional<Nanoseconds> next_wake() const;
  // Stops the arrivals and drains.
  void interrupt(Nanoseconds now);
  bool done() const { return phase_ == Phase::done; }
  Phase phase() const { return phase_; }

  void on_exchange(std::uint32_t slot, const Exchange& exchange, Nanoseconds now) override;

  Measurements& measurements() { return measurements_; }
  const Measurements& measurements() const { return measurements_; }
  const MetricsRecord& metrics() const { return metrics_; }
  const SoakTimeline& timeline() const { return timeline_; }
  // Values that arrived since the last tick, for the journal: target and values.
  const std::vector<std::pair<Index, ScrapeValues>>& new_scrapes() const { return new_scrapes_; }
  StreamTotals stream_totals(Nanoseconds now) const { return streams_.totals(now); }
  const GeneratorTally& generator() const { return generator_; }
  const GeneratorTally& generator_interval() const { return generator_interval_; }
  const IdStore& ids() const { return ids_; }
  std::uint64_t in_flight() const { return tasks_.size() - free_.size(); }
  // Arrivals that are due and not sent.
  std::uint64_t backlog() const { return backlog_; }
  std::uint64_t warmup_requests() const { return warmup_requests_; }
  std::uint64_t sequence() const { return sequence_; }
  bool interrupted() const { return interrupted_; }
  // Since the run began, the warm-up included; 0 before.
  Nanoseconds elapsed(Nanoseconds now) const;
  // Of the part that is measured; stands still when arrivals have stopped.
  Nanoseconds measured(Nanoseconds now) const;
  // By target.
  const std::vector<ClockOffset>& clocks() const { return clocks_; }
  // By how much the run began later than it was to.
  Nanoseconds late() const { return late_; }
  // How long after the end the last of what was due before it was sent.
  Nanoseconds overtime() const { return overtime_used_; }
  // Arrivals that were due and never sent, by place in plan.operations.
  const std::vector<std::uint64_t>& unsent() const { return unsent_; }
  // When the limit of an operation was reached, from the start of the measured part; by index of the limit.
  const std::vector<std::optional<Nanoseconds>>& capped_at() const { return capped_at_; }

 private:
  enum class TaskState : std::uint8_t { free, sent, parked };
  struct Task {
    Index operation = 0;  // what the arrival is for
    Index current = 0;    // what is on its way: the operation, or one that makes an id for it
    TaskState state = TaskState::free;
    bool setup = false;
    bool warmup = false;
    Nanoseconds intended = 0;  // of the current step
    Nanoseconds sent = 0;
    std::vector<std::pair<Index, std::string>> with;  // ids of the request that its capture keeps
  };

  void await_start(Nanoseconds now);
  void begin_run(Nanoseconds now);
  bool pending_at_end() const;
  void end_arrivals(Nanoseconds now);
  void begin_finish(Nanoseconds now);
  void pump(Nanoseconds now);
  void begin_task(const Arrival& arrival, Nanoseconds now);
  void begin_probe(Index operation, Nanoseconds intended, Nanoseconds now);
  void step(std::uint32_t slot);
  std::optional<Index> missing_creator(Index operation) const;
  void send(std::uint32_t slot);
  void bind_ids(Index operation, Task& task);
  void finish_step(std::uint32_t slot, const Judgement& judgement, Nanoseconds now);
  void release(std::uint32_t slot, Nanoseconds now);
  void wake_parked(Index creator);
  bool take_from_limit(Index operation, Nanoseconds now);
  bool limit_reached(Index operation) const;
  void scrape(Nanoseconds now);
  void on_scrape(std::uint32_t scrape, const Exchange& exchange);
  void tick(Nanoseconds now);
  void observe(Nanoseconds now);
  bool scrapes_pending() const;

  const Catalogue& catalogue_;
  const Settings& settings_;
  const Plan& plan_;
  const Redactor& redact_;
  Transport& transport_;
  const Clock& clock_;
  EngineObserver& observer_;
  std::optional<Nanoseconds> start_at_;

  std::vector<PreparedOperation> prepared_;
  Measurements measurements_;
  MetricsRecord metrics_;
  SoakTimeline timeline_;
  StreamSet streams_;
  IdStore ids_;
  Schedule schedule_;
  GeneratorTally generator_;
  GeneratorTally generator_interval_;

  std::vector<Task> tasks_;
  std::vector<std::uint32_t> free_;
  std::vector<std::uint32_t> parked_;
  std::vector<std::uint32_t> creates_in_flight_;  // by operation
  std::vector<std::uint64_t> cursors_;            // by operation: the next id to use
  std::vector<std::uint64_t> used_of_limit_;
  std::vector<std::optional<Nanoseconds>> capped_at_;
  std::deque<std::pair<Index, Nanoseconds>> waiting_probes_;
  std::vector<bool> scraping_;
  std::vector<std::pair<Index, ScrapeValues>> new_scrapes_;
  std::vector<std::uint64_t> unsent_;
  std::vector<std::string_view> bound_;  // ids of the request being rendered
  std::string path_;
  std::string body_;

  Phase phase_ = Phase::idle;
  Nanoseconds started_ = 0;
  Nanoseconds late_ = 0;
  std::vector<ClockOffset> clocks_;
  std::int64_t scrape_sent_wall_ms_ = 0;
  Nanoseconds warm_ = 0;  // when the measured part begins
  Nanoseconds end_ = 0;
  Nanoseconds overtime_until_ = 0;
  bool overtime_ = false;  // past the end, with what was due before it
  Nanoseconds overtime_used_ = 0;
  Nanoseconds drain_until_ = 0;
  Nanoseconds next_tick_ = 0;
  Nanoseconds next_scrape_ = 0;
  Nanoseconds scrape_interval_ = 0;
  Nanoseconds place_freed_ = 0;  // when the last place became free after all had been taken
  std::uint64_t sequence_ = 0;
  std::uint64_t backlog_ = 0;
  std::uint64_t warmup_requests_ = 0;
  bool interrupted_ = false;
};

}  // namespace launchgate::load
