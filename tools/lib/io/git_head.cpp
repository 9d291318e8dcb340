#include "lib/io/git_head.hpp"

#include <string_view>

#include "lib/base/hex.hpp"
#include "lib/base/text.hpp"
#include "lib/io/path.hpp"

namespace launchgate::io {

namespace {

constexpr std::uint64_t small = 4096;
constexpr std::uint64_t packed_limit = 64UL * 1024 * 1024;

std::optional<std::string> read_reference(const FileSystem& disk, const std::string& folder, const std::string& name) {
  if (const auto loose = disk.read(join(folder, name), small)) {
    std::string commit = std::string(base::trim(*loose));
    if (base::is_git_object(commit)) return commit;
  }
  const auto packed = disk.read(join(folder, "packed-refs"), packed_limit);
  if (!packed) return std::nullopt;
  const std::string ending = " " + name + "\n";
  const std::size_t at = packed->find(ending);
  if (at == std::string::npos || at < 40) return std::nullopt;
  const std::size_t line = packed->rfind('\n', at) + 1;
  std::string commit = packed->substr(line, at - line);
  if (!base::is_git_object(commit)) return std::nullopt;
  return commit;
}

}  // namespace

std::optional<std::string> repository_top(const FileSystem& disk, const std::string& start) {
  for (std::string folder = start;; folder = parent(folder)) {
    if (disk.status(join(folder, ".git")).kind != FileKind::missing) return folder;
    if (folder == "/" || folder.empty()) return std::nullopt;
  }
}

bool is_bare_repository(const FileSystem& disk, const std::string& folder) {
  const auto kind = [&](const char* name) { return disk.status(join(folder, name)).kind; };
  return kind("HEAD") == FileKind::regular && kind("objects") == FileKind::directory &&
         kind("refs") == FileKind::directory && kind(".git") == FileKind::missing;
}

std::optional<std::string> git_folder(const FileSystem& disk, const std::string& top) {
  const std::string folder = join(top, ".git");
  if (disk.status(folder).kind != FileKind::regular) return folder;
  const auto link = disk.read(folder, small);
  if (!link || !link->starts_with("gitdir: ")) return std::nullopt;
  return join(top, base::trim(std::string_view(*link).substr(8)));
}

std::optional<std::string> git_head(const FileSystem& disk, const std::string& start) {
  const auto top = repository_top(disk, start);
  const auto own = top ? git_folder(disk, *top) : std::nullopt;
  if (!own) return std::nullopt;
  const std::string& folder = *own;
  const auto head = disk.read(join(folder, "HEAD"), small);
  if (!head) return std::nullopt;
  std::string text(base::trim(*head));
  if (base::is_git_object(text)) return text;
  if (!text.starts_with("ref: ")) return std::nullopt;
  const std::string name = text.substr(5);
  if (name.find("..") != std::string::npos) return std::nullopt;
  if (auto commit = read_reference(disk, folder, name)) return commit;
  const auto common = disk.read(join(folder, "commondir"), small);
  if (!common) return std::nullopt;
  return read_reference(disk, join(folder, base::trim(*common)), name);
}

}  // namespace launchgate::io
