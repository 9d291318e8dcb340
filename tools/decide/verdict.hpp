#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "decide/go_policy.hpp"
#include "decide/inputs.hpp"
#include "lib/evidence/policy.hpp"

// The go/no-go decision as a pure function of its inputs. The most severe outcome wins, and what is missing is never
// assumed.
namespace launchgate::decide {

enum class Outcome : std::uint8_t { go, conditional, no_go };

struct Line {
  std::string id;
  std::string title;
  Outcome outcome = Outcome::go;
  std::vector<std::string> reasons;
};

struct Verdict {
  Outcome outcome = Outcome::go;
  std::vector<Line> lines;
  std::string commit;                          // empty: none agreed on
  std::map<std::string, std::string> digests;  // by image
};

Verdict decide(const evidence::Policy& policy, const GoPolicy& go, const Inputs& inputs);

}  // namespace launchgate::decide
