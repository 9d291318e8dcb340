#include "lib/io/index_file_system.hpp"

#include <algorithm>

#include "lib/io/path.hpp"

namespace launchgate::io {
namespace {

base::Error missing(const std::string& path) {
  return {base::ErrorCategory::input, path, {}, "is not in git's index", "stage it with `git add`"};
}

}  // namespace

base::Result<std::unique_ptr<IndexFileSystem>> IndexFileSystem::open(FileSystem& disk, const std::string& folder) {
  auto top = Git(folder).top_level();
  if (!top) return std::move(top).error();
  const Git git(*top);
  auto entries = git.index();
  if (!entries) return std::move(entries).error();
  auto differing = git.unstaged();
  if (!differing) return std::move(differing).error();
  std::unique_ptr<IndexFileSystem> index(new IndexFileSystem(disk, std::move(*top)));
  for (GitFile& file : *entries)
    index->entries_.emplace(std::move(file.path), Entry{std::move(file.object), file.link, false});
  for (const std::string& path : *differing) {
    if (const auto entry = index->entries_.find(path); entry != index->entries_.end()) entry->second.differs = true;
  }
  return index;
}

std::string IndexFileSystem::absolute(const std::string& path) const {
  return normalize(join(disk_.current_directory(), path));
}

std::optional<std::string> IndexFileSystem::tracked_name(const std::string& absolute) const {
  if (!is_inside(top_, absolute)) return std::nullopt;
  std::string name = relative_to(top_, absolute);
  if (name == top_ || name == ".") name.clear();
  if (name == ".git" || name.starts_with(".git/")) return std::nullopt;
  return name;
}

bool IndexFileSystem::is_folder(const std::string& name) const {
  if (name.empty()) return true;
  const auto below = entries_.lower_bound(name + "/");
  return below != entries_.end() && below->first.starts_with(name + "/");
}

base::Result<std::string> IndexFileSystem::canonical(const std::string& path) const {
  const std::string full = absolute(path);
  if (auto resolved = disk_.canonical(full)) {
    const auto name = tracked_name(*resolved);
    if (!name || entries_.contains(*name) || is_folder(*name)) return resolved;
    return missing(path);
  }
  // Removed on disk, but not from the index.
  const auto name = tracked_name(full);
  if (name && (entries_.contains(*name) || is_folder(*name))) return full;
  return missing(path);
}

FileStatus IndexFileSystem::link_status(const std::string& path) const {
  const std::string full = absolute(path);
  const auto name = tracked_name(full);
  if (!name) return disk_.link_status(path);
  const auto entry = entries_.find(*name);
  if (entry == entries_.end()) return {is_folder(*name) ? FileKind::directory : FileKind::missing, 0, false};
  if (entry->second.link) return {FileKind::symlink, 0, false};
  return entry->second.differs ? FileStatus{FileKind::regular, 0, false} : disk_.link_status(full);
}

FileStatus IndexFileSystem::status(const std::string& path) const {
  const auto resolved = canonical(path);
  if (!resolved) return {};
  if (!tracked_name(*resolved)) return disk_.status(*resolved);
  FileStatus status = link_status(*resolved);
  // A staged link that the disk does not have cannot be followed.
  if (status.kind == FileKind::symlink) status.kind = FileKind::other;
  return status;
}

base::Result<std::string> IndexFileSystem::read(const std::string& path, std::uint64_t limit) const {
  const auto resolved = canonical(path);
  if (!resolved) return base::Error(resolved.error());
  const auto name = tracked_name(*resolved);
  if (!name) return disk_.read(*resolved, limit);
  const auto entry = entries_.find(*name);
  if (entry == entries_.end()) return base::Error{base::ErrorCategory::input, path, {}, "is a folder, not a file", ""};
  if (!entry->second.differs) return disk_.read(*resolved, limit);
  if (entry->second.link)
    return base::Error{
        base::ErrorCategory::input, path, {}, "is a link whose staged target differs from the one on disk", ""};
  auto text = blob(entry->second.object, limit);
  if (text) return text;
  base::Error error = std::move(text).error();
  error.path = path;
  return error;
}

base::Result<std::string> IndexFileSystem::blob(const std::string& object, std::uint64_t limit) const {
  const std::lock_guard lock(mutex_);
  if (!blobs_) {
    auto opened = BlobStream::open(top_);
    if (!opened) return std::move(opened).error();
    blobs_.emplace(std::move(*opened));
  }
  const auto size = blobs_->request(object);
  if (!size) return base::Error(size.error());
  if (!*size) return base::Error{base::ErrorCategory::input, object, {}, "git has no such content", "try `git fsck`"};
  if (**size > limit) {
    return base::Error{base::ErrorCategory::input,
                       object,
                       {},
                       "has " + std::to_string(**size) + " bytes; at most " + std::to_string(limit) + " are read",
                       ""};
  }
  std::string text(static_cast<std::size_t>(**size), '\0');
  for (std::size_t have = 0; have < text.size();) {
    const auto got = blobs_->read(text.data() + have, text.size() - have);
    if (!got) return base::Error(got.error());
    have += *got;
  }
  return text;
}

base::Result<std::vector<DirectoryEntry>> IndexFileSystem::list(const std::string& path) const {
  const auto resolved = canonical(path);
  if (!resolved) return base::Error(resolved.error());
  const auto name = tracked_name(*resolved);
  if (!name) return disk_.list(*resolved);
  const std::string prefix = name->empty() ? "" : *name + "/";
  std::vector<DirectoryEntry> found;
  if (name->empty()) found.push_back({".git", link_status(join(top_, ".git")).kind});
  for (auto entry = entries_.lower_bound(prefix); entry != entries_.end() && entry->first.starts_with(prefix);) {
    const std::size_t slash = entry->first.find('/', prefix.size());
    std::string child = entry->first.substr(prefix.size(), slash == std::string::npos ? slash : slash - prefix.size());
    if (slash == std::string::npos) {
      found.push_back({std::move(child), entry->second.link ? FileKind::symlink : FileKind::regular});
      ++entry;
      continue;
    }
    // The next entry that is not below this folder: '0' follows '/'.
    entry = entries_.lower_bound(prefix + child + '0');
    found.push_back({std::move(child), FileKind::directory});
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return found;
}

}  // namespace launchgate::io
