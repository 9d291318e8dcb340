#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "lib/base/result.hpp"
#include "lib/evidence/policy.hpp"
#include "lib/evidence/record_checks.hpp"
#include "lib/suite/workspace.hpp"

namespace launchgate::privacy {

// What keeps private values out of records, logs and decisions: the leak packs of the configuration, the policy's own
// private values, and the values of variables of this process whose names say that they are private.
class Guard {
 public:
  // An error is one of a pack, a `configuration` error. `policy` must outlive the guard.
  static base::Result<Guard> load(suite::Workspace& workspace, const evidence::Policy& policy);

  // What the leak packs find; check_private() adds the policy's own.
  evidence::PrivateScan scan() const;
  // The same with the packs for public-safe texts.
  evidence::PrivateScan public_scan() const;
  // The text with every private value replaced by a fixed word or by asterisks.
  std::string redact(std::string_view text) const;

 private:
  struct State;
  explicit Guard(std::shared_ptr<State> state) : state_(std::move(state)) {}
  std::shared_ptr<State> state_;
};

}  // namespace launchgate::privacy
