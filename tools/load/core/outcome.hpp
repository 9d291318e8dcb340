#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "load/core/catalogue.hpp"
#include "load/core/measurements.hpp"
#include "load/core/plan.hpp"
#include "load/core/redact.hpp"
#include "load/core/transport.hpp"

namespace launchgate::load {

// An id taken from a response.
struct CapturedId {
  Index id = 0;
  std::string value;
};

struct Judgement {
  Outcome outcome = Outcome::success;
  std::string policy_code;
  std::string note;  // redacted; empty for a success
  std::vector<CapturedId> captured;
};

// What an exchange means for its operation. A body that must be JSON is parsed; ids are captured from successes.
Judgement judge(const Catalogue& catalogue, const OperationSpec& operation, const Accepts& accepts,
                const Exchange& exchange, const Redactor& redact);

}  // namespace launchgate::load
