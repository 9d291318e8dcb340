#pragma once

#include <functional>
#include <string>
#include <vector>

#include "lib/io/file_system.hpp"

namespace launchgate::io {

struct WalkEntry {
  std::string path;  // for the file system
  std::string shown;
  std::string name;
  FileKind kind = FileKind::missing;  // links are not followed
  int depth = 0;                      // of its folder below the start
};

struct WalkSettings {
  int deepest = 64;  // folders below are left out
  // Called for every entry in byte order; of a folder it says whether to go into it.
  std::function<bool(const WalkEntry&)> visit;
  // Called for every folder with what it holds, before that is visited; may be empty.
  std::function<void(const WalkEntry& folder, const std::vector<DirectoryEntry>& entries)> entered;
  // What cannot be listed is left out, and told here; may be empty.
  std::function<void(const WalkEntry& folder, base::Error error)> failed;
};

// All below a folder, that is shown as `shown` ("": its entries by their names alone).
void walk(const FileSystem& disk, const std::string& folder, const std::string& shown, const WalkSettings& settings);

}  // namespace launchgate::io
