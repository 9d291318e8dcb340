#include "leaks/sources.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "leaks/walk.hpp"
#include "lib/io/glob.hpp"
#include "lib/io/path.hpp"

namespace launchgate::leaks {
namespace {

constexpr std::string_view standard_input = "<stdin>";
constexpr const char* excluded = finding::excluded_by_configuration;

bool matches_any(const std::vector<std::string>& globs, const std::string& path) {
  return std::any_of(globs.begin(), globs.end(),
                     [&](const std::string& glob) { return glob == "**" || io::glob_match(glob, path); });
}

bool is_excluded(const suite::LeakSettings& settings, const std::string& path) {
  return matches_any(settings.exclude, path) || !matches_any(settings.include, path);
}

// Whether `path` is one of `roots`, or lies below one; "" is everything.
bool is_below(const std::vector<std::string>& roots, const std::string& path) {
  return std::any_of(roots.begin(), roots.end(), [&](const std::string& root) {
    return root.empty() || path == root ||
           (path.size() > root.size() && path.starts_with(root) && path[root.size()] == '/');
  });
}

std::string shown_path(const suite::Workspace& workspace, const std::string& path) {
  std::string shown = workspace.to_root_relative(path);
  return shown == "." ? std::string() : shown;
}

// Hands out what the paths of a command line name.
class Paths {
 public:
  Paths(const ScanRequest& request, suite::Workspace& workspace, Supply& supply)
      : request_(request),
        workspace_(workspace),
        supply_(supply),
        settings_{disk_, workspace.root(), request.ignore_files, workspace.configuration().leaks.include,
                  workspace.configuration().leaks.exclude},
        walk_(settings_, sink()) {}

  base::Result<void> add(const std::string& path) {
    const io::FileSystem& disk = workspace_.disk();
    const std::string shown = shown_path(workspace_, path);
    const bool inside = shown.empty() || shown.front() != '/';
    io::FileStatus status = disk.link_status(path);
    if (status.kind == io::FileKind::missing)
      return base::Error{base::ErrorCategory::input, path, {}, "does not exist", "name a file or folder that does"};
    // Who names a link means what it leads to, and its text is scanned as well. A hook names what git tracks: the text
    // alone.
    const bool followed = status.kind == io::FileKind::symlink && !request_.force_exclude;
    if (followed) {
      status = disk.status(path);
      if (!io::is_special(status.kind)) add_file(Target::Kind::link, path, shown);
    }
    if (status.kind == io::FileKind::directory) return walk_.run(path, shown);
    if (request_.force_exclude && inside && is_excluded(workspace_.configuration().leaks, shown)) {
      supply_.skip(shown, excluded);
    } else {
      const auto kind = status.kind == io::FileKind::symlink ? Target::Kind::link : Target::Kind::file;
      add_file(kind, path, shown, std::string(io::file_name(path)), followed);
    }
    return {};
  }

 private:
  Walk::Sink sink() {
    return {supply_.target,
            [this](const std::string& shown, const std::string& reason) { supply_.skip(shown, reason); },
            [this](const std::string& shown, base::Error error) {
              Scanned unlisted;
              unlisted.shown = shown.empty() ? "." : shown;
              unlisted.path = shown;
              unlisted.error = std::move(error);
              supply_.report(std::move(unlisted));
            }};
  }

  void add_file(Target::Kind kind, const std::string& path, const std::string& shown, std::string name = "",
                bool follow = false) {
    Target target;
    target.kind = kind;
    target.disk = path;
    target.shown = shown;
    target.name = std::move(name);
    target.follow = follow;
    supply_.target(std::move(target));
  }

  const ScanRequest& request_;
  suite::Workspace& workspace_;
  Supply& supply_;
  io::DiskFileSystem disk_;  // what is named is read from the disk, whatever the index has
  WalkSettings settings_;
  Walk walk_;
};

}  // namespace

base::Result<void> supply_paths(const ScanRequest& request, suite::Workspace& workspace, Supply& supply) {
  Paths paths(request, workspace, supply);
  if (request.paths.empty()) return paths.add(workspace.root());
  for (const std::string& path : request.paths) {
    if (path == "-") {
      Target target;
      target.kind = Target::Kind::standard_input;
      target.shown = standard_input;
      supply.target(std::move(target));
    } else if (auto done = paths.add(path); !done) {
      return done;
    }
  }
  return {};
}

base::Result<std::vector<io::GitFile>> list_git(const ScanRequest& request, const std::string& root) {
  const io::Git git(root);
  if (request.staged) return git.staged();
  if (!request.diff) return git.history(request.history_range.value_or(""));
  const std::size_t dots = request.diff->find("..");
  const bool to_head = dots == std::string::npos || dots + 2 == request.diff->size();
  return git.changed(request.diff->substr(0, dots), to_head ? "HEAD" : request.diff->substr(dots + 2));
}

void supply_git(const ScanRequest& request, suite::Workspace& workspace, std::vector<io::GitFile> files,
                Supply& supply) {
  std::vector<std::string> wanted;
  for (const std::string& path : request.paths) wanted.push_back(shown_path(workspace, path));
  if (wanted.empty()) wanted.emplace_back();
  for (io::GitFile& file : files) {
    if (!is_below(wanted, file.path)) continue;
    if (is_excluded(workspace.configuration().leaks, file.path)) {
      supply.skip(file.path, excluded);
      continue;
    }
    if (file.object.empty()) {
      supply.nothing_new();
      continue;
    }
    Target target;
    target.kind = Target::Kind::blob;
    target.shown = file.path;
    // A path is a name that was added only where the file is new.
    if (!request.diff || !file.before) target.name = file.path;
    target.object = std::move(file.object);
    if (request.diff) target.before = std::move(file.before);
    target.blob_is_link = file.link;
    supply.target(std::move(target));
  }
}

}  // namespace launchgate::leaks
