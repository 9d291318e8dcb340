#pragma once

#include "lib/rules/examples.hpp"
#include "lib/rules/pack.hpp"

namespace launchgate::secrets {

// Tries the examples of a pack's `secret` rules on the engine, each rule alone. Keywords count, so that a rule whose
// keywords miss an example of its pattern lies. The pack must outlive the trial.
rules::TextTrial secret_trial(const rules::Pack& pack);

}  // namespace launchgate::secrets
