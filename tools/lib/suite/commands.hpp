#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/suite/workspace.hpp"

namespace launchgate::suite {

// The names that a file gives to commands: scripts of a package, targets of a Makefile, recipes, tasks.
struct CommandSource {
  std::string program;             // that runs them: "make"
  std::string file;                // relative to the root
  std::string what;                // of messages: "target"
  std::vector<std::string> names;  // in the file's order
  bool whole = true;               // whether these are all: not with includes or patterns
};

// What can be run in a repository, by the way people run it: `make x A=b`, `npm run x -- --flag`, `just x`, `task x`,
// `./scripts/x.sh`, `go test ./...`.
class Commands {
 public:
  static Commands read(const Workspace& workspace);

  struct Problem {
    std::string message;
    std::string help;
  };
  // None: the command can be run, or nothing is known of its program.
  std::optional<Problem> problem(std::string_view command) const;
  const std::vector<CommandSource>& sources() const { return sources_; }

 private:
  explicit Commands(const Workspace& workspace) : workspace_(&workspace) {}
  const Workspace* workspace_;
  std::vector<CommandSource> sources_;
};

// The names that texts of these formats define.
CommandSource make_targets(std::string file, std::string_view text);
CommandSource just_recipes(std::string file, std::string_view text);
CommandSource taskfile_tasks(std::string file, std::string_view text);

}  // namespace launchgate::suite
