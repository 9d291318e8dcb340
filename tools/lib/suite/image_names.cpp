#include "lib/suite/image_names.hpp"

#include "lib/io/file_system.hpp"
#include "lib/io/path.hpp"
#include "lib/suite/resources.hpp"
#include "lib/suite/workspace.hpp"

namespace launchgate::suite {
namespace {

std::vector<std::string> images_of(const document::JsonDocument& tiers) {
  std::vector<std::string> names;
  if (const auto images = tiers.root().find("images")) {
    for (const document::JsonValue image : images->elements()) names.emplace_back(image.string());
  }
  return names;
}

bool has_configuration(const io::FileSystem& disk) {
  for (std::string folder = disk.current_directory();; folder = io::parent(folder)) {
    if (disk.status(io::join(folder, "launchgate.json")).kind != io::FileKind::missing) return true;
    if (folder == "/" || folder.empty()) return false;
  }
}

}  // namespace

std::vector<std::string> image_names() {
  io::DiskFileSystem disk;
  if (has_configuration(disk)) {
    std::vector<finding::Finding> problems;
    if (const auto workspace = Workspace::open(disk, {}, problems)) return images_of((*workspace)->tiers());
  }
  Resources resources(disk, "/", std::nullopt, std::nullopt);
  const auto tiers = resources.rules("tiers");
  return tiers ? images_of(**tiers) : std::vector<std::string>();
}

}  // namespace launchgate::suite
