#include <catch2/catch.hpp>

#include "lib/io/walk.hpp"

using namespace launchgate;
using namespace launchgate::io;

namespace {

MemoryFileSystem some_files() {
  MemoryFileSystem disk;
  disk.add("/r/b/two.txt", "2");
  disk.add("/r/b/deep/three.txt", "3");
  disk.add("/r/a.txt", "1");
  disk.add("/r/left/out.txt", "4");
  disk.add_link("/r/z", "/etc");
  return disk;
}

}  // namespace

TEST_CASE("a walk comes to all below a folder, in byte order") {
  const MemoryFileSystem disk = some_files();
  std::vector<std::string> seen;
  WalkSettings settings;
  settings.visit = [&](const WalkEntry& entry) {
    seen.push_back(entry.shown + (entry.kind == FileKind::directory ? "/"
                                  : entry.kind == FileKind::symlink ? "@"
                                                                    : ""));
    CHECK(entry.path == "/r/" + entry.shown);
    return entry.name != "left";
  };
  walk(disk, "/r", "", settings);
  CHECK(seen == std::vector<std::string>{"a.txt", "b/", "b/deep/", "b/deep/three.txt", "b/two.txt", "left/", "z@"});
}

TEST_CASE("a walk says which folders it has entered, and what it could not list") {
  const MemoryFileSystem disk = some_files();
  std::vector<std::string> entered;
  std::vector<std::string> failed;
  WalkSettings settings;
  settings.deepest = 1;
  settings.visit = [&](const WalkEntry&) { return true; };
  settings.entered = [&](const WalkEntry& folder, const std::vector<DirectoryEntry>& entries) {
    entered.push_back(folder.shown + ":" + std::to_string(entries.size()) + ":" + std::to_string(folder.depth));
  };
  settings.failed = [&](const WalkEntry& folder, const base::Error& error) {
    failed.push_back(folder.shown + ": " + error.message);
  };
  walk(disk, "/r", "shown", settings);
  walk(disk, "/none", "none", settings);
  CHECK(entered == std::vector<std::string>{"shown:4:-1", "shown/b:2:0", "shown/left:1:0"});
  CHECK(failed == std::vector<std::string>{"shown/b/deep: folders are nested too deeply",
                                           "none: cannot open: No such file or directory"});
}
