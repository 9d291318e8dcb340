#include "load/core/metrics.hpp"

namespace launchgate::load {

namespace {

using document::JsonKind;
using document::JsonValue;

constexpr std::size_t state_size = 6;

std::uint64_t natural(const std::optional<double>& value) {
  return value && *value > 0 && *value < 1e18 ? static_cast<std::uint64_t>(*value) : 0;
}

}  // namespace

std::vector<std::optional<double>> SeriesTracker::state() const {
  return {first_, last_, worst_, grown_, static_cast<double>(resets_), static_cast<double>(seen_at)};
}

void SeriesTracker::restore(const std::vector<std::optional<double>>& state, bool counter) {
  if (state.size() != state_size) return;
  counter_ = counter;
  first_ = state[0];
  last_ = state[1];
  worst_ = state[2].value_or(0);
  grown_ = state[3].value_or(0);
  resets_ = natural(state[4]);
  seen_at = natural(state[5]);
}

void MetricsRecord::write(document::JsonWriter& json) const {
  json.begin_array();
  for (const Target& target : targets_) {
    json.begin_object()
        .member("scrapes", target.scrapes)
        .member("failures", target.failures)
        .key("series")
        .begin_object();
    for (const auto& [index, tracker] : target.series) {
      json.key(catalogue_->series[index].key).begin_array();
      for (const std::optional<double>& one : tracker.state()) json.value(one);
      json.end_array();
    }
    json.end_object().end_object();
  }
  json.end_array();
}

void MetricsRecord::read(const JsonValue& list) {
  if (!list.is(JsonKind::array)) return;
  std::size_t place = 0;
  for (const JsonValue object : list.elements()) {
    if (place == targets_.size()) return;
    Target& target = targets_[place++];
    const auto number = [&](std::string_view key) {
      const auto value = object.find(key);
      return natural(value && value->is(JsonKind::number) ? std::optional(value->number()) : std::nullopt);
    };
    target.scrapes = number("scrapes");
    target.failures = number("failures");
    const auto series = object.find("series");
    for (Index index = 0; series && index < catalogue_->series.size(); ++index) {
      const auto state = series->find(catalogue_->series[index].key);
      if (!state || !state->is(JsonKind::array)) continue;
      std::vector<std::optional<double>> values;
      for (const JsonValue element : state->elements())
        values.push_back(element.is(JsonKind::number) ? std::optional(element.number()) : std::nullopt);
      target.series[index].restore(values, catalogue_->series[index].counter);
    }
  }
}

}  // namespace launchgate::load
