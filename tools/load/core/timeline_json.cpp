#include <cmath>

#include "load/core/timeline.hpp"

// A bucket is a list of lists of numbers: there are thousands of them in the journal of a long run.
namespace launchgate::load {

namespace {

using document::JsonKind;
using document::JsonValue;
using document::JsonWriter;

void write(JsonWriter& json, const Bucket& bucket) {
  json.begin_array().begin_array();
  for (const std::uint64_t n : {bucket.index, bucket.count, bucket.failures, bucket.rejected, bucket.held, bucket.stale,
                                bucket.silent, bucket.gaps, bucket.reconnects, bucket.connects})
    json.value(n);
  json.end_array().begin_array();
  for (const auto& [n, ms] : bucket.latency) json.value(n).value(ms);
  json.end_array().begin_array();
  for (const auto& [all, slow] : bucket.slow) json.value(all).value(slow);
  json.end_array().begin_array();
  for (const TrackCell& cell : bucket.tracks)
    json.value(static_cast<std::uint64_t>(cell.samples)).value(cell.sum).value(cell.most).value(cell.minutes);
  json.end_array().begin_array();
  for (const Index target : bucket.restarted) json.value(target);
  json.end_array().begin_array();
  for (const Window& window : bucket.windows) json.value(window.rejected).value(window.responses).value(window.p95_ms);
  json.end_array().end_array();
}

std::vector<double> numbers(const JsonValue& list) {
  std::vector<double> out;
  if (!list.is(JsonKind::array)) return out;
  for (const JsonValue element : list.elements()) {
    const double number = element.is(JsonKind::number) ? element.number() : 0;
    out.push_back(std::isfinite(number) ? number : 0);
  }
  return out;
}

std::uint64_t natural(double value) { return value > 0 && value < 1e18 ? static_cast<std::uint64_t>(value) : 0; }

// False for what is no bucket of this catalogue.
bool read(const JsonValue& list, Bucket& out) {
  std::vector<std::vector<double>> parts;
  if (!list.is(JsonKind::array)) return false;
  for (const JsonValue part : list.elements()) parts.push_back(numbers(part));
  if (parts.size() != 6 || parts[0].size() != 10 || parts[1].size() != 2 * out.latency.size() ||
      parts[2].size() != 2 * out.slow.size() || parts[3].size() != 4 * out.tracks.size() || parts[5].size() % 3 != 0)
    return false;
  std::size_t at = 0;
  for (std::uint64_t* place : {&out.index, &out.count, &out.failures, &out.rejected, &out.held, &out.stale, &out.silent,
                               &out.gaps, &out.reconnects, &out.connects})
    *place = natural(parts[0][at++]);
  for (std::size_t i = 0; i < out.latency.size(); ++i) out.latency[i] = {natural(parts[1][2 * i]), parts[1][2 * i + 1]};
  for (std::size_t i = 0; i < out.slow.size(); ++i)
    out.slow[i] = {natural(parts[2][2 * i]), natural(parts[2][2 * i + 1])};
  for (std::size_t i = 0; i < out.tracks.size(); ++i) {
    const double* cell = &parts[3][4 * i];
    out.tracks[i] = {static_cast<std::uint32_t>(std::min<std::uint64_t>(natural(cell[0]), 1U << 30U)), cell[1], cell[2],
                     cell[3]};
  }
  for (const double target : parts[4]) out.restarted.push_back(static_cast<Index>(natural(target)));
  for (std::size_t i = 0; i < parts[5].size(); i += 3)
    out.windows.push_back({natural(parts[5][i]), natural(parts[5][i + 1]), parts[5][i + 2]});
  return true;
}

}  // namespace

void SoakTimeline::write(JsonWriter& json, std::size_t first) const {
  json.begin_object().key("buckets").begin_array();
  for (std::size_t i = first; i < finished_.size(); ++i) load::write(json, finished_[i]);
  json.end_array().key("counters").begin_array();
  for (const Follow& follow : follow_) json.value(follow.last).value(follow.at);
  json.end_array().member("window", window_index_).end_object();
}

void SoakTimeline::read(const JsonValue& object) {
  const auto buckets = object.find("buckets");
  for (const JsonValue one : buckets && buckets->is(JsonKind::array) ? buckets->elements() : object.elements()) {
    Bucket bucket = fresh(0);
    if (load::read(one, bucket)) finished_.push_back(std::move(bucket));
  }
  // The next bucket begins with the next second, unless seconds are missing.
  current_ = fresh(finished_.empty() ? 0 : finished_.back().index + 1);
  if (const auto counters = object.find("counters"); counters && counters->is(JsonKind::array)) {
    std::size_t place = 0;
    for (const JsonValue element : counters->elements()) {
      if (place / 2 == follow_.size()) break;
      Follow& follow = follow_[place / 2];
      if (place % 2 == 0) {
        follow.last = element.is(JsonKind::number) ? std::optional(element.number()) : std::nullopt;
      } else {
        follow.at = element.integer().value_or(-1);
      }
      ++place;
    }
  }
  if (const auto window = object.find("window")) window_index_ = natural(window->number());
}

void SoakTimeline::resume(Nanoseconds measured, const StreamTotals& streams, const TransportCounters& transport) {
  measured_ = measured;
  streams_ = streams;
  transport_ = transport;
}

}  // namespace launchgate::load
