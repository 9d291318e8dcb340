#include "lib/io/file_system.hpp"

namespace launchgate::io {

std::string describe(FileKind kind) {
  switch (kind) {
    case FileKind::missing:
      return "does not exist";
    case FileKind::regular:
      return "is a file";
    case FileKind::directory:
      return "is a folder, not a file";
    case FileKind::symlink:
      return "is a link, not a file";
    case FileKind::pipe:
      return "is a named pipe, not a file";
    case FileKind::socket:
      return "is a socket, not a file";
    case FileKind::device:
      return "is a device, not a file";
  }
  return "";
}

base::Result<void> FileSystem::read_parts(const std::string& path, std::uint64_t limit,
                                          const std::function<void(std::string_view)>& part) const {
  const auto text = read(path, limit);
  if (!text) return text.error();
  part(*text);
  return {};
}

}  // namespace launchgate::io
