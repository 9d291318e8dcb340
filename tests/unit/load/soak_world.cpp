#include "unit/load/soak_world.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numbers>
#include <random>
#include <sstream>
#include <stdexcept>

#include "unit/load/simulation.hpp"

namespace simulation {

namespace {

constexpr int minutes = 720;

std::string read(const std::string& path) {
  std::ifstream in(std::string(LAUNCHGATE_SOURCE_DIR) + "/" + path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// The built-in catalogue and the profile that soaks for twelve hours.
struct Stage {
  Catalogue catalogue;
  Profile profile;
  Settings settings;
  Plan plan;

  Stage() {
    auto parsed = Catalogue::parse("c.json", read("rules/load/open-cowork.json"));
    if (!parsed) throw std::runtime_error(to_string(parsed.error()));
    catalogue = *std::move(parsed);
    auto found = Profile::find("p.json", read("fixtures/sample-product/deploy/load/launch-readiness-targets.json"),
                               "enterprise-scale");
    if (!found) throw std::runtime_error(to_string(found.error()));
    profile = *std::move(found);
    settings.mode = Mode::soak;
    settings.duration_ms = profile.soak_duration_ms;
    settings.include_mutations = settings.include_sse = settings.include_operator = true;
    settings.concurrency = profile.concurrency;
    settings.request_rate = profile.request_rate;
    settings.targets.resize(catalogue.targets.size());
    for (TargetSettings& target : settings.targets) target.token = "t";
    settings.variables.assign(catalogue.variables.size(), "x");
    settings.limits.resize(catalogue.limits.size());
    plan = make_plan(catalogue, profile, settings);
  }
  Index operation(const std::string& name) const { return catalogue.operation(name).value(); }
};

const Stage& stage() {
  static const Stage one;
  return one;
}

struct GaugeModel {
  const char* key;
  const char* target;
  double level;
  const char* trouble;  // that makes it grow
  bool waves;
  bool cleared;  // by a restart
};

constexpr GaugeModel gauges[] = {
    {"command-backlog", "cloud", 40, "command-backlog-growth", true, false},
    {"command-oldest-age", "cloud", 3000, "command-backlog-growth", true, false},
    {"projection-lag", "cloud", 20, "projection-lag-growth", true, false},
    {"sse-connections", "cloud", 1000, "", false, false},
    {"gateway-session-streams", "gateway", 100, "", false, false},
    {"memory", "cloud", 8e8, "", false, true},
    {"memory", "gateway", 3e8, "", false, true},
    {"open-files", "cloud", 1400, "connection-leak", false, true},
    {"open-files", "gateway", 300, "", false, true},
    {"worker-memory", "cloud", 6e8, "", false, true},
    {"worker-heartbeat-age", "cloud", 9000, "", false, false},
    {"claim-delay", "cloud", 4000, "scheduler-claim-drift", true, false},
};

class Simulator {
 public:
  explicit Simulator(const SoakWorld& world)
      : world_(world), random_(world.seed), timeline_(stage().catalogue, stage().plan, stage().settings) {
    std::uniform_real_distribution<double> hour(1, 11);
    restart_ = world.restart ? static_cast<int>(hour(random_) * 60) : -1;
    deployment_ = world.deployment ? static_cast<int>(hour(random_) * 60) : -1;
    for (double& one : phases_) one = hour(random_) * 2;
    for (double& one : deployed_) one = std::uniform_real_distribution<double>(0.8, 1.25)(random_);
  }

  SoakAnalysis run() {
    for (int minute = 0; minute < minutes; ++minute) step(minute);
    const std::vector<Bucket> buckets = timeline_.buckets();
    return analyse_soak({stage().catalogue, stage().profile, stage().plan, timeline_.tracks(), buckets,
                         static_cast<double>(timeline_.bucket_seconds())});
  }

 private:
  bool has(const char* trouble) const { return !world_.trouble.empty() && world_.trouble == trouble; }
  double normal() { return std::normal_distribution<double>()(random_); }
  double poisson(double mean) {
    return mean <= 0 ? 0 : static_cast<double>(std::poisson_distribution<int>(mean)(random_));
  }
  double wave(int minute, std::size_t phase, double height = 0.2) const {
    return 1 + height * std::sin(2 * std::numbers::pi * (minute / 60.0 + phases_[phase]) / 24);
  }
  // From 0 to the strength over the soak, or since a restart cleared it.
  double growth(int minute, bool cleared) const {
    const int since = cleared && restart_ >= 0 && minute >= restart_ ? restart_ : 0;
    return world_.strength * (minute - since) / minutes;
  }

  double gauge(std::size_t i, int minute) {
    const GaugeModel& model = gauges[i];
    drift_[i] = 0.9 * drift_[i] + 0.01 * normal();
    double level = model.level * std::exp(0.05 * normal() + drift_[i]);
    if (model.waves) level *= wave(minute, i % 4);
    // What a process fills at first.
    if (model.cleared) {
      const int since = minute - (restart_ >= 0 && minute >= restart_ ? restart_ : 0);
      level *= 0.8 + 0.2 * (1 - std::exp(-since / 15.0));
      if (deployment_ >= 0 && minute >= deployment_) level *= deployed_[i];
    }
    if (has(model.trouble)) level += model.level * growth(minute, model.cleared);
    // After a restart, work waits for a moment.
    if (model.waves && restart_ >= 0 && minute >= restart_ && minute < restart_ + 4) level *= 3;
    return level;
  }

  void counters(int minute, ScrapeValues& cloud, ScrapeValues& gateway) {
    if (minute == restart_ || minute == deployment_) {
      for (double& one : counts_) one = 0;
    }
    const bool upset = (restart_ >= 0 && std::abs(minute - restart_) <= 1) ||
                       (deployment_ >= 0 && std::abs(minute - deployment_) <= 1);
    const double rate = 6.0 * (1 + (has("retry-loop") ? growth(minute, false) : 0));
    counts_[0] += poisson(upset ? 3 * rate : rate);
    counts_[1] += poisson(has("dead-letter-growth") ? world_.strength * 3 / 60 : 0) + (upset ? 1 : 0);
    counts_[2] += poisson(has("worker-lease") ? world_.strength * 3 / 60 : 0) + (upset ? poisson(2) : 0);
    counts_[3] += poisson(0.5) + (refusing(minute) ? 20 : 0);
    counts_[4] += 2 + poisson(1);
    put(gateway, "gateway-retries", counts_[0]);
    if (counts_[1] > 0) put(gateway, "gateway-dead-letters", counts_[1]);
    if (counts_[2] > 0) put(cloud, "stale-owner-rejections", counts_[2]);
    put(cloud, "quota-rejections", counts_[3]);
    put(gateway, "gateway-reconnects", counts_[4]);
  }

  // A tenth of the minutes, in spells of ten.
  static bool refusing(int minute) { return minute / 10 % 10 == 3; }

  void put(ScrapeValues& values, const std::string& key, double value) {
    const auto& series = stage().catalogue.series;
    for (Index i = 0; i < series.size(); ++i) {
      if (series[i].key == key) values[i] = value;
    }
  }

  void answers(int minute, const char* operation, double median_ms, double factor) {
    Tally tally;
    for (int i = 0; i < 40; ++i) {
      Sample sample;
      sample.status = 200;
      sample.response = sample.service = static_cast<Nanoseconds>(median_ms * factor * std::exp(0.5 * normal()) * 1e6);
      tally.add(sample, true);
    }
    if (refusing(minute) && std::string_view(operation) == "cloud-prompt-enqueue") {
      Sample sample;
      sample.outcome = Outcome::rejected;
      sample.status = 429;
      tally.add(sample, true);
    }
    timeline_.add(stage().operation(operation), tally);
  }

  void step(int minute) {
    ScrapeValues cloud;
    ScrapeValues gateway;
    for (std::size_t i = 0; i < std::size(gauges); ++i)
      put(std::string_view(gauges[i].target) == "cloud" ? cloud : gateway, gauges[i].key, gauge(i, minute));
    counters(minute, cloud, gateway);
    timeline_.add(0, cloud);
    timeline_.add(1, gateway);
    const double interfering = has("quota-interference") && refusing(minute) ? 1 + world_.strength : 1;
    const double busy = wave(minute, 1, 0.15);
    answers(minute, "cloud-session-list", 40, busy);
    answers(minute, "cloud-prompt-enqueue", 80, busy);
    answers(minute, "gateway-health", 10, busy * interfering);
    answers(minute, "cloud-readiness", 10, busy * interfering);
    streams_.held_now = 1000;
    if (restart_ >= 0 && minute == restart_) streams_.reconnects += 1000;
    streams_.stale_now = restart_ >= 0 && minute == restart_ ? 20 : 0;
    if (has("stale-sse-cursor") && minute % 60 < 6 * world_.strength) streams_.stale_now = 3;
    timeline_.end_second((minute + 1) * 60 * second, streams_, {});
  }

  SoakWorld world_;
  std::mt19937_64 random_;
  SoakTimeline timeline_;
  StreamTotals streams_;
  int restart_ = -1;
  int deployment_ = -1;
  double phases_[4] = {};
  double deployed_[std::size(gauges)] = {};
  double drift_[std::size(gauges)] = {};
  double counts_[5] = {};
};

}  // namespace

SoakAnalysis simulate(const SoakWorld& world) { return Simulator(world).run(); }

}  // namespace simulation
