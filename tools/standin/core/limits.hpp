#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "lib/base/result.hpp"
#include "standin/core/product.hpp"
#include "standin/core/store.hpp"

namespace launchgate::standin {

struct Rejection {
  const Limit* limit = nullptr;
  std::optional<Micros> retry_after;
};

// Counts what the limits of a product speak of. A limit without a maximum is not enforced.
class Limiter {
 public:
  explicit Limiter(const Product& product);

  // False for an unknown name.
  bool set(const std::string& name, std::optional<std::uint64_t> max);
  const std::vector<Limit>& limits() const { return limits_; }

  // For a request with a valid token (or to a route that asks for none). Counts it unless it is rejected.
  std::optional<Rejection> check(std::size_t route, const std::string& token, const Store& store,
                                 std::size_t open_streams, Micros now);
  // For a request whose token is refused.
  std::optional<Rejection> failed_authentication(Micros now);
  void clear();

 private:
  struct Window {
    Micros start = 0;
    std::uint64_t count = 0;
  };
  std::optional<Rejection> count(const Limit& limit, Window& window, Micros now);

  std::vector<Limit> limits_;
  std::vector<std::vector<std::size_t>> routes_;                  // by route: limits that apply
  std::vector<std::unordered_map<std::string, Window>> windows_;  // by limit, by token
};

}  // namespace launchgate::standin
