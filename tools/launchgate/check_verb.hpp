#pragma once

#include "lib/validator/validator_tool.hpp"

namespace launchgate::suite_tool {

// Everything that the tools check, of every configured document.
suite::Validator whole_suite();

class CheckVerb : public validator::ValidatorTool {
 public:
  std::string name() const override { return "launchgate check"; }
  std::string summary() const override { return "Runs every validator that the configuration names, in one process."; }

 protected:
  suite::Validator validator() const override { return whole_suite(); }
};

}  // namespace launchgate::suite_tool
