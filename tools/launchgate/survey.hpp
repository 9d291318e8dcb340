#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/suite/commands.hpp"
#include "lib/suite/workspace.hpp"

namespace launchgate::suite_tool {

struct FoundDocument {
  suite::DocumentBinding binding;  // with the path at which it lies
  std::string remark;              // for people
  bool own_words = false;          // it is no document of the built-in layout, whose packs do not concern it
};

// What a repository has, for `launchgate init`.
struct Survey {
  std::vector<std::string> files;  // relative to the root
  std::vector<FoundDocument> documents;
  std::vector<std::string> commands;  // as people type them
  std::vector<std::string> workflows;
  std::optional<std::string> openapi;
};

Survey survey(suite::Workspace& workspace);

// The words of "restoreDrill" and "restore-drill" alike, in lower case.
std::vector<std::string> words_of(std::string_view name);

// The command that an evidence item is most likely produced with; empty: none fits.
std::string command_for(const std::string& item, const std::vector<std::string>& commands);

}  // namespace launchgate::suite_tool
