#include <algorithm>

#include "lib/io/file_system.hpp"
#include "lib/io/path.hpp"
#include "lib/io/system.hpp"

namespace launchgate::io {
namespace {

constexpr int most_links = 40;

base::Error missing(const std::string& path) {
  return {base::ErrorCategory::input, path, {}, "cannot open: No such file or directory", ""};
}

}  // namespace

std::string MemoryFileSystem::absolute(const std::string& path) { return normalize(join("/", path)); }

void MemoryFileSystem::add(const std::string& path, std::string text) { files_[absolute(path)] = std::move(text); }

void MemoryFileSystem::add_link(const std::string& path, std::string target) {
  links_[absolute(path)] = std::move(target);
}

std::uint32_t MemoryFileSystem::owner(const std::string& at) const {
  const auto given = owners_.find(at);
  return given != owners_.end() ? given->second : user_id();
}

// Follows every link on the way, folders included; a loop resolves to a path that does not exist.
std::string MemoryFileSystem::resolve(const std::string& path) const {
  std::string at = absolute(path);
  for (int followed = 0; followed < most_links; ++followed) {
    bool changed = false;
    for (const auto& [link, target] : links_) {
      if (!is_inside(link, at)) continue;
      at = normalize(join(join(parent(link), target), at.size() > link.size() ? at.substr(link.size() + 1) : ""));
      changed = true;
      break;
    }
    if (!changed) return at;
  }
  return "/\x01loop";
}

base::Result<std::string> MemoryFileSystem::read(const std::string& path, std::uint64_t limit) const {
  const std::string at = resolve(path);
  {
    const std::lock_guard lock(*mutex_);
    reads_.push_back(at);
  }
  if (unreadable_.contains(at))
    return base::Error{base::ErrorCategory::input, path, {}, "cannot open: Permission denied", ""};
  const auto file = files_.find(at);
  if (file == files_.end()) {
    if (status(path).kind == FileKind::directory)
      return base::Error{base::ErrorCategory::input, path, {}, "is a folder, not a file", ""};
    return missing(path);
  }
  if (file->second.size() > limit) {
    return base::Error{
        base::ErrorCategory::input,
        path,
        {},
        "has " + std::to_string(file->second.size()) + " bytes; at most " + std::to_string(limit) + " are read",
        ""};
  }
  return file->second;
}

FileStatus MemoryFileSystem::status(const std::string& path) const {
  const std::string at = resolve(path);
  const auto file = files_.find(at);
  if (file != files_.end()) return {FileKind::regular, file->second.size(), false, owner(at)};
  const bool folder = at == "/" || std::any_of(files_.begin(), files_.end(),
                                               [&](const auto& entry) { return is_inside(at, entry.first); });
  return {folder ? FileKind::directory : FileKind::missing, 0, false, owner(at)};
}

FileStatus MemoryFileSystem::link_status(const std::string& path) const {
  if (links_.contains(absolute(path))) return {FileKind::symlink, 0, false, owner(absolute(path))};
  return status(path);
}

base::Result<std::vector<DirectoryEntry>> MemoryFileSystem::list(const std::string& path) const {
  const std::string at = resolve(path);
  if (status(path).kind != FileKind::directory) return missing(path);
  std::map<std::string, FileKind> names;
  const auto add_name = [&](const std::string& full, FileKind leaf) {
    if (!is_inside(at, full) || full.size() == at.size()) return;
    const std::string below = relative_to(at, full);
    const std::size_t slash = below.find('/');
    names[below.substr(0, slash)] = slash == std::string::npos ? leaf : FileKind::directory;
  };
  for (const auto& entry : files_) add_name(entry.first, FileKind::regular);
  for (const auto& entry : links_) add_name(entry.first, FileKind::symlink);
  std::vector<DirectoryEntry> entries;
  for (const auto& [name, kind] : names) entries.push_back({name, kind});
  return entries;
}

base::Result<std::string> MemoryFileSystem::canonical(const std::string& path) const {
  if (status(path).kind == FileKind::missing) return missing(path);
  return resolve(path);
}

base::Result<void> MemoryFileSystem::check_writable(const std::string& path) const {
  if (status(path).kind == FileKind::directory)
    return base::Error{base::ErrorCategory::output, path, {}, "is a folder, not a file", ""};
  return {};
}

base::Result<void> MemoryFileSystem::write(const std::string& path, std::string_view text, bool exclusive) {
  const std::string at = resolve(path);
  if (exclusive && (files_.contains(at) || links_.contains(absolute(path)))) {
    return base::Error{
        base::ErrorCategory::output, path, {}, "exists already", "it is never overwritten; move it away first"};
  }
  files_[at] = std::string(text);
  return {};
}

base::Result<void> MemoryFileSystem::remove(const std::string& path) {
  if (links_.erase(absolute(path)) == 0) files_.erase(absolute(path));
  return {};
}

base::Result<void> MemoryFileSystem::make_executable(const std::string& path) {
  if (files_.contains(resolve(path))) return {};
  return base::Error{base::ErrorCategory::output, path, {}, "cannot make it executable: it does not exist", ""};
}

}  // namespace launchgate::io
