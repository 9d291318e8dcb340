#include "lib/io/walk.hpp"

#include "lib/io/path.hpp"

namespace launchgate::io {
namespace {

void enter(const FileSystem& disk, const WalkEntry& folder, const WalkSettings& settings) {
  const int depth = folder.depth + 1;
  auto entries = disk.list(folder.path);
  if (entries && depth > settings.deepest) {
    entries = base::Error{base::ErrorCategory::input, folder.path, {}, "folders are nested too deeply", ""};
  }
  if (!entries) {
    if (settings.failed) settings.failed(folder, entries.error());
    return;
  }
  if (settings.entered) settings.entered(folder, *entries);
  for (DirectoryEntry& entry : *entries) {
    const WalkEntry found{join(folder.path, entry.name), join(folder.shown, entry.name), entry.name, entry.kind, depth};
    if (settings.visit(found) && found.kind == FileKind::directory) enter(disk, found, settings);
  }
}

}  // namespace

void walk(const FileSystem& disk, const std::string& folder, const std::string& shown, const WalkSettings& settings) {
  enter(disk, {folder, shown, "", FileKind::directory, -1}, settings);
}

}  // namespace launchgate::io
