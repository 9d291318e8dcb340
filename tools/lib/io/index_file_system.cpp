#include "lib/io/index_file_system.hpp"

#include <algorithm>

#include "lib/io/path.hpp"

namespace launchgate::io {
namespace {

constexpr int most_links = 40;
constexpr std::uint64_t most_link_bytes = 64UL * 1024;

base::Error missing(const std::string& path) {
  return {base::ErrorCategory::input, path, {}, "is not in git's index", "stage it with `git add`"};
}

}  // namespace

base::Result<std::unique_ptr<IndexFileSystem>> IndexFileSystem::open(FileSystem& disk, const std::string& folder) {
  auto top = Git(folder).top_level();
  if (!top) return top.error();
  const Git git(*top);
  auto entries = git.index();
  if (!entries) return entries.error();
  std::unique_ptr<IndexFileSystem> index(new IndexFileSystem(disk, std::move(*top)));
  index->owner_ = disk.status(index->top_).owner;
  for (GitFile& file : *entries)
    index->entries_.emplace(std::move(file.path), Entry{std::move(file.object), file.link, file.executable});
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

// Links are followed as the index has them; what they lead to outside is the disk's.
base::Result<std::string> IndexFileSystem::canonical(const std::string& path) const {
  std::string full = absolute(path);
  for (int followed = 0; followed < most_links; ++followed) {
    if (!is_inside(top_, full)) {
      auto resolved = disk_.canonical(full);
      if (!resolved || !is_inside(top_, *resolved)) return resolved;
      full = std::move(*resolved);
    }
    const auto name = tracked_name(full);
    if (!name) return disk_.canonical(full);
    const auto link = first_link(*name);
    if (!link) {
      if (entries_.contains(*name) || is_folder(*name)) return full;
      return missing(path);
    }
    const auto target = content(*link, entries_.at(*link), most_link_bytes);
    if (!target) return target;
    const std::string rest = name->size() > link->size() ? name->substr(link->size() + 1) : "";
    full = normalize(join(join(join(top_, parent(*link)), *target), rest));
  }
  return missing(path);
}

// The first of the path's components that is a link in the index.
std::optional<std::string> IndexFileSystem::first_link(const std::string& name) const {
  for (std::size_t end = name.find('/'); !name.empty(); end = name.find('/', end + 1)) {
    const std::string above = name.substr(0, end);
    if (const auto entry = entries_.find(above); entry != entries_.end() && entry->second.link) return above;
    if (end == std::string::npos) break;
  }
  return std::nullopt;
}

FileStatus IndexFileSystem::link_status(const std::string& path) const {
  const std::string full = absolute(path);
  const auto name = tracked_name(full);
  if (!name) return disk_.link_status(path);
  const auto entry = entries_.find(*name);
  if (entry == entries_.end()) return {is_folder(*name) ? FileKind::directory : FileKind::missing, 0, false, owner_};
  return {entry->second.link ? FileKind::symlink : FileKind::regular, 0, entry->second.executable, owner_};
}

FileStatus IndexFileSystem::status(const std::string& path) const {
  const auto resolved = canonical(path);
  if (!resolved) return {};
  return tracked_name(*resolved) ? link_status(*resolved) : disk_.status(*resolved);
}

base::Result<std::string> IndexFileSystem::read(const std::string& path, std::uint64_t limit) const {
  const auto resolved = canonical(path);
  if (!resolved) return resolved.error();
  const auto name = tracked_name(*resolved);
  if (!name) return disk_.read(*resolved, limit);
  const auto entry = entries_.find(*name);
  if (entry == entries_.end())
    return base::Error{base::ErrorCategory::input, path, {}, describe(FileKind::directory), ""};
  auto text = content(*name, entry->second, limit);
  if (!text) text.error().path = path;
  return text;
}

base::Result<std::string> IndexFileSystem::content(const std::string& name, const Entry& entry,
                                                   std::uint64_t limit) const {
  const std::string full = join(top_, name);
  const auto resolved = entry.link ? base::Result<std::string>(std::string()) : disk_.canonical(full);
  if (resolved && *resolved == full) {
    auto text = disk_.read(full, limit);
    if (text && blob_name(*text, entry.object.size()) == entry.object) return text;
  }
  return blob(entry.object, limit);
}

base::Result<std::string> IndexFileSystem::blob(const std::string& object, std::uint64_t limit) const {
  const std::lock_guard lock(mutex_);
  if (!blobs_) {
    auto opened = BlobStream::open(top_);
    if (!opened) return opened.error();
    blobs_.emplace(std::move(*opened));
  }
  const auto size = blobs_->request(object);
  if (!size) return size.error();
  if (*size > limit) {
    return base::Error{base::ErrorCategory::input,
                       object,
                       {},
                       "has " + std::to_string(*size) + " bytes; at most " + std::to_string(limit) + " are read",
                       ""};
  }
  std::string text(static_cast<std::size_t>(*size), '\0');
  for (std::size_t have = 0; have < text.size();) {
    const auto got = blobs_->read(text.data() + have, text.size() - have);
    if (!got) return got.error();
    have += *got;
  }
  return text;
}

base::Result<std::vector<DirectoryEntry>> IndexFileSystem::list(const std::string& path) const {
  const auto resolved = canonical(path);
  if (!resolved) return resolved.error();
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
