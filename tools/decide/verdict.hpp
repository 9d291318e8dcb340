#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "decide/go_policy.hpp"
#include "lib/base/rfc3339.hpp"
#include "lib/document/json_document.hpp"
#include "lib/evidence/policy.hpp"
#include "lib/markdown/markdown_document.hpp"

// The go/no-go decision as a pure function of its inputs. The most severe outcome wins, and what is missing is never
// assumed.
namespace launchgate::decide {

enum class Outcome : std::uint8_t { go, conditional, no_go };

struct NamedInput {
  std::string role;  // load, soak, quota, smoke, lower
  std::string path;  // as shown
  document::JsonValue root;
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
  std::set<std::string> waived;  // names of failed checks that are waived
  base::Milliseconds now = 0;
};

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

// A failed check of a report, or a smoke that did not pass.
struct FailedCheck {
  std::string name;
  std::string source;  // role of the input
  std::string path;
  std::string message;
};
std::vector<FailedCheck> failed_checks(const evidence::Policy& policy, const Inputs& inputs);
std::vector<FailedCheck> failed_checks_of(const NamedInput& report);

Verdict decide(const evidence::Policy& policy, const GoPolicy& go, const Inputs& inputs);

}  // namespace launchgate::decide
