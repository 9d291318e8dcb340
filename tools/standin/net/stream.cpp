// The part of a connection that is a stream of events.

#include "standin/net/connection.hpp"
#include "standin/net/server.hpp"

namespace launchgate::standin {
namespace {

constexpr std::size_t batch_bytes = 65536;

}  // namespace

void Connection::start_stream(const Answer& answer, Micros arrived) {
  App& app = server_.app();
  stream_ = std::make_unique<Stream>();
  stream_->route = answer.route;
  stream_->next = answer.stream->next_sequence;
  stream_->opened = arrived;
  stream_->lot = app.next_lot();
  ++app.stats().streams.opened;
  if (answer.stream->resumed) ++app.stats().streams.resumed;
  app.stream_opened();
  server_.add_stream(*this);
  app.faults().for_streams(answer.route, stream_->lot, arrived, [&](const StreamFault& fault) {
    if (fault.mode == StreamFault::Mode::replay_all) stream_->next = app.events().first_sequence();
  });
  // An idle stream needs none of this.
  if (!consuming_) parser_.reset();
  input_ = {};
  if (!send(stream_head(answer.reply) + ": connected\n\n")) return;
  ++stats(answer.route).responses[answer.reply.status];
  stats(answer.route).held.record_us(handed_over_ - arrived);
  pump(server_.now());
}

void Connection::pump(Micros now) {
  if (closed_ || !stream_ || !output_.empty()) return;
  if (server_.app().faults().has_stream_faults(stream_->route))
    send_events_with_faults(now);
  else
    send_events();
}

void Connection::heartbeat(Micros now) {
  if (closed_ || !stream_ || !output_.empty()) return;
  bool silent = false;
  if (server_.app().faults().has_stream_faults(stream_->route)) {
    server_.app().faults().for_streams(stream_->route, stream_->lot, now, [&](const StreamFault& fault) {
      silent = silent || (fault.mode == StreamFault::Mode::silent && now - stream_->opened >= fault.life);
    });
  }
  if (silent) return;
  ++server_.app().stats().streams.heartbeats;
  send(": keep-alive\n\n");
}

void Connection::send_events() {
  const EventLog& log = server_.app().events();
  StreamStats& counts = server_.app().stats().streams;
  while (output_.empty() && stream_->next < log.next_sequence()) {
    if (stream_->next < log.first_sequence()) stream_->next = log.first_sequence();  // fell behind what is kept
    if (stream_->next + 1 == log.next_sequence()) {
      ++counts.events;
      if (!send(log.frame(stream_->next++))) return;
      continue;
    }
    std::string& batch = server_.scratch();
    batch.clear();
    while (stream_->next < log.next_sequence() && batch.size() < batch_bytes) {
      batch += log.frame(stream_->next++);
      ++counts.events;
    }
    if (!send(batch)) return;
  }
}

void Connection::send_events_with_faults(Micros now) {
  const EventLog& log = server_.app().events();
  StreamStats& counts = server_.app().stats().streams;
  std::uint64_t gap = 0, duplicate = 0;
  bool silent = false, drop = false, reset_it = false;
  std::optional<FrameStyle> style;
  server_.app().faults().for_streams(stream_->route, stream_->lot, now, [&](const StreamFault& fault) {
    const bool old_enough = now - stream_->opened >= fault.life;
    switch (fault.mode) {
      case StreamFault::Mode::drop:
        drop = drop || old_enough;
        break;
      case StreamFault::Mode::reset:
        reset_it = reset_it || old_enough;
        break;
      case StreamFault::Mode::silent:
        silent = silent || old_enough;
        break;
      case StreamFault::Mode::gap:
        gap = fault.every_events;
        break;
      case StreamFault::Mode::duplicate:
        duplicate = fault.every_events;
        break;
      case StreamFault::Mode::style:
        style = fault.style;
        break;
      case StreamFault::Mode::replay_all:
        break;
    }
  });
  if (drop || reset_it) {
    ++counts.dropped;
    return reset_it ? reset() : close();
  }
  if (silent) return;
  while (output_.empty() && stream_->next < log.next_sequence()) {
    if (stream_->next < log.first_sequence()) stream_->next = log.first_sequence();
    std::string& batch = server_.scratch();
    batch.clear();
    while (stream_->next < log.next_sequence() && batch.size() < batch_bytes) {
      const std::uint64_t sequence = stream_->next++;
      if (gap > 0 && sequence % gap == 0) {
        ++counts.left_out;
        continue;
      }
      const bool twice = duplicate > 0 && sequence % duplicate == 0;
      for (int copy = 0; copy < (twice ? 2 : 1); ++copy) {
        batch += style ? restyle(log.frame(sequence), *style) : log.frame(sequence);
        ++counts.events;
      }
      counts.doubled += twice ? 1 : 0;
    }
    if (!send(batch)) return;
  }
}

}  // namespace launchgate::standin
