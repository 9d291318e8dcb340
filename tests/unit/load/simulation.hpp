#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "load/core/engine.hpp"
#include "load/core/run_record.hpp"

// A server and a network in simulated time: a run of minutes takes microseconds.
namespace simulation {

using namespace launchgate::load;

struct Answer {
  Nanoseconds after = 0;
  Failure failure = Failure::none;
  int status = 200;
  std::string body = "{}";
};

struct Seen {
  std::string method;
  std::string path;
  std::string body;
  Nanoseconds at = 0;
};

class World final : public Transport, public Clock, public EngineObserver {
 public:
  // Decides on the answer to each request.
  std::function<Answer(const Seen&)> server;
  std::vector<Seen> seen;
  std::size_t most_in_flight = 0;
  std::function<void(Engine&, Nanoseconds)> ticked;

  Nanoseconds now() const override { return now_; }
  std::int64_t wall_ms() const override { return 1'800'000'000'000 + now_ / millisecond; }

  void send(const HttpRequest& request, ExchangeHandler& handler, std::uint32_t slot) override {
    seen.push_back({std::string(request.method), std::string(request.path), std::string(request.body), now_});
    most_in_flight = std::max(most_in_flight, ++in_flight_);
    const Answer answer = server(seen.back());
    at(now_ + answer.after, [this, answer, &handler, slot] {
      --in_flight_;
      Exchange exchange;
      exchange.failure = answer.failure;
      exchange.response.status = answer.failure == Failure::none ? answer.status : 0;
      exchange.response.content_type = "application/json";
      exchange.response.body = answer.body;
      handler.on_exchange(slot, exchange, now_);
    });
  }
  void open_stream(const HttpRequest& request, StreamHandler& handler, std::uint32_t slot) override {
    const auto life = ++lives_[slot];
    headers.emplace_back(request.headers);
    at(now_ + millisecond, [this, &handler, slot, life] {
      if (lives_[slot] != life) return;
      HttpResponse header;
      header.status = 200;
      header.content_type = "text/event-stream";
      handler.on_stream_open(slot, header, now_);
      if (lives_[slot] == life && streamed) streamed(handler, slot);
    });
  }
  void close_stream(StreamHandler&, std::uint32_t slot) override { ++lives_[slot]; }
  TransportCounters counters() const override { return {}; }
  void on_tick(Engine& engine, Nanoseconds when) override {
    if (ticked) ticked(engine, when);
  }

  std::function<void(StreamHandler&, std::uint32_t)> streamed;  // after a stream has opened
  std::vector<std::string> headers;                             // of stream requests

  void at(Nanoseconds when, std::function<void()> what) { events_.emplace(when, std::move(what)); }

  void run(Engine& engine) {
    engine.start(now_);
    for (int steps = 0; !engine.done() && steps < 10'000'000; ++steps) {
      const auto wake = engine.next_wake();
      const bool event_first = !events_.empty() && (!wake || events_.begin()->first <= *wake);
      if (!event_first && !wake) break;
      if (event_first) {
        now_ = std::max(now_, events_.begin()->first);
        const auto what = std::move(events_.begin()->second);
        events_.erase(events_.begin());
        what();
      } else {
        now_ = std::max(now_, *wake);
        engine.advance(now_);
      }
    }
  }

 private:
  Nanoseconds now_ = 5 * second;
  std::multimap<Nanoseconds, std::function<void()>> events_;
  std::map<std::uint32_t, int> lives_;
  std::size_t in_flight_ = 0;
};

// A catalogue with reads, a chain of ids, a limit, metrics and streams.
std::string catalogue_text();
std::string profile_text();

struct Setup {
  Catalogue catalogue;
  Profile profile;
  Settings settings;
  Plan plan;
  Redactor redact = make_redactor({});
  World world;
  std::optional<Nanoseconds> start_at;
  std::unique_ptr<Engine> engine;

  Setup();
  void replan() { plan = make_plan(catalogue, profile, settings); }
  void run();
  RunPlan run_plan() const { return {catalogue, profile, settings, plan}; }
  RunRecord record() const;
  const Series& series(const std::string& name) const;
};

}  // namespace simulation
