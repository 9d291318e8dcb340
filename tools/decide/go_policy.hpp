#pragma once

#include <map>
#include <string>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"
#include "lib/evidence/policy.hpp"

// The go/no-go list of the tier ladder (its member "decision"), read into shapes.
namespace launchgate::decide {

struct Requirement {
  std::string id;
  std::string title;
  std::string source;  // load, soak, quota, smoke, report
  bool strict = false;
  std::vector<std::pair<std::string, evidence::Matcher>> checks;  // whole names
  std::string command;
  std::string section;
};

struct Skip {
  std::string at;
  std::string title;
};

struct GoPolicy {
  std::string go;
  std::string conditional;
  std::string no_go;
  std::map<std::string, std::vector<std::string>> dispositions;  // what each requires
  std::vector<Requirement> requirements;
  std::vector<Skip> skips;
  std::vector<std::string> laddered;  // profiles that need a go for all below
  std::string quota_expected;
};

base::Result<GoPolicy> load_go_policy(const document::JsonDocument& tiers);

}  // namespace launchgate::decide
