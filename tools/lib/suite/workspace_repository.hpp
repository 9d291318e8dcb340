#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "lib/rules/json_rule.hpp"
#include "lib/suite/workspace.hpp"

namespace launchgate::suite {

// Answers what rules ask about the repository. A path is looked at once: many items name the same few files. For any
// number of threads.
class WorkspaceRepository final : public rules::Repository {
 public:
  explicit WorkspaceRepository(const Workspace& workspace) : workspace_(workspace) {}

  rules::PathState state(std::string_view path) const override;
  std::vector<std::string> candidates(std::string_view path) const override {
    return workspace_.siblings(std::string(path));
  }

 private:
  const Workspace& workspace_;
  mutable std::mutex mutex_;  // of the map
  mutable std::map<std::string, rules::PathState> states_;
};

}  // namespace launchgate::suite
