#include "leaks/walk.hpp"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "lib/io/file_system.hpp"
#include "lib/io/glob.hpp"
#include "lib/io/path.hpp"

namespace launchgate::leaks {
namespace {

constexpr int deepest = 1000;
constexpr std::uint64_t largest_ignore_file = 4UL * 1024 * 1024;

struct Entry {
  std::string name;
  unsigned char type;
};

// Errors as errno.
int list(const std::string& folder, std::vector<Entry>& entries) {
  DIR* directory = ::opendir(folder.c_str());
  if (directory == nullptr) return errno;
  errno = 0;
  while (const dirent* entry = ::readdir(directory)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") entries.push_back({std::string(name), entry->d_type});
    errno = 0;
  }
  const int code = errno;
  ::closedir(directory);
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
  return code;
}

unsigned char type_of(const std::string& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return DT_UNKNOWN;
  if (S_ISREG(info.st_mode)) return DT_REG;
  if (S_ISDIR(info.st_mode)) return DT_DIR;
  if (S_ISLNK(info.st_mode)) return DT_LNK;
  return S_ISFIFO(info.st_mode) ? DT_FIFO : S_ISSOCK(info.st_mode) ? DT_SOCK : DT_CHR;
}

const char* describe(unsigned char type) {
  switch (type) {
    case DT_FIFO:
      return "named pipe";
    case DT_SOCK:
      return "socket";
    case DT_UNKNOWN:
      return "vanished";
    default:
      return "device";
  }
}

}  // namespace

bool Walk::holds_kept(const std::string& shown) const {
  const auto below = settings_.keep.lower_bound(shown + '/');
  return below != settings_.keep.end() && below->starts_with(shown + '/');
}

void Walk::push_layer(const std::string& folder, const std::string& shown) {
  Layer layer;
  layer.prefix = shown.empty() ? 0 : shown.size() + 1;
  const io::DiskFileSystem disk;
  std::vector<std::string> names = {".gitignore", ".launchgateignore"};
  if (shown.empty()) names.insert(names.begin(), ".git/info/exclude");
  for (const std::string& name : names) {
    const std::string path = io::join(folder, name);
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) continue;
    if (const auto text = disk.read(path, largest_ignore_file)) layer.rules.add(*text);
  }
  layers_.push_back(std::move(layer));
}

bool Walk::ignored(const std::string& shown, bool folder) const {
  for (auto layer = layers_.rbegin(); layer != layers_.rend(); ++layer) {
    if (layer->rules.empty()) continue;
    const auto verdict = layer->rules.judge(std::string_view(shown).substr(layer->prefix), folder);
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

void Walk::run(const std::string& folder, const std::string& shown, bool inside_root) {
  layers_.clear();
  if (inside_root && settings_.ignore_files && !shown.empty()) {
    // The ignore files above the start count as well.
    push_layer(settings_.root, "");
    for (std::size_t slash = shown.find('/'); slash != std::string::npos; slash = shown.find('/', slash + 1)) {
      push_layer(io::join(settings_.root, shown.substr(0, slash)), shown.substr(0, slash));
    }
  }
  enter(folder, shown, 0, false);
}

void Walk::enter(const std::string& folder, const std::string& shown, int depth, bool only_kept) {
  std::vector<Entry> entries;
  if (const int code = list(folder, entries); code != 0) {
    if (code == ENOENT) {
      sink_.skipped(shown, "vanished");
    } else {
      sink_.failed(shown,
                   {base::ErrorCategory::input, shown, {}, std::string("cannot list: ") + std::strerror(code), ""});
    }
    return;
  }
  if (depth > deepest) {
    sink_.failed(shown, {base::ErrorCategory::input, shown, {}, "folders are nested too deeply", ""});
    return;
  }
  if (settings_.ignore_files) {
    const bool some = shown.empty() || std::any_of(entries.begin(), entries.end(), [](const Entry& entry) {
                        return entry.name == ".gitignore" || entry.name == ".launchgateignore";
                      });
    if (some) {
      push_layer(folder, shown);
    } else {
      layers_.emplace_back();
    }
  }
  for (const Entry& entry : entries) {
    if (entry.name == ".git") continue;
    std::string path = folder;
    if (path.back() != '/') path += '/';
    path += entry.name;
    const std::string name = shown.empty() ? entry.name : shown + '/' + entry.name;
    const unsigned char type = entry.type == DT_UNKNOWN ? type_of(path) : entry.type;
    const bool is_folder = type == DT_DIR;
    if (excluded(name, is_folder)) {
      sink_.skipped(name, "excluded by the configuration");
      continue;
    }
    // Git goes on looking at tracked files, whatever the ignore files say of them or of their folder.
    const bool unwanted = only_kept || (settings_.ignore_files && ignored(name, is_folder));
    if (unwanted && !(is_folder ? holds_kept(name) : settings_.keep.contains(name))) {
      if (!only_kept) sink_.skipped(name, "ignored");
      continue;
    }
    if (is_folder) {
      enter(path, name, depth + 1, unwanted);
    } else if (type == DT_REG || type == DT_LNK) {
      Target target;
      target.kind = type == DT_LNK ? Target::Kind::link : Target::Kind::file;
      target.disk = std::move(path);
      target.shown = name;
      target.name = entry.name;
      sink_.target(std::move(target));
    } else {
      sink_.skipped(name, describe(type));
    }
  }
  if (settings_.ignore_files) layers_.pop_back();
}

}  // namespace launchgate::leaks
