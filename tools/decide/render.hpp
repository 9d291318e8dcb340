#pragma once

#include <string>
#include <vector>

#include "decide/verdict.hpp"
#include "lib/base/rfc3339.hpp"
#include "lib/suite/waivers.hpp"

namespace launchgate::decide {

struct InputDigest {
  std::string role;
  std::string path;
  std::string sha256;
};

struct Record {
  std::string profile;
  base::Milliseconds now = 0;
  std::string version;
  std::vector<InputDigest> inputs;
  std::vector<suite::AppliedWaiver> waivers;
};

std::string_view name(const GoPolicy& go, Outcome outcome);
// schemas/go-no-go.schema.json
std::string verdict_json(const GoPolicy& go, const Verdict& verdict, const Record& record);
std::string verdict_page(const GoPolicy& go, const Verdict& verdict, const Record& record);
std::string verdict_markdown(const GoPolicy& go, const Verdict& verdict, const Record& record);
// schemas/findings.schema.json, with a disposition still to be chosen for each failed check.
std::string findings_template(const std::vector<FailedCheck>& failed, const std::string& tier,
                              const std::string& commit);

}  // namespace launchgate::decide
