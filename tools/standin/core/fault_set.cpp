#include "standin/core/fault_set.hpp"

#include <algorithm>

#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/io/glob.hpp"
#include "lib/io/path.hpp"

namespace launchgate::standin {

namespace {

base::Result<void> some_match(std::string_view key, const std::string& glob, const std::vector<std::string>& names) {
  if (std::any_of(names.begin(), names.end(), [&](const std::string& name) { return io::glob_match(glob, name); }))
    return {};
  std::string help = base::did_you_mean(glob, names);
  if (help.empty()) help = "known: " + base::quoted_list(names, "and", names.size());
  return base::Error{base::ErrorCategory::usage,
                     {},
                     {},
                     "\"" + std::string(key) + "\" is \"" + base::printable(glob) + "\", which matches nothing here",
                     help};
}

}  // namespace

base::Result<void> check_fault(const Product& product, const Fault& fault) {
  std::vector<std::string> names;
  for (const Service& service : product.services) names.push_back(service.name);
  if (auto matched = some_match("service", fault.service, names); !matched) return matched;
  const auto concerned = [&](std::size_t service) {
    return io::glob_match(fault.service, product.services[service].name);
  };
  names.clear();
  if (const auto* metric = std::get_if<MetricFault>(&fault.effect)) {
    for (const Metric& one : product.metrics) {
      if (!concerned(one.service)) continue;
      names.push_back(one.name);
      if (!one.signal.empty()) names.push_back(one.signal);
    }
    return some_match("metric", metric->metric, names);
  }
  for (const Route& route : product.routes) {
    if (concerned(route.service)) names.push_back(route.name);
  }
  return some_match("route", fault.route, names);
}

std::int64_t InstalledFault::period(Micros now) const {
  const Micros since = now - installed - fault.after;
  if (since < 0) return -1;
  return fault.every ? since / *fault.every : 0;
}

bool InstalledFault::active(Micros now) const {
  if (fault.count && applied >= *fault.count) return false;
  Micros since = now - installed - fault.after;
  if (since < 0) return false;
  if (fault.every) since %= *fault.every;
  return !fault.duration || since < *fault.duration;
}

std::optional<Micros> InstalledFault::ends(Micros now) const {
  if (!fault.duration) return std::nullopt;
  const Micros start = installed + fault.after + (fault.every ? period(now) * *fault.every : 0);
  return start + *fault.duration;
}

FaultSet::FaultSet(const Product& product, std::uint64_t seed) : product_(product), random_(seed) { index(); }

std::uint64_t FaultSet::install(Fault fault, Micros now) {
  InstalledFault made;
  made.id = next_id_++;
  made.fault = std::move(fault);
  made.installed = now;
  if (const auto* latency = std::get_if<LatencyFault>(&made.fault.effect)) made.free_at.assign(latency->servers, 0);
  faults_.push_back(std::move(made));
  index();
  return faults_.back().id;
}

bool FaultSet::remove(std::uint64_t id) {
  const auto removed = std::erase_if(faults_, [&](const InstalledFault& one) { return one.id == id; });
  index();
  return removed > 0;
}

void FaultSet::clear() {
  faults_.clear();
  index();
}

void FaultSet::index() {
  routes_.assign(product_.routes.size(), {});
  streams_.assign(product_.routes.size(), {});
  for (InstalledFault& one : faults_) {
    const FaultEffect& effect = one.fault.effect;
    const bool stream = std::holds_alternative<StreamFault>(effect);
    const bool request = std::holds_alternative<LatencyFault>(effect) || std::holds_alternative<ErrorFault>(effect) ||
                         std::holds_alternative<StallFault>(effect) || std::holds_alternative<WireFault>(effect) ||
                         std::holds_alternative<PlantFault>(effect);
    if (!stream && !request) continue;
    for (std::size_t i = 0; i < product_.routes.size(); ++i) {
      const Route& route = product_.routes[i];
      if (!io::glob_match(one.fault.route, route.name) ||
          !io::glob_match(one.fault.service, product_.services[route.service].name))
        continue;
      (stream ? streams_ : routes_)[i].push_back(&one);
    }
  }
}

Decision FaultSet::decide(std::size_t route, bool with_token, Micros now) {
  Decision decision;
  Micros added = 0;
  Micros held = 0;
  for (InstalledFault* one : routes_[route]) {
    if (!one->active(now) || !random_.chance(one->fault.rate)) continue;
    if (const auto* slow = std::get_if<LatencyFault>(&one->fault.effect)) {
      if (slow->only_with_token && !with_token) continue;
      Micros cost = draw(slow->distribution, random_);
      if (!one->free_at.empty()) {
        const auto server = std::min_element(one->free_at.begin(), one->free_at.end());
        *server = std::max(*server, now) + cost;
        cost = *server - now;
      }
      (slow->only_with_token ? added : decision.delay) = cost;
    } else if (const auto* error = std::get_if<ErrorFault>(&one->fault.effect)) {
      decision.error = error;
    } else if (const auto* wire = std::get_if<WireFault>(&one->fault.effect)) {
      decision.wire = *wire;
    } else if (const auto* plant = std::get_if<PlantFault>(&one->fault.effect)) {
      decision.plant = plant;
    } else if (std::holds_alternative<StallFault>(one->fault.effect)) {
      held = std::max(held, one->ends(now).value_or(now) - now);
    }
    ++one->applied;
  }
  // A stalled server works on nothing, so what follows starts at the stall's end.
  decision.delay += added + held;
  return decision;
}

const ListenFault* FaultSet::listening(std::size_t service, Micros now) const {
  const ListenFault* found = nullptr;
  for (const InstalledFault& one : faults_) {
    const auto* listen = std::get_if<ListenFault>(&one.fault.effect);
    if (listen != nullptr && one.active(now) && io::glob_match(one.fault.service, product_.services[service].name))
      found = listen;
  }
  return found;
}

void FaultSet::for_streams(std::size_t route, double lot, Micros now,
                           const std::function<void(const StreamFault&)>& visit) const {
  for (const InstalledFault* one : streams_[route]) {
    if (lot < one->fault.rate && one->active(now)) visit(std::get<StreamFault>(one->fault.effect));
  }
}

bool FaultSet::workers_paused(Micros now) const {
  return std::any_of(faults_.begin(), faults_.end(), [&](const InstalledFault& one) {
    return std::holds_alternative<PausedFault>(one.fault.effect) && one.active(now);
  });
}

const PlantFault* FaultSet::planted(std::size_t service, Micros now) const {
  const PlantFault* found = nullptr;
  for (const InstalledFault& one : faults_) {
    const auto* plant = std::get_if<PlantFault>(&one.fault.effect);
    if (plant != nullptr && one.active(now) && io::glob_match(one.fault.service, product_.services[service].name))
      found = plant;
  }
  return found;
}

}  // namespace launchgate::standin
