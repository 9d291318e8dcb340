#pragma once

#include <string>
#include <vector>

#include "load/core/catalogue.hpp"
#include "load/core/plan.hpp"
#include "load/core/settings.hpp"
#include "load/core/transport.hpp"

namespace launchgate::load {

// What does not change from one request of an operation to the next, made once.
struct PreparedOperation {
  std::string headers;
  std::string path;  // when constant
  std::string body;
  bool constant = false;
  Accepts accepts;
};

// One for each operation of the catalogue, planned or not.
std::vector<PreparedOperation> prepare(const Catalogue& catalogue, const Settings& settings);

// The parts of a request that are constant; path and body of others are to be filled in.
HttpRequest request_of(const Catalogue& catalogue, Index operation, const PreparedOperation& prepared);

}  // namespace launchgate::load
