#include "lib/io/guard.hpp"

#include <algorithm>
#include <charconv>

#include "lib/io/path.hpp"
#include "lib/io/system.hpp"

namespace launchgate::io {
namespace {

// A file system may not tell the case of letters, so neither is this.
bool is_git_name(std::string_view name) {
  return name.size() == 4 && std::equal(name.begin(), name.end(), ".git",
                                        [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

bool is_git(std::string_view relative) {
  while (!relative.empty()) {
    const std::size_t slash = std::min(relative.find('/'), relative.size());
    if (is_git_name(relative.substr(0, slash))) return true;
    relative.remove_prefix(std::min(slash + 1, relative.size()));
  }
  return false;
}

}  // namespace

Opening look_up(const FileSystem& disk, const std::string& root, const std::string& path) {
  const std::string full = normalize(join(root, path));
  if (!is_inside(root, full)) return {Access::outside, ""};
  if (is_git(relative_to(root, full))) return {Access::git, ""};
  const auto canonical = disk.canonical(full);
  if (!canonical) return {};
  if (!is_inside(root, *canonical)) return {Access::outside, ""};
  if (is_git(relative_to(root, *canonical))) return {Access::git, ""};
  switch (disk.status(*canonical).kind) {
    case FileKind::regular:
      return {Access::file, *canonical};
    case FileKind::directory:
      return {Access::folder, *canonical};
    case FileKind::missing:
      return {};
    default:
      return {Access::special, ""};
  }
}

std::string describe(Access access) {
  switch (access) {
    case Access::file:
      return "is a file";
    case Access::folder:
      return "is a folder, not a file";
    case Access::missing:
      return "does not exist";
    case Access::outside:
      return "lies outside the root, directly or through a link";
    case Access::git:
      return "is git's own, not the repository's";
    case Access::special:
      return "is a pipe, a socket or a device, not a file";
  }
  return "";
}

bool is_trusted(const FileSystem& disk, const std::string& path, const std::string& start) {
  const std::uint32_t owner = disk.link_status(path).owner;
  if (owner == user_id() || owner == disk.status(start).owner) return true;
  // As git does: with sudo, one's own files stay one's own.
  const auto sudo = user_id() == 0 ? environment_variable("SUDO_UID") : std::nullopt;
  std::uint32_t before = 0;
  return sudo && std::from_chars(sudo->data(), sudo->data() + sudo->size(), before).ec == std::errc() &&
         owner == before;
}

}  // namespace launchgate::io
