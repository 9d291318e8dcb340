#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lib/base/rfc3339.hpp"
#include "lib/document/json_document.hpp"
#include "lib/evidence/policy.hpp"
#include "lib/judgement/judgement.hpp"
#include "lib/markdown/markdown_document.hpp"

// What a decision rests on, and what failed in it.
namespace launchgate::decide {

struct NamedInput {
  std::string role;  // load, soak, quota, smoke, lower
  std::string path;  // as shown
  document::JsonValue root;
};

// Whether the results of runs are signed.
struct Signatures {
  bool keys_given = false;
  std::vector<std::string> good;      // names of inputs
  std::vector<std::string> none;      // that no envelope lies beside, or no key is given for
  std::vector<std::string> problems;  // what is wrong with envelopes and keys
};

struct Inputs {
  std::string profile;
  const evidence::Rung* rung = nullptr;  // the lowest tier of the profile
  std::optional<NamedInput> load;
  std::optional<NamedInput> soak;
  std::optional<NamedInput> quota;
  std::vector<NamedInput> smokes;
  std::vector<NamedInput> lower;
  std::optional<markdown::MarkdownDocument> report;
  std::optional<NamedInput> findings;
  std::optional<document::JsonValue> targets;
  std::optional<judgement::Committed> committed;  // what runs are judged by
  Signatures signatures;
  std::set<std::string> waived;  // names of failed checks that are waived
  base::Milliseconds now = 0;
};

bool smoke_names(const evidence::Policy& policy, const document::JsonValue& root, const std::string& command);
// Why a smoke result is no pass.
std::vector<std::string> smoke_problems(const evidence::Policy& policy, const NamedInput& smoke,
                                        base::Milliseconds now);

// A failed check of a report, or a smoke that did not pass.
struct FailedCheck {
  std::string name;
  std::string source;  // role of the input
  std::string path;
  std::string message;
};
std::vector<FailedCheck> failed_checks(const evidence::Policy& policy, const Inputs& inputs);
std::vector<FailedCheck> failed_checks_of(const NamedInput& report);

}  // namespace launchgate::decide
