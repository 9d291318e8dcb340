#include "leaks/walk.hpp"

#include <algorithm>

#include "lib/finding/finding.hpp"
#include "lib/io/git.hpp"
#include "lib/io/git_head.hpp"
#include "lib/io/glob.hpp"
#include "lib/io/path.hpp"

namespace launchgate::leaks {
namespace {

constexpr int deepest = 1000;
constexpr std::uint64_t largest_ignore_file = 4UL * 1024 * 1024;
const std::vector<std::string> ignore_files = {".gitignore", ".launchgateignore"};
const std::vector<std::string> top_ignore_files = {".git/info/exclude", ".gitignore", ".launchgateignore"};

// For a list of what was skipped.
const char* reason_of(io::FileKind kind) {
  switch (kind) {
    case io::FileKind::pipe:
      return "named pipe";
    case io::FileKind::socket:
      return "socket";
    case io::FileKind::missing:
      return "vanished";
    default:
      return "device";
  }
}

}  // namespace

std::shared_ptr<const Walk::Layer> Walk::layer_of(const std::string& folder, const std::string& shown,
                                                  const std::vector<std::string>& names) const {
  Layer layer;
  layer.prefix = shown.empty() ? 0 : shown.size() + 1;
  for (const std::string& name : names) {
    const std::string path = io::join(folder, name);
    if (settings_.disk.link_status(path).kind != io::FileKind::regular) continue;
    if (const auto text = settings_.disk.read(path, largest_ignore_file)) layer.rules.add(*text);
  }
  return std::make_shared<const Layer>(std::move(layer));
}

bool Walk::ignored(const std::string& shown, bool folder) const {
  for (auto layer = layers_.rbegin(); layer != layers_.rend(); ++layer) {
    if ((*layer)->rules.empty()) continue;
    const auto verdict = (*layer)->rules.judge(std::string_view(shown).substr((*layer)->prefix), folder);
    if (verdict != IgnoreRules::Verdict::none) return verdict == IgnoreRules::Verdict::ignored;
  }
  return false;
}

bool Walk::excluded(const std::string& shown, bool folder) const {
  for (const std::string& glob : settings_.exclude) {
    if (io::glob_match(glob, shown)) return true;
    if (folder && glob.ends_with("/**") && io::glob_match(std::string_view(glob).substr(0, glob.size() - 3), shown))
      return true;
  }
  if (folder || settings_.include.empty()) return false;
  return std::none_of(settings_.include.begin(), settings_.include.end(),
                      [&](const std::string& glob) { return glob == "**" || io::glob_match(glob, shown); });
}

base::Result<void> Walk::run(const std::string& folder, const std::string& shown) {
  const auto canonical = settings_.disk.canonical(folder);
  if (settings_.ignore_files && canonical && io::repository_top(settings_.disk, *canonical))
    return list_with_git(*canonical, shown);
  list_folders(folder, shown);
  return {};
}

base::Result<void> Walk::list_with_git(const std::string& folder, const std::string& shown) {
  const auto listing = io::Git(folder).listing();
  if (!listing) return listing.error();
  for (const std::string& path : listing->tracked) {
    if (auto done = listed(folder, path, shown, true); !done) return done;
  }
  for (const std::string& path : listing->untracked) {
    if (auto done = listed(folder, path, shown, false); !done) return done;
  }
  for (std::string path : listing->ignored) {
    const bool is_folder = path.ends_with('/');
    if (is_folder) path.pop_back();
    const std::string name = io::join(shown, path);
    sink_.skipped(name, excluded(name, is_folder) ? finding::excluded_by_configuration : "ignored");
  }
  return {};
}

// A path of git's list; it says nothing of what the disk has there now.
base::Result<void> Walk::listed(const std::string& folder, const std::string& path, const std::string& shown,
                                bool tracked) {
  const std::string relative = path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
  const std::string name = io::join(shown, relative);
  const std::string full = io::join(folder, relative);
  const std::string above = io::parent(full);
  const auto [known, is_new] = real_folders_.try_emplace(above, false);
  if (is_new) {
    const auto canonical = settings_.disk.canonical(above);
    known->second = canonical && *canonical == above;
  }
  if (!known->second) return {};  // removed, or a link now, which is in the list itself
  const io::FileKind kind = settings_.disk.link_status(full).kind;
  if (kind == io::FileKind::missing) return {};
  const bool is_folder = kind == io::FileKind::directory;
  if (excluded(name, is_folder)) {
    sink_.skipped(name, finding::excluded_by_configuration);
  } else if (!tracked && (shown.starts_with('/') ? ignored_by_own_files(folder, shown, relative)
                                                 : ignored_by_own_files(settings_.root, "", name))) {
    sink_.skipped(name, "ignored");
  } else if (!is_folder) {
    take(full, name, kind);
  } else if (settings_.disk.link_status(io::join(full, ".git")).kind != io::FileKind::missing) {
    return list_with_git(full, name);
  } else {
    list_folders(full, name);
  }
  return {};
}

// .launchgateignore, in the folder of the file and in those above it up to the start.
bool Walk::ignored_by_own_files(const std::string& folder, const std::string& shown, const std::string& path) {
  layers_.clear();
  for (std::size_t slash = 0; slash != std::string::npos; slash = path.find('/', slash + 1)) {
    const std::string below = path.substr(0, slash);
    const std::string name = io::join(shown, below);
    auto& layer = own_[name];
    if (layer == nullptr) layer = layer_of(io::join(folder, below), name, {".launchgateignore"});
    layers_.push_back(layer);
    if (slash > 0 && ignored(name, true)) return true;
  }
  return ignored(io::join(shown, path), false);
}

void Walk::list_folders(const std::string& folder, const std::string& shown) {
  layers_.clear();
  if (settings_.ignore_files && !shown.empty() && !shown.starts_with('/')) {
    // The ignore files above the start count as well.
    layers_.push_back(layer_of(settings_.root, "", top_ignore_files));
    for (std::size_t slash = shown.find('/'); slash != std::string::npos; slash = shown.find('/', slash + 1)) {
      const std::string above = shown.substr(0, slash);
      layers_.push_back(layer_of(io::join(settings_.root, above), above, ignore_files));
    }
  }
  above_ = layers_.size();
  io::WalkSettings walk;
  walk.deepest = deepest;
  walk.visit = [this](const io::WalkEntry& entry) { return visit(entry); };
  walk.entered = [this](const io::WalkEntry& at, const std::vector<io::DirectoryEntry>& entries) {
    enter(at, entries);
  };
  walk.failed = [this](const io::WalkEntry& at, base::Error error) {
    if (settings_.disk.link_status(at.path).kind == io::FileKind::missing) return sink_.skipped(at.shown, "vanished");
    error.path = at.shown;
    sink_.failed(at.shown, std::move(error));
  };
  io::walk(settings_.disk, folder, shown, walk);
}

void Walk::enter(const io::WalkEntry& folder, const std::vector<io::DirectoryEntry>& entries) {
  if (!settings_.ignore_files) return;
  layers_.resize(above_ + static_cast<std::size_t>(folder.depth + 1));
  const bool some = folder.shown.empty() || std::any_of(entries.begin(), entries.end(), [](const auto& entry) {
                      return std::find(ignore_files.begin(), ignore_files.end(), entry.name) != ignore_files.end();
                    });
  static const auto no_rules = std::make_shared<const Layer>();
  const auto& names = folder.shown.empty() ? top_ignore_files : ignore_files;
  layers_.push_back(some ? layer_of(folder.path, folder.shown, names) : no_rules);
}

bool Walk::visit(const io::WalkEntry& entry) {
  if (settings_.ignore_files) layers_.resize(above_ + static_cast<std::size_t>(entry.depth + 1));
  if (entry.name == ".git") return false;
  const bool is_folder = entry.kind == io::FileKind::directory;
  if (excluded(entry.shown, is_folder)) {
    sink_.skipped(entry.shown, finding::excluded_by_configuration);
    return false;
  }
  if (settings_.ignore_files && ignored(entry.shown, is_folder)) {
    sink_.skipped(entry.shown, "ignored");
    return false;
  }
  if (!is_folder) take(entry.path, entry.shown, entry.kind);
  return is_folder;
}

void Walk::take(const std::string& path, const std::string& shown, io::FileKind kind) {
  if (kind != io::FileKind::regular && kind != io::FileKind::symlink) return sink_.skipped(shown, reason_of(kind));
  Target target;
  target.kind = kind == io::FileKind::symlink ? Target::Kind::link : Target::Kind::file;
  target.disk = path;
  target.shown = shown;
  target.name = std::string(io::file_name(shown));
  sink_.target(std::move(target));
}

}  // namespace launchgate::leaks
