#include "lib/suite/workspace_repository.hpp"

namespace launchgate::suite {
namespace {

rules::PathState look_at(const Workspace& workspace, const std::string& path) {
  switch (workspace.path_status(path)) {
    case io::Access::file:
      return rules::PathState::file;
    case io::Access::folder:
      return rules::PathState::folder;
    case io::Access::missing:
      return rules::PathState::missing;
    case io::Access::outside:
      return rules::PathState::outside;
    case io::Access::git:
    case io::Access::special:
      return rules::PathState::other;
  }
  return rules::PathState::missing;
}

}  // namespace

rules::PathState WorkspaceRepository::state(std::string_view path) const {
  std::string name(path);
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = states_.find(name); known != states_.end()) return known->second;
  }
  const rules::PathState state = look_at(workspace_, name);
  const std::lock_guard lock(mutex_);
  return states_.emplace(std::move(name), state).first->second;
}

}  // namespace launchgate::suite
