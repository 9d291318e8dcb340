#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "leaks/target.hpp"
#include "leaks/target_scanner.hpp"
#include "lib/base/result.hpp"

// Scans many targets with a few threads; the outcome does not depend on their number.
namespace launchgate::leaks {

struct RunOutcome {
  std::vector<Scanned> scanned;    // by path, then in the order of the targets
  std::vector<std::string> paths;  // of all that was scanned, sorted
  std::size_t documents = 0;
  std::uint64_t bytes = 0;
};

// Takes targets one by one, and what could not be made a target of.
struct Supply {
  std::function<void(Target)> target;
  std::function<void(Scanned)> report;
  std::function<void()> nothing_new;  // a removal, a change of mode: looked at, though there is nothing to read

  void skip(const std::string& shown, std::string reason);
};

// `produce` hands out the targets while others scan. The error is one of a rule's pattern, or of git.
base::Result<RunOutcome> scan_targets(const RunSettings& settings,
                                      const std::function<base::Result<void>(Supply&)>& produce);

}  // namespace launchgate::leaks
