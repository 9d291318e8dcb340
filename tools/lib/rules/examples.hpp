#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/rules/pack.hpp"

// Runs the examples that every rule carries: each under `match` must make it fire, each under `pass` must not.
namespace launchgate::rules {

// Whether a rule over text fires on an example. Matchers of text live in other modules; the caller brings them.
using TextTrial = std::function<base::Result<bool>(const Rule& rule, std::string_view text)>;

struct Trials {
  TextTrial markdown;  // require, forbid, order, structure, claim
  TextTrial secret;
};

struct ExampleReport {
  std::size_t examples = 0;  // run
  std::size_t skipped = 0;   // rules for which there was no trial
  std::vector<base::Error> errors;
};

// An example that lies is a configuration error at its position.
ExampleReport test_examples(const Pack& pack, const Trials& trials);

// Whether a rule over JSON fires on one of its examples.
base::Result<bool> fires_on(const Rule& rule, const document::JsonValue& example);

}  // namespace launchgate::rules
