#include "leaks/sources.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "leaks/walk.hpp"
#include "lib/io/git_head.hpp"
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
    if (status.kind == io::FileKind::directory) {
      const auto whole = disk.canonical(path);
      if (whole && io::is_bare_repository(disk, *whole))
        return base::Error{base::ErrorCategory::usage,
                           path,
                           {},
                           "a repository without a work tree has no files to scan",
                           "scan its history: launchgate-leaks --history --root " + path};
      return walk_.run(path, shown);
    }
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
  if (request.diff->compare(std::min(dots, request.diff->size()), 3, "...") == 0) {
    const std::string one = dots == 0 ? "HEAD" : request.diff->substr(0, dots);
    const std::string other = dots + 3 == request.diff->size() ? "HEAD" : request.diff->substr(dots + 3);
    const auto base = git.merge_base(one, other);
    return base ? git.changed(*base, other) : base.error();
  }
  const bool to_head = dots == std::string::npos || dots + 2 == request.diff->size();
  return git.changed(request.diff->substr(0, dots), to_head ? "HEAD" : request.diff->substr(dots + 2));
}

void supply_git(const ScanRequest& request, suite::Workspace& workspace, std::vector<io::GitFile> files,
                Supply& supply) {
  if (request.staged && files.empty()) {
    supply.nothing_new();
    supply.skip(".", "the commit changes no content");
    return;
  }
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
    if (!request.diff || (!file.before && !file.ancestor)) target.name = file.path;
    target.object = std::move(file.object);
    if (request.diff) {
      target.before = std::move(file.before);
      target.ancestor = std::move(file.ancestor);
    }
    target.blob_is_link = file.link;
    supply.target(std::move(target));
  }
}

namespace {

Target words(std::string text, std::string shown, std::string what) {
  Target target;
  target.kind = Target::Kind::words;
  target.disk = std::move(text);
  target.shown = std::move(shown);
  target.what = std::move(what);
  return target;
}

void supply_text(io::GitText text, Supply& supply) {
  constexpr std::size_t enough = 12;  // digits of a name
  Target target;
  target.kind = Target::Kind::commit;
  target.shown = text.type + " " + text.object.substr(0, enough);
  target.object = std::move(text.object);
  target.type = std::move(text.type);
  supply.target(std::move(target));
}

}  // namespace

base::Result<void> supply_texts(const ScanRequest& request, suite::Workspace& workspace, Supply& supply) {
  const io::Git git(workspace.root());
  auto commits = git.commits(request.history_range.value_or(""));
  if (!commits) return commits.error();
  const auto cut_off = git.cut_off(*commits);
  if (!cut_off) return cut_off.error();
  if (*cut_off > 0) {
    const std::string told = "the history is shallow: " + std::to_string(*cut_off) +
                             (*cut_off == 1 ? " commit has" : " commits have") +
                             " parents that this clone left out, and what came before was not looked at";
    if (request.allow_shallow) {
      supply.skip("history", told);
    } else {
      Scanned partial;
      partial.shown = partial.path = "history";
      partial.error = base::Error{base::ErrorCategory::input, "history", {}, told, ""};
      partial.error->message += "; fetch it (`git fetch --unshallow`), or accept that with --allow-shallow";
      supply.report(std::move(partial));
    }
  }
  if (!request.paths.empty()) return {};
  for (io::GitText& commit : *commits) supply_text(std::move(commit), supply);
  if (request.history_range) return {};
  auto references = git.references();
  if (!references) return references.error();
  for (io::GitText& tag : references->tags) supply_text(std::move(tag), supply);
  for (std::string& name : references->names)
    supply.target(words(std::move(name), "references", "the name of a reference"));
  return {};
}

base::Result<void> supply_message(const ScanRequest& request, suite::Workspace& workspace, Supply& supply) {
  Target target;
  target.kind = Target::Kind::message;
  target.disk = *request.commit_message;
  target.shown = shown_path(workspace, *request.commit_message);
  if (workspace.disk().status(target.disk).kind == io::FileKind::missing)
    return base::Error{base::ErrorCategory::input, target.disk, {}, "does not exist", "name the file of the message"};
  supply.target(std::move(target));
  if (auto author = io::Git(workspace.root()).author())
    supply.target(words(std::move(*author), "author", "the author of the commit"));
  return {};
}

}  // namespace launchgate::leaks
