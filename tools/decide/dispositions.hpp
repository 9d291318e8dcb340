#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "decide/inputs.hpp"
#include "decide/verdict.hpp"

namespace launchgate::decide {

struct Settled {
  Outcome outcome;
  std::string reason;
};

// How the findings file and the waivers settle what failed.
class Dispositions {
 public:
  Dispositions(const evidence::Policy& policy, const GoPolicy& go, const Inputs& inputs)
      : policy_(policy), go_(go), inputs_(inputs) {}

  Settled settle(const FailedCheck& check) const;
  // Whether a name is one of a tier that the decision is about.
  bool is_own_tier(std::string_view tier) const;

 private:
  // The entries of the findings file about a failed check.
  std::vector<document::JsonValue> entries_about(const FailedCheck& check) const;

  const evidence::Policy& policy_;
  const GoPolicy& go_;
  const Inputs& inputs_;
};

}  // namespace launchgate::decide
