#include "standin/core/metrics_text.hpp"

#include <map>
#include <sstream>

#include "unit/standin/support.hpp"

namespace launchgate::standin {

using testing::Bench;
using testing::fault;

namespace {

// Series to the text after it, comments left out.
std::map<std::string, std::string> series(const std::string& text) {
  std::map<std::string, std::string> all;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::size_t blank = line.find(' ', line.find('}') == std::string::npos ? 0 : line.find('}'));
    all[line.substr(0, blank)] = line.substr(blank + 1);
  }
  return all;
}

std::map<std::string, std::string> cloud(Bench& bench) { return series(bench.send("GET", "/api/metrics").reply.body); }
std::map<std::string, std::string> gateway(Bench& bench) {
  bench.service = 1;
  auto all = series(bench.send("GET", "/metrics", "", "gateway-admin").reply.body);
  bench.service = 0;
  return all;
}

const std::string lag = "open_cowork_cloud_projection_lag_events{projection=\"sessions\"}";
const std::string rejections = "open_cowork_cloud_quota_rejections_total{policy_code=\"rate_limit.http_exceeded\"}";
const std::string dead = "open_cowork_gateway_delivery_dead_letters_total";

}  // namespace

TEST_CASE("metrics at rest") {
  Bench bench;
  const auto all = cloud(bench);
  CHECK(all.at("open_cowork_cloud_command_queue_depth_estimate") == "0");
  CHECK(all.at("process_resident_memory_bytes") == "4096");
  CHECK(all.at("process_open_fds") == "12");
  CHECK(all.at(lag) == "0");
  CHECK(all.at("open_cowork_cloud_quota_rejections_total") == "0");
  CHECK(all.at("open_cowork_cloud_worker_stale_owner_rejections_total") == "0");
  CHECK(gateway(bench).at(dead) == "0");
}

TEST_CASE("rejections are counted by their reason") {
  Bench bench;
  bench.app->limiter().set("http-requests", 3);
  for (int i = 0; i < 5; ++i) bench.send("GET", "/api/sessions", "", "tenant");
  CHECK(cloud(bench).at(rejections) == "2");
}

TEST_CASE("metrics that grow") {
  Bench bench;
  bench.app->faults().install(fault("metric-grow:metric=lag,from=10,perSecond=2"), 0);
  bench.app->faults().install(fault("metric-grow:metric=retries,perSecond=1,afterMs=1000"), 0);
  bench.now = 5 * micros_per_second;
  CHECK(cloud(bench).at(lag) == "20");
  CHECK(cloud(bench).at("open_cowork_cloud_projection_lag_events{projection=\"threads\"}") == "10");
  auto all = gateway(bench);
  // The shares of a counter add up to it.
  CHECK(all.at("open_cowork_gateway_delivery_retries_total{provider=\"a\"}") == "3");
  CHECK(all.at("open_cowork_gateway_delivery_retries_total{provider=\"b\"}") == "1");
  CHECK(all.at(dead) == "0");
  bench.app->faults().install(fault("metric-grow:metric=dead-letters,from=2,service=cloud"), 0);
  CHECK(gateway(bench).at(dead) == "0");
  bench.app->faults().install(fault("metric-grow:metric=*dead_letters*,from=2"), 0);
  CHECK(gateway(bench).at(dead) == "2");
  bench.app->faults().install(fault("metric-grow:metric=stale-owners,from=1"), 0);
  CHECK(cloud(bench).at("open_cowork_cloud_worker_stale_owner_rejections_total") == "1");
}

TEST_CASE("counters that start over") {
  Bench bench;
  bench.app->faults().install(fault("metric-grow:metric=dead-letters,perSecond=10"), 0);
  bench.app->faults().install(fault("metric-reset:metric=dead-letters,afterMs=2000,everyMs=3000"), 0);
  bench.now = 1 * micros_per_second;
  CHECK(gateway(bench).at(dead) == "10");
  bench.now = 2 * micros_per_second;
  CHECK(gateway(bench).at(dead) == "0");
  bench.now = 4 * micros_per_second;
  CHECK(gateway(bench).at(dead) == "20");
  bench.now = 5 * micros_per_second;
  CHECK(gateway(bench).at(dead) == "0");
  bench.now = 6 * micros_per_second;
  CHECK(gateway(bench).at(dead) == "10");
}

TEST_CASE("metrics that vanish, and values that are none") {
  Bench bench;
  bench.app->faults().install(fault("metric-absent:metric=lag,forMs=1000"), 0);
  bench.app->faults().install(fault("metric-text:metric=memory,text=NaN"), 0);
  bench.app->faults().install(fault("metric-timestamp:metric=descriptors"), 0);
  CHECK(cloud(bench).count(lag) == 0);
  CHECK(cloud(bench).at("process_resident_memory_bytes") == "NaN");
  CHECK(cloud(bench).at("process_open_fds") == "12 1700000000001");
  bench.now = 2 * micros_per_second;
  CHECK(cloud(bench).count(lag) == 1);
}

TEST_CASE("OpenMetrics for those who ask") {
  Bench bench;
  bench.accept = "application/openmetrics-text;version=1.0.0,text/plain;q=0.5";
  bench.service = 1;
  const Answer answer = bench.send("GET", "/metrics", "", "gateway-admin");
  CHECK(answer.reply.content_type.starts_with("application/openmetrics-text"));
  CHECK(answer.reply.body.ends_with("# EOF\n"));
  CHECK(answer.reply.body.find("# TYPE open_cowork_gateway_delivery_dead_letters counter\n") != std::string::npos);
  CHECK(answer.reply.body.find("\n" + dead + " 0\n") != std::string::npos);
}

}  // namespace launchgate::standin
