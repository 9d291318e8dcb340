#include "load/core/engine.hpp"

#include <algorithm>
#include <limits>

namespace launchgate::load {

namespace {

constexpr Nanoseconds least_soak_scrapes = 60;
constexpr Nanoseconds least_scrape_interval = 500 * millisecond;

std::vector<Index> planned_operations(const Plan& plan) {
  std::vector<Index> out;
  for (const PlannedOperation& planned : plan.operations) out.push_back(planned.operation);
  return out;
}

std::vector<ArrivalPlan> arrival_plans(const Plan& plan) {
  std::vector<ArrivalPlan> out;
  for (std::size_t i = 0; i < plan.operations.size(); ++i) {
    if (!plan.operations[i].held) out.push_back({static_cast<std::uint32_t>(i), plan.operations[i].whole_per_second});
  }
  return out;
}

}  // namespace

void GeneratorTally::merge(const GeneratorTally& other) {
  lateness.merge(other.lateness);
  queueing.merge(other.queueing);
}

void GeneratorTally::clear() {
  lateness.clear();
  queueing.clear();
}

Engine::Engine(const Inputs& inputs)
    : catalogue_(inputs.catalogue),
      settings_(inputs.settings),
      plan_(inputs.plan),
      redact_(inputs.redact),
      transport_(inputs.transport),
      clock_(inputs.clock),
      observer_(inputs.observer),
      start_at_(inputs.start_at),
      prepared_(prepare(catalogue_, settings_)),
      measurements_(catalogue_, planned_operations(plan_), !settings_.expect_quota_rejections),
      metrics_(catalogue_),
      timeline_(catalogue_, plan_, settings_),
      streams_(catalogue_, settings_, plan_, prepared_, transport_, measurements_, redact_),
      ids_(catalogue_.ids.size()),
      schedule_(arrival_plans(plan_), settings_.duration_ms * millisecond, settings_.warmup_ms * millisecond,
                settings_.share()),
      tasks_(plan_.places),
      creates_in_flight_(catalogue_.operations.size()),
      cursors_(catalogue_.operations.size()),
      used_of_limit_(catalogue_.limits.size()),
      capped_at_(catalogue_.limits.size()),
      scraping_(plan_.scrapes.size()),
      unsent_(plan_.operations.size()),
      bound_(catalogue_.ids.size()),
      clocks_(inputs.clocks),
      sequence_(settings_.share().segment) {
  clocks_.resize(catalogue_.targets.size());
  for (std::size_t i = tasks_.size(); i > 0; --i) free_.push_back(static_cast<std::uint32_t>(i - 1));
}

void Engine::start(Nanoseconds now) {
  phase_ = Phase::preparing;
  if (plan_.scrapes.empty()) {
    await_start(now);
  } else {
    scrape(now);
  }
}

void Engine::await_start(Nanoseconds now) {
  if (now < start_at_.value_or(now)) {
    phase_ = Phase::waiting;
    return;
  }
  late_ = now - start_at_.value_or(now);
  begin_run(now);
}

void Engine::begin_run(Nanoseconds now) {
  phase_ = Phase::running;
  started_ = now;
  warm_ = now + settings_.warmup_ms * millisecond;
  end_ = warm_ + settings_.duration_ms * millisecond;
  overtime_until_ = end_ + std::min(settings_.duration_ms * millisecond / 5, 1 * second);
  place_freed_ = now;
  next_tick_ = now + second;
  scrape_interval_ = catalogue_.scrape_interval_ms * millisecond;
  // A trend needs measurements, however short the soak.
  if (settings_.mode == Mode::soak)
    scrape_interval_ = std::clamp((end_ - warm_) / least_soak_scrapes, least_scrape_interval, scrape_interval_);
  next_scrape_ = now + std::min(scrape_interval_, (end_ - now) / 2);
  streams_.measure_from(warm_);
  // A long run opens its streams at a pace that a deployment's clients might; a short one within its first tenth,
  // unless they are so many that the server's queue of new connections would overflow.
  const Nanoseconds length = end_ - now;
  const Nanoseconds unhurried = static_cast<Nanoseconds>(plan_.whole_streams) * millisecond;
  streams_.start(now, std::max(std::min(length / 10, 10 * second), std::min(length / 4, unhurried)));
  pump(now);
}

Nanoseconds Engine::elapsed(Nanoseconds now) const {
  return phase_ < Phase::running ? 0 : std::min(now, end_) - started_;
}
Nanoseconds Engine::measured(Nanoseconds now) const {
  return phase_ < Phase::running ? 0 : std::max<Nanoseconds>(0, std::min(now, end_) - warm_);
}

std::optional<Nanoseconds> Engine::next_wake() const {
  switch (phase_) {
    case Phase::idle:
    case Phase::preparing:
    case Phase::finishing:
    case Phase::done:
      return std::nullopt;
    case Phase::waiting:
      return start_at_;
    case Phase::draining:
      return std::min(drain_until_, next_tick_);
    case Phase::running:
      break;
  }
  if (overtime_) return pending_at_end() ? std::min(overtime_until_, next_tick_) : end_;
  Nanoseconds wake = std::min({end_, next_tick_, plan_.scrapes.empty() ? end_ : next_scrape_});
  // With no place free the next arrival is sent when one becomes free.
  if (const Arrival* next = schedule_.peek(); next != nullptr && !free_.empty())
    wake = std::min(wake, started_ + next->at);
  if (const auto streams = streams_.next_wake()) wake = std::min(wake, *streams);
  return wake;
}

void Engine::advance(Nanoseconds now) {
  // Arrivals are due from the moment that was agreed on, however late this call comes.
  if (phase_ == Phase::waiting && now >= *start_at_) begin_run(*start_at_);
  if (phase_ == Phase::running) {
    if (now >= end_) {
      // What was due before the end is sent, however late this call comes, and as places become free for a moment more:
      // a hiccup of this machine at the very end must not look like a rate that was not reached.
      overtime_ = true;
      pump(end_ - 1);
      if (now >= overtime_until_ || !pending_at_end()) end_arrivals(end_);
    } else {
      pump(now);
      streams_.advance(now);
      if (!plan_.scrapes.empty() && now >= next_scrape_) scrape(now);
    }
  }
  if (phase_ == Phase::running || phase_ == Phase::draining) {
    if (now >= next_tick_) tick(now);
  }
  if (phase_ == Phase::draining && (in_flight() == 0 || now >= drain_until_)) begin_finish(now);
}

void Engine::tick(Nanoseconds now) {
  while (next_tick_ <= now) next_tick_ += second;
  observe(now);
  measurements_.roll();
  generator_.merge(generator_interval_);
  generator_interval_.clear();
  new_scrapes_.clear();
}

void Engine::interrupt(Nanoseconds now) {
  interrupted_ = true;
  if (phase_ == Phase::preparing || phase_ == Phase::waiting) {
    begin_run(now);
    end_arrivals(now);
  } else if (phase_ == Phase::running) {
    end_arrivals(std::min(now, end_));
  }
  if (phase_ == Phase::draining && in_flight() == 0) begin_finish(now);
}

// Arrivals that were due and not sent, or requests that wait for an id that is on its way.
bool Engine::pending_at_end() const {
  const Arrival* next = schedule_.peek();
  return (next != nullptr && started_ + next->at < end_) || !parked_.empty() ||
         std::any_of(creates_in_flight_.begin(), creates_in_flight_.end(), [](auto n) { return n > 0; });
}

void Engine::end_arrivals(Nanoseconds now) {
  end_ = now;
  schedule_.skip_until(now - started_, unsent_);
  for (const auto& [operation, intended] : waiting_probes_) {
    for (std::size_t i = 0; i < plan_.operations.size(); ++i) {
      if (plan_.operations[i].operation == operation) ++unsent_[i];
    }
  }
  waiting_probes_.clear();
  backlog_ = 0;
  phase_ = Phase::draining;
  // The transport ends every exchange by its timeout; the margin covers its own timers.
  drain_until_ = now + settings_.timeout_ms * millisecond + 2 * second;
  streams_.stop(now);
  const std::vector<std::uint32_t> parked = std::exchange(parked_, {});
  for (const std::uint32_t slot : parked) {
    measurements_.count_unsent_prerequisite(tasks_[slot].operation);
    release(slot, now);
  }
}

void Engine::begin_finish(Nanoseconds now) {
  phase_ = Phase::finishing;
  tick(now);
  if (plan_.scrapes.empty()) {
    phase_ = Phase::done;
    return;
  }
  scrape(now);
  if (!scrapes_pending()) phase_ = Phase::done;
}

void Engine::pump(Nanoseconds now) {
  while (const Arrival* next = schedule_.peek()) {
    if (started_ + next->at > now) break;
    if (free_.empty()) break;
    const Arrival arrival = *next;
    schedule_.pop();
    begin_task(arrival, now);
  }
  backlog_ = 0;
  if (const Arrival* next = schedule_.peek(); next != nullptr && started_ + next->at <= now) {
    // An estimate is enough for people: the share of the schedule between its head and now.
    double rate = 0;
    for (const PlannedOperation& planned : plan_.operations) rate += planned.held ? 0 : planned.per_second;
    backlog_ = 1 + static_cast<std::uint64_t>(static_cast<double>(now - started_ - next->at) * rate / 1e9);
  }
}

void Engine::begin_task(const Arrival& arrival, Nanoseconds now) {
  const Index operation = plan_.operations[arrival.kind].operation;
  const OperationSpec& spec = catalogue_.operations[operation];
  const Nanoseconds intended = started_ + arrival.at;
  if (spec.stream) {
    begin_probe(operation, intended, now);
    return;
  }
  if (limit_reached(operation)) {
    measurements_.count_unsent_capped(operation);
    return;
  }
  const std::uint32_t slot = free_.back();
  free_.pop_back();
  Task& task = tasks_[slot];
  task.operation = operation;
  task.warmup = intended < warm_;
  task.intended = intended;
  const Nanoseconds sent = clock_.now();
  generator_interval_.lateness.record_us((sent - std::max(intended, place_freed_)) / microsecond);
  generator_interval_.queueing.record_us((sent - intended) / microsecond);
  if (overtime_) overtime_used_ = std::max(overtime_used_, sent - end_);
  step(slot);
}

void Engine::begin_probe(Index operation, Nanoseconds intended, Nanoseconds now) {
  if (streams_.probing()) {
    waiting_probes_.emplace_back(operation, intended);
    return;
  }
  streams_.probe(operation, intended, now, [this](Nanoseconds closed) {
    if (phase_ != Phase::running || waiting_probes_.empty()) return;
    const auto [next, since] = waiting_probes_.front();
    waiting_probes_.pop_front();
    begin_probe(next, since, closed);
  });
}

bool Engine::limit_reached(Index operation) const {
  const auto& limit = catalogue_.operations[operation].limit;
  // The last one is not spent on the warm-up, where it would be measured by nobody.
  const std::uint64_t kept = clock_.now() < warm_ ? 1 : 0;
  return limit && used_of_limit_[*limit] + kept >= plan_.limits[*limit].most;
}

bool Engine::take_from_limit(Index operation, Nanoseconds now) {
  const auto& limit = catalogue_.operations[operation].limit;
  if (!limit) return true;
  if (limit_reached(operation)) return false;
  if (++used_of_limit_[*limit] == plan_.limits[*limit].most) capped_at_[*limit] = measured(now);
  return true;
}

// The operation to send first, where an id that `operation` needs does not exist yet.
std::optional<Index> Engine::missing_creator(Index operation) const {
  for (const Index id : catalogue_.operations[operation].needs) {
    if (ids_.has(id)) continue;
    const auto creator = catalogue_.creator_of(id);
    if (!creator) continue;
    if (const auto deeper = missing_creator(*creator)) return deeper;
    return creator;
  }
  return std::nullopt;
}

void Engine::step(std::uint32_t slot) {
  Task& task = tasks_[slot];
  const auto creator = missing_creator(task.operation);
  task.setup = creator.has_value();
  task.current = creator.value_or(task.operation);
  if (creator && creates_in_flight_[*creator] > 0) {
    task.state = TaskState::parked;
    parked_.push_back(slot);
    return;
  }
  const Nanoseconds now = clock_.now();
  if (!take_from_limit(task.current, now)) {
    if (creator) {
      measurements_.count_unsent_prerequisite(task.operation);
    } else {
      measurements_.count_unsent_capped(task.operation);
    }
    release(slot, now);
    return;
  }
  send(slot);
}

void Engine::bind_ids(Index operation, Task& task) {
  const OperationSpec& spec = catalogue_.operations[operation];
  for (std::string_view& value : bound_) value = {};
  const std::uint64_t cursor = cursors_[operation]++;
  // Ids that bring others with them go first, so that an artifact is asked for in its own session.
  for (const bool bringing : {true, false}) {
    for (const Index id : spec.needs) {
      const IdStore::Entry& entry = ids_.at(id, cursor);
      if (bringing == entry.with.empty() || !bound_[id].empty()) continue;
      bound_[id] = entry.value;
      for (const auto& [other, value] : entry.with) bound_[other] = value;
    }
  }
  task.with.clear();
  for (const Index id : spec.capture_with) task.with.emplace_back(id, std::string(bound_[id]));
}

void Engine::send(std::uint32_t slot) {
  Task& task = tasks_[slot];
  const PreparedOperation& prepared = prepared_[task.current];
  const OperationSpec& spec = catalogue_.operations[task.current];
  HttpRequest request = request_of(catalogue_, task.current, prepared);
  sequence_ += settings_.segments;
  if (!prepared.constant) {
    bind_ids(task.current, task);
    const Bindings bindings{&settings_.variables, &bound_, sequence_};
    path_.clear();
    body_.clear();
    render_path(spec.request.path, bindings, path_);
    render_body(spec.request.body, bindings, body_);
    request.path = path_;
    request.body = body_;
  }
  if (!spec.captures.empty()) ++creates_in_flight_[task.current];
  task.state = TaskState::sent;
  task.sent = clock_.now();
  transport_.send(request, *this, slot);
}

void Engine::on_exchange(std::uint32_t slot, const Exchange& exchange, Nanoseconds now) {
  if (slot >= tasks_.size()) {
    on_scrape(slot - static_cast<std::uint32_t>(tasks_.size()), exchange);
    if (scrapes_pending()) return;
    if (phase_ == Phase::preparing) await_start(clock_.now());
    if (phase_ == Phase::finishing) {
      observe(now);
      new_scrapes_.clear();
      phase_ = Phase::done;
    }
    return;
  }
  Task& task = tasks_[slot];
  if (task.state != TaskState::sent || phase_ >= Phase::finishing) return;
  const OperationSpec& spec = catalogue_.operations[task.current];
  const Judgement judgement = judge(catalogue_, spec, prepared_[task.current].accepts, exchange, redact_);
  if (task.warmup) {
    ++warmup_requests_;
  } else {
    Sample sample;
    sample.outcome = judgement.outcome;
    sample.failure = exchange.failure;
    sample.status = exchange.response.status;
    sample.policy_code = judgement.policy_code;
    sample.note = judgement.note;
    sample.response = now - task.intended;
    sample.service = now - task.sent;
    sample.bytes = exchange.response.body_bytes;
    measurements_.record(task.current, task.setup, sample);
  }
  finish_step(slot, judgement, now);
}

void Engine::finish_step(std::uint32_t slot, const Judgement& judgement, Nanoseconds now) {
  Task& task = tasks_[slot];
  const OperationSpec& spec = catalogue_.operations[task.current];
  const Index current = task.current;
  for (const CapturedId& captured : judgement.captured) ids_.add(captured.id, {captured.value, task.with});
  if (!spec.captures.empty()) --creates_in_flight_[current];
  if (!task.setup) {
    release(slot, now);
  } else if (judgement.outcome != Outcome::success || phase_ != Phase::running) {
    measurements_.count_unsent_prerequisite(task.operation);
    release(slot, now);
  } else {
    // The wait for the id has been measured as the setup's; the request itself begins now.
    task.intended = now;
    step(slot);
  }
  if (!spec.captures.empty()) wake_parked(current);
  if (phase_ == Phase::running) {
    pump(overtime_ ? end_ - 1 : now);
  } else if (phase_ == Phase::draining && in_flight() == 0) {
    begin_finish(now);
  }
}

void Engine::wake_parked(Index creator) {
  const std::vector<std::uint32_t> parked = std::exchange(parked_, {});
  for (const std::uint32_t slot : parked) {
    if (tasks_[slot].current == creator) {
      step(slot);
    } else {
      parked_.push_back(slot);
    }
  }
}

void Engine::release(std::uint32_t slot, Nanoseconds now) {
  if (free_.empty()) place_freed_ = now;
  tasks_[slot].state = TaskState::free;
  free_.push_back(slot);
}

}  // namespace launchgate::load
