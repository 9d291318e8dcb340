#include "standin/core/stats.hpp"

#include <fmt/format.h>

#include <iterator>

#include "lib/document/json_writer.hpp"

namespace launchgate::standin {
namespace {

template <typename Map>
void append_counts(std::string& out, const Map& counts) {
  out += '{';
  bool first = true;
  for (const auto& [key, count] : counts) {
    if (!first) out += ',';
    first = false;
    document::append_json_string(out, fmt::format("{}", key));
    fmt::format_to(std::back_inserter(out), ":{}", count);
  }
  out += '}';
}

void append_route(std::string& out, const RouteStats& route) {
  fmt::format_to(std::back_inserter(out), "{{\"requests\":{},\"responses\":", route.requests);
  append_counts(out, route.responses);
  out += ",\"unanswered\":";
  append_counts(out, route.unanswered);
  out += ",\"policyCodes\":";
  append_counts(out, route.codes);
  out += ",\"injected\":";
  append_histogram(out, route.injected);
  out += ",\"held\":";
  append_histogram(out, route.held);
  out += '}';
}

}  // namespace

void append_histogram(std::string& out, const Histogram& histogram) {
  fmt::format_to(std::back_inserter(out),
                 "{{\"count\":{},\"minMs\":{:.3f},\"meanMs\":{:.3f},\"p50Ms\":{:.3f},\"p75Ms\":{:.3f},\"p90Ms\":{:.3f},"
                 "\"p95Ms\":{:.3f},"
                 "\"p99Ms\":{:.3f},\"p999Ms\":{:.3f},\"maxMs\":{:.3f}}}",
                 histogram.count(), histogram.min_ms(), histogram.mean_ms(), histogram.percentile_ms(50),
                 histogram.percentile_ms(75), histogram.percentile_ms(90), histogram.percentile_ms(95),
                 histogram.percentile_ms(99), histogram.percentile_ms(99.9), histogram.max_ms());
}

std::string stats_json(const Product& product, const Stats& stats, std::string_view extra_members) {
  std::string out = "{\"product\":";
  document::append_json_string(out, product.name);
  out += extra_members;
  out += ",\"routes\":{";
  for (std::size_t i = 0; i < product.routes.size(); ++i) {
    if (i > 0) out += ',';
    document::append_json_string(out, product.routes[i].name);
    out += ':';
    append_route(out, stats.routes[i]);
  }
  out += "},\"unknownRoutes\":";
  append_route(out, stats.unknown);
  const StreamStats& s = stats.streams;
  fmt::format_to(std::back_inserter(out),
                 ",\"streams\":{{\"opened\":{},\"resumed\":{},\"closedByClient\":{},\"dropped\":{},\"events\":{},"
                 "\"heartbeats\":{},\"leftOut\":{},"
                 "\"doubled\":{}}},\"published\":{},\"connections\":{{",
                 s.opened, s.resumed, s.closed_by_client, s.dropped, s.events, s.heartbeats, s.left_out, s.doubled,
                 stats.published);
  for (std::size_t i = 0; i < product.services.size(); ++i) {
    const ConnectionStats& c = stats.connections[i];
    if (i > 0) out += ',';
    document::append_json_string(out, product.services[i].name);
    fmt::format_to(std::back_inserter(out),
                   ":{{\"accepted\":{},\"open\":{},\"turnedAway\":{},\"handshakes\":{},\"failedHandshakes\":{},"
                   "\"badRequests\":{}}}",
                   c.accepted, c.accepted - c.closed, c.turned_away, c.handshakes, c.failed_handshakes, c.bad_requests);
  }
  out += "}}";
  return out;
}

}  // namespace launchgate::standin
