#include <cmath>
#include <cstdio>

#include "lib/rules/kinds.hpp"

// `capacity`: whether streams of requests fit into the requests that may be in flight at once. By Little's law (J. D.
// C. Little, "A Proof for the Queuing Formula L = λW", 1961) a stream of rate λ whose requests take W keeps L = λW of
// them in flight on average.
namespace launchgate::rules {

using document::JsonKind;
using document::JsonValue;

namespace {

struct Arrivals {
  PointerPattern rate;
  double per_second = 1;  // what a rate of 1 is in arrivals per second
  PointerPattern latency_ms;
};

struct Capacity final : JsonMatcher {
  PointerPattern at = *PointerPattern::parse("");
  PointerPattern concurrency = *PointerPattern::parse("");
  std::vector<Arrivals> arrivals;

  base::Result<void> match(const JsonSubject& subject, Reporter& reporter) const override;

 private:
  void match_place(const Place& place, Reporter& reporter) const;
};

std::optional<Place> number_at(const PointerPattern& pointer, const JsonValue& root) {
  std::optional<Place> found;
  pointer.each(root, [&](const Place& place) {
    if (!found && place.value.is(JsonKind::number)) found = place;
  });
  return found;
}

std::string two_decimals(double value) {
  char text[64];
  const int length = std::snprintf(text, sizeof text, "%.2f", value);
  return {text, static_cast<std::size_t>(length > 0 && length < static_cast<int>(sizeof text) ? length : 0)};
}

std::string last_segment(const PointerPattern& pointer) { return pointer.text().substr(pointer.text().rfind('/') + 1); }

void Capacity::match_place(const Place& place, Reporter& reporter) const {
  const auto limit = number_at(concurrency, place.value);
  if (!limit) return;
  double total = 0;
  std::string sum;
  for (const Arrivals& stream : arrivals) {
    const auto rate = number_at(stream.rate, place.value);
    const auto latency = number_at(stream.latency_ms, place.value);
    if (!rate || !latency) continue;
    const double in_flight = rate->value.number() * stream.per_second * latency->value.number() / 1000.0;
    total += in_flight;
    if (!sum.empty()) sum += " + ";
    sum += two_decimals(in_flight) + " (" + last_segment(stream.rate) + ')';
  }
  if (!std::isfinite(total) || total <= limit->value.number()) return;
  reporter.add(limit->value, pointing_span(*limit), place.pointer + limit->pointer,
               "requests in flight are " + sum + " = " + two_decimals(total) + ", above " + last_segment(concurrency) +
                   ' ' + shown(limit->value));
}

base::Result<void> Capacity::match(const JsonSubject& subject, Reporter& reporter) const {
  for (const JsonValue& root : roots_of(at, subject)) {
    at.each(root, [&](const Place& place) { match_place(place, reporter); });
  }
  return {};
}

}  // namespace

JsonRule load_capacity(Fields& fields) {
  auto rule = std::make_shared<Capacity>();
  rule->at = fields.pointer("at");
  rule->concurrency = fields.pointer("concurrency");
  fields.objects("arrivals", "arrivals", true, [&](Fields& stream) {
    auto rate = stream.pointer("rate");
    const double per_second = stream.one_of("per", {"minute", "second"}, std::nullopt) == 0 ? 1.0 / 60.0 : 1.0;
    rule->arrivals.push_back({std::move(rate), per_second, stream.pointer("latencyMs")});
  });
  return rule;
}

}  // namespace launchgate::rules
