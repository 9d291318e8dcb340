#include "load/core/streams.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "lib/base/text.hpp"

namespace launchgate::load {

namespace {

constexpr Nanoseconds probe_length = 2 * second;
constexpr Nanoseconds first_retry = 1 * second;
constexpr Nanoseconds longest_retry = 10 * second;
constexpr std::uint64_t most_cells = 16UL * 1024 * 1024;

}  // namespace

StreamSet::StreamSet(const Catalogue& catalogue, const Settings& settings, const Plan& plan,
                     const std::vector<PreparedOperation>& prepared, Transport& transport, Measurements& measurements,
                     const Redactor& redact)
    : catalogue_(catalogue),
      settings_(settings),
      prepared_(prepared),
      transport_(transport),
      measurements_(measurements),
      redact_(redact) {
  std::vector<Index>& held = held_;
  for (const PlannedOperation& planned : plan.operations) {
    const OperationSpec& op = catalogue.operations[planned.operation];
    if (!op.stream) continue;
    if (planned.held) held.push_back(planned.operation);
    if (!op.stream->group_pointer.empty()) {
      places_.emplace(planned.operation, EventPlaces(op.stream->group_pointer, op.stream->number_pointer));
    }
  }
  totals_.target = held.empty() ? 0 : plan.streams;
  whole_ = plan.whole_streams;
  streams_.resize(totals_.target + 1);
  for (std::size_t i = 0; i < totals_.target; ++i) streams_[i].operation = held[settings.share().at(i) % held.size()];
  streams_.back().state = State::closed;
}

void StreamSet::start(Nanoseconds now, Nanoseconds ramp) {
  for (std::uint32_t slot = 0; slot < totals_.target; ++slot) {
    const auto place = static_cast<Nanoseconds>(settings_.share().at(slot));
    openings_.push({now + ramp * place / static_cast<Nanoseconds>(whole_), slot});
  }
  // The ramp's last streams get as long again to be answered before they are missed.
  held_from_ = now + ramp + ramp / 2;
  held_changed_ = held_from_;
  totals_.held_least = totals_.target;
  next_check_ = now + second;
}

std::optional<Nanoseconds> StreamSet::next_wake() const {
  if (stopped_) return std::nullopt;
  std::optional<Nanoseconds> wake;
  const auto sooner = [&](Nanoseconds at) { wake = wake ? std::min(*wake, at) : at; };
  if (!openings_.empty()) sooner(openings_.top().at);
  if (totals_.target > 0) sooner(next_check_);
  if (probing()) sooner(probe_until_);
  return wake;
}

void StreamSet::advance(Nanoseconds now) {
  if (stopped_) return;
  while (!openings_.empty() && openings_.top().at <= now) {
    const Opening opening = openings_.top();
    openings_.pop();
    streams_[opening.slot].intended = opening.at;
    open(opening.slot, now);
  }
  if (probing() && now >= probe_until_) {
    transport_.close_stream(*this, probe_slot());
    Stream& stream = streams_[probe_slot()];
    // Opened and quiet for two seconds is fine; a stream that was never answered has been recorded as nothing yet.
    if (stream.state == State::opening) {
      Judgement judgement;
      judgement.outcome = Outcome::failed;
      judgement.note =
          redact_("GET " + catalogue_.operations[stream.operation].request.shape + ": no response within 2 s");
      record(stream, judgement, Failure::header_timeout, now);
    }
    finish_probe(now);
  }
  if (totals_.target > 0 && now >= next_check_) {
    next_check_ = now + second;
    for (Stream& stream : streams_) {
      if (stream.state != State::open || stream.silent) continue;
      const auto& spec = *catalogue_.operations[stream.operation].stream;
      if (now - stream.last_byte > spec.silent_after_ms * millisecond) {
        stream.silent = true;
        ++totals_.silent;
        ++totals_.silent_now;
        if (&stream != &streams_.back()) change_held(-1, now);
      }
    }
    count_stale();
  }
}

// All streams of an operation carry the events of one workspace: where most have got one that a stream has not got
// well after, its cursor is stale.
void StreamSet::count_stale() {
  totals_.stale_now = 0;
  for (const Index operation : held_) {
    last_events_.clear();
    for (std::size_t i = 0; i + 1 < streams_.size(); ++i) {
      if (streams_[i].operation == operation && streams_[i].state == State::open)
        last_events_.push_back(streams_[i].last_event);
    }
    if (last_events_.size() < 3) continue;
    const auto middle = last_events_.begin() + static_cast<std::ptrdiff_t>(last_events_.size() / 2);
    std::nth_element(last_events_.begin(), middle, last_events_.end());
    const Nanoseconds stale_before =
        *middle - 2 * catalogue_.operations[operation].stream->silent_after_ms * millisecond;
    totals_.stale_now += static_cast<std::uint64_t>(
        std::count_if(last_events_.begin(), last_events_.end(), [&](Nanoseconds at) { return at < stale_before; }));
  }
}

void StreamSet::open(std::uint32_t slot, Nanoseconds now) {
  Stream& stream = streams_[slot];
  const PreparedOperation& prepared = prepared_[stream.operation];
  const StreamSpec& spec = *catalogue_.operations[stream.operation].stream;
  HttpRequest request = request_of(catalogue_, stream.operation, prepared);
  if (!prepared.constant) {
    path_.clear();
    render_path(catalogue_.operations[stream.operation].request.path, {&settings_.variables, nullptr, slot}, path_);
    request.path = path_;
  }
  const std::string& last = stream.parser.last_event_id();
  // A header value must not end its line.
  if (!last.empty() && last.find_first_of("\r\n") == std::string::npos) {
    headers_ = prepared.headers;
    headers_ += "Last-Event-ID: " + last + "\r\n";
    request.headers = headers_;
    if (!spec.resume_query.empty()) {
      std::string path(request.path);
      path += path.find('?') == std::string::npos ? '?' : '&';
      path += spec.resume_query + "=" + base::percent_encoded(last);
      path_ = std::move(path);
      request.path = path_;
    }
  } else if (stream.was_open) {
    stream.sequence.forget();  // the server will begin anew
  }
  if (stream.was_open) ++totals_.reconnects;
  stream.state = State::opening;
  stream.status = 0;
  stream.sent = now;
  transport_.open_stream(request, *this, slot);
}

void StreamSet::schedule_again(std::uint32_t slot, Nanoseconds now) {
  if (stopped_) return;
  Stream& stream = streams_[slot];
  stream.state = State::waiting;
  Nanoseconds wait = stream.parser.retry_ms() ? *stream.parser.retry_ms() * millisecond : first_retry;
  for (unsigned i = 1; i < stream.failures && wait < longest_retry; ++i) wait *= 2;
  wait = std::max(wait, 10 * millisecond);
  // Spread, so that streams that dropped together do not return together.
  const Nanoseconds spread = wait / 4 * static_cast<Nanoseconds>(slot * 2654435761U % 1000U) / 1000;
  openings_.push({now + std::min<Nanoseconds>(wait, 60 * second) + spread, slot});
}

void StreamSet::set_open(Stream& stream, bool open, Nanoseconds now) {
  if ((stream.state == State::open) == open) return;
  // A silent one has not been held for a while.
  if (&stream != &streams_.back() && !stream.silent) change_held(open ? 1 : -1, now);
  if (stream.silent) {
    stream.silent = false;
    --totals_.silent_now;
  }
  stream.state = open ? State::open : State::closed;
}

void StreamSet::change_held(int by, Nanoseconds now) {
  if (now > held_from_) {
    held_integral_ += static_cast<double>(totals_.held_now) * static_cast<double>(now - held_changed_);
    held_changed_ = now;
    // What is open after the ramp counts, not what the ramp had yet to open.
    totals_.held_least = std::min(totals_.held_least, totals_.held_now);
  }
  totals_.held_now += static_cast<std::uint64_t>(by);
  if (now > held_from_) totals_.held_least = std::min(totals_.held_least, totals_.held_now);
}

void StreamSet::record(const Stream& stream, const Judgement& judgement, Failure failure, Nanoseconds now) {
  // A stream that is held is opened once, often within the warm-up, and is to be counted all the same.
  if (&stream == &streams_.back() && stream.intended < measure_from_) return;
  Sample sample;
  sample.outcome = judgement.outcome;
  sample.failure = failure;
  sample.status = stream.status;
  sample.policy_code = judgement.policy_code;
  sample.note = judgement.note;
  sample.response = now - stream.intended;
  sample.service = now - stream.sent;
  measurements_.record(stream.operation, false, sample);
}

void StreamSet::on_stream_open(std::uint32_t slot, const HttpResponse& header, Nanoseconds now) {
  Stream& stream = streams_[slot];
  stream.status = header.status;
  Exchange exchange;
  exchange.response = header;
  Judgement judgement = judge(catalogue_, catalogue_.operations[stream.operation], prepared_[stream.operation].accepts,
                              exchange, redact_);
  if (judgement.outcome == Outcome::success && !header.content_type.starts_with("text/event-stream")) {
    judgement.outcome = Outcome::bad_body;
    judgement.note = redact_("GET " + catalogue_.operations[stream.operation].request.shape + ": the answer is \"" +
                             std::string(header.content_type) + "\" and no event stream");
  }
  record(stream, judgement, Failure::none, now);
  if (judgement.outcome != Outcome::success) {
    ++totals_.refused;
    // A server could answer with any number of codes.
    const std::string code = judgement.policy_code.empty() ? "" : " " + judgement.policy_code;
    if (totals_.refusals.size() < Tally::most_codes) ++totals_.refusals[std::to_string(header.status) + code];
    stream.failures = static_cast<std::uint8_t>(std::min(stream.failures + 1, 20));
    if (header.status == 200) {
      transport_.close_stream(*this, slot);
      stream.state = State::closed;
      if (slot == probe_slot()) {
        finish_probe(now);
      } else {
        schedule_again(slot, now);
      }
    }
    return;
  }
  ++totals_.opened;
  stream.failures = 0;
  stream.was_open = true;
  stream.last_byte = now;
  stream.last_event = now;
  set_open(stream, true, now);
}

void StreamSet::on_stream_bytes(std::uint32_t slot, std::string_view bytes, Nanoseconds now) {
  Stream& stream = streams_[slot];
  if (stream.state != State::open) return;
  totals_.bytes += bytes.size();
  stream.last_byte = now;
  if (stream.silent) {
    stream.silent = false;
    --totals_.silent_now;
    if (slot != probe_slot()) change_held(1, now);
  }
  current_ = slot;
  now_ = now;
  stream.parser.feed(bytes, *this);
  if (slot == probe_slot() && probe_saw_event_) {
    transport_.close_stream(*this, slot);
    finish_probe(now);
  }
}

void StreamSet::on_event(const SseEvent& event) {
  ++totals_.events;
  if (current_ == probe_slot()) {
    probe_saw_event_ = true;
    return;
  }
  Stream& stream = streams_[current_];
  stream.last_event = now_;
  const auto places = places_.find(stream.operation);
  if (places == places_.end()) return;
  EventPlace place;
  switch (places->second.read(event.data, place)) {
    case EventPlaces::Reading::malformed:
      ++totals_.malformed;
      return;
    case EventPlaces::Reading::without_place:
      ++totals_.unplaced;
      return;
    case EventPlaces::Reading::placed:
      break;
  }
  // An event whose id is its number is numbered across the stream, whatever group it belongs to.
  std::uint32_t id = 0;
  const std::string_view text = event.last_event_id;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), id);
  if (event.has_id && parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size() && id == place.number)
    place.group = EventPlace::whole_stream;
  const std::size_t before = stream.sequence.cells();
  if (place.group != EventPlace::whole_stream && place.group >= before && cells_ > most_cells) {
    ++totals_.unplaced;
    return;
  }
  std::uint32_t missing = 0;
  const SequenceCheck::Step step = stream.sequence.add(place, missing);
  cells_ += stream.sequence.cells() - before;
  if (step == SequenceCheck::Step::gap) {
    ++totals_.gaps;
    totals_.missing += missing;
  } else if (step == SequenceCheck::Step::duplicate) {
    ++totals_.duplicates;
  }
}

void StreamSet::on_comment(std::string_view) {
  ++totals_.heartbeats;
  if (current_ == probe_slot()) probe_saw_event_ = true;
}

void StreamSet::on_oversized() { ++totals_.malformed; }

void StreamSet::on_stream_closed(std::uint32_t slot, Failure failure, std::string_view detail, Nanoseconds now) {
  Stream& stream = streams_[slot];
  const bool was_open = stream.state == State::open;
  if (was_open) {
    set_open(stream, false, now);
    if (failure == Failure::none) {
      ++totals_.ended;
    } else {
      ++totals_.drops[std::string(name(failure))];
    }
  } else if (stream.status == 0) {
    ++totals_.refused;
    stream.failures = static_cast<std::uint8_t>(std::min(stream.failures + 1, 20));
    Exchange exchange;
    exchange.failure = failure == Failure::none ? Failure::closed : failure;
    exchange.detail = detail;
    record(stream,
           judge(catalogue_, catalogue_.operations[stream.operation], prepared_[stream.operation].accepts, exchange,
                 redact_),
           exchange.failure, now);
  }
  stream.state = State::closed;
  stream.parser.reset();
  if (slot == probe_slot()) {
    finish_probe(now);
  } else {
    schedule_again(slot, now);
  }
}

void StreamSet::probe(Index operation, Nanoseconds intended, Nanoseconds now, std::function<void(Nanoseconds)> done) {
  Stream& stream = streams_[probe_slot()];
  stream = Stream{};
  stream.operation = operation;
  stream.intended = intended;
  probe_saw_event_ = false;
  probe_until_ = now + probe_length;
  probe_done_ = std::move(done);
  open(probe_slot(), now);
}

void StreamSet::finish_probe(Nanoseconds now) {
  Stream& stream = streams_[probe_slot()];
  stream.state = State::closed;
  stream.parser = {};
  if (const auto done = std::exchange(probe_done_, nullptr)) done(now);
}

void StreamSet::stop(Nanoseconds now) {
  if (stopped_) return;
  if (now > held_from_) {
    held_integral_ += static_cast<double>(totals_.held_now) * static_cast<double>(now - held_changed_);
    held_changed_ = now;
    totals_.held_least = std::min(totals_.held_least, totals_.held_now);
    totals_.held_mean = held_integral_ / static_cast<double>(now - held_from_);
  } else {
    totals_.held_least = totals_.held_now;
    totals_.held_mean = static_cast<double>(totals_.held_now);
  }
  stopped_ = true;
  for (std::uint32_t slot = 0; slot < streams_.size(); ++slot) {
    Stream& stream = streams_[slot];
    if (stream.state == State::open || stream.state == State::opening) transport_.close_stream(*this, slot);
    stream.state = State::closed;
  }
  if (probing()) finish_probe(now);
}

StreamTotals StreamSet::totals(Nanoseconds now) const {
  StreamTotals out = totals_;
  if (!stopped_ && now > held_from_) {
    const double integral =
        held_integral_ + static_cast<double>(totals_.held_now) * static_cast<double>(now - held_changed_);
    out.held_mean = integral / static_cast<double>(now - held_from_);
    out.held_least = std::min(out.held_least, out.held_now);
  } else if (!stopped_) {
    out.held_mean = static_cast<double>(totals_.held_now);
    out.held_least = totals_.held_now;
  }
  return out;
}

}  // namespace launchgate::load
