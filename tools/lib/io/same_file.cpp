#include "lib/io/same_file.hpp"

#include <sys/stat.h>

#include <optional>
#include <utility>

#include "lib/io/path.hpp"

namespace launchgate::io {
namespace {

std::optional<std::pair<dev_t, ino_t>> inode(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return std::pair(status.st_dev, status.st_ino);
}

}  // namespace

std::string destination(const FileSystem& disk, const std::string& path) {
  if (const auto canonical = disk.canonical(path)) return *canonical;
  const std::string absolute = normalize(join(disk.current_directory(), path));
  const auto folder = disk.canonical(parent(absolute));
  return folder ? join(*folder, file_name(absolute)) : absolute;
}

bool same_file(const FileSystem& disk, const std::string& a, const std::string& b) {
  if (destination(disk, a) == destination(disk, b)) return true;
  const auto first = inode(a);
  return first && first == inode(b);
}

}  // namespace launchgate::io
