#include "standin/core/limits.hpp"

#include "lib/io/glob.hpp"
#include "lib/io/path.hpp"

namespace launchgate::standin {

Limiter::Limiter(const Product& product)
    : limits_(product.limits), routes_(product.routes.size()), windows_(product.limits.size()) {
  for (std::size_t route = 0; route < product.routes.size(); ++route) {
    for (std::size_t i = 0; i < limits_.size(); ++i) {
      if (limits_[i].kind != Limit::Kind::failures && io::glob_match(limits_[i].routes, product.routes[route].name))
        routes_[route].push_back(i);
    }
  }
}

bool Limiter::set(const std::string& name, std::optional<std::uint64_t> max) {
  bool known = false;
  for (Limit& limit : limits_) {
    if (limit.name != name) continue;
    limit.max = max;
    known = true;
  }
  return known;
}

std::optional<Rejection> Limiter::count(const Limit& limit, Window& window, Micros now) {
  if (limit.kind != Limit::Kind::total && now - window.start >= limit.window)
    window = {now - (now - window.start) % limit.window, 0};
  if (window.count >= *limit.max) {
    if (limit.kind == Limit::Kind::total) return Rejection{&limit, std::nullopt};
    return Rejection{&limit, window.start + limit.window - now};
  }
  ++window.count;
  return std::nullopt;
}

std::optional<Rejection> Limiter::check(std::size_t route, const std::string& token, const Store& store,
                                        std::size_t open_streams, Micros now) {
  for (const std::size_t i : routes_[route]) {
    const Limit& limit = limits_[i];
    if (!limit.max) continue;
    switch (limit.kind) {
      case Limit::Kind::rate:
        if (auto rejected = count(limit, windows_[i][token], now)) return rejected;
        break;
      case Limit::Kind::total:
        if (auto rejected = count(limit, windows_[i][""], now)) return rejected;
        break;
      case Limit::Kind::stored:
        if (store.size(*limit.collection) >= *limit.max) return Rejection{&limit, std::nullopt};
        break;
      case Limit::Kind::streams:
        if (open_streams >= *limit.max) return Rejection{&limit, std::nullopt};
        break;
      case Limit::Kind::failures:
        break;
    }
  }
  return std::nullopt;
}

std::optional<Rejection> Limiter::failed_authentication(Micros now) {
  for (std::size_t i = 0; i < limits_.size(); ++i) {
    if (limits_[i].kind != Limit::Kind::failures || !limits_[i].max) continue;
    if (auto rejected = count(limits_[i], windows_[i][""], now)) return rejected;
  }
  return std::nullopt;
}

void Limiter::clear() {
  for (auto& by_token : windows_) by_token.clear();
}

}  // namespace launchgate::standin
