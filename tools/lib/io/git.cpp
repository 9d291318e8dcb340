#include "lib/io/git.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "lib/base/hex.hpp"
#include "lib/io/file_system.hpp"
#include "lib/io/git_process.hpp"

namespace launchgate::io {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

bool is_zero(std::string_view object) { return object.find_first_not_of('0') == std::string_view::npos; }

// `:<mode before> <mode> <object before> <object> <status>`, then the path, both ended by NUL.
std::vector<GitFile> parse_raw(std::string_view text, std::set<std::string>& unmerged) {
  std::vector<GitFile> files;
  const auto parts = split(text, '\0');
  for (std::size_t i = 0; i + 1 < parts.size(); i += 2) {
    const auto fields = split(parts[i], ' ');
    if (fields.size() < 5 || fields[0].empty() || fields[0].front() != ':') break;
    std::string path(parts[i + 1]);
    if (fields[4] == "U") {
      unmerged.insert(std::move(path));
      continue;
    }
    GitFile file{std::move(path), std::string(fields[3]), std::nullopt, fields[1] == "120000", fields[1] == "100755"};
    if (!is_zero(fields[2]) && fields[0] != ":160000") file.before = std::string(fields[2]);
    if (is_zero(fields[3]) || fields[1] == "160000" || file.before == file.object) file.object.clear();
    files.push_back(std::move(file));
  }
  return files;
}

}  // namespace

base::Result<std::string> Git::run(const std::vector<std::string>& arguments) const {
  return ask_git(folder_, arguments);
}

// `<mode> <object> <stage>\t<path>`, ended by NUL.
base::Result<std::vector<GitFile>> Git::index() const {
  if (auto whole = check_index(folder_); !whole) return whole.error();
  auto text = run({"ls-files", "-s", "-z"});
  if (!text) return text.error();
  std::vector<GitFile> files;
  for (const std::string_view entry : split(*text, '\0')) {
    const std::size_t tab = entry.find('\t');
    const auto fields = split(entry.substr(0, tab), ' ');
    if (tab == std::string_view::npos || fields.size() != 3 || fields[0] == "160000" || is_zero(fields[1])) continue;
    files.push_back({std::string(entry.substr(tab + 1)), std::string(fields[1]), std::nullopt, fields[0] == "120000",
                     fields[0] == "100755"});
  }
  return files;
}

base::Result<std::vector<GitFile>> Git::staged() const {
  if (auto whole = check_index(folder_); !whole) return whole.error();
  auto text = run({"diff-index", "--cached", "--raw", "-z", "--no-renames", "--no-abbrev", "--relative",
                   "--ignore-submodules=none", "HEAD", "--"});
  std::set<std::string> unmerged;
  if (!text) {
    if (run({"rev-parse", "--verify", "--quiet", "HEAD"})) return text.error();
    return index();  // no commit yet
  }
  std::vector<GitFile> files = parse_raw(*text, unmerged);
  if (!unmerged.empty()) {
    auto all = index();
    if (!all) return all;
    for (GitFile& file : *all) {
      if (unmerged.contains(file.path)) files.push_back(std::move(file));
    }
  }
  return files;
}

base::Result<std::vector<GitFile>> Git::difference(const std::string& from, const std::string& to) const {
  auto text = run({"diff-tree", "-r", "--raw", "-z", "--no-renames", "--no-abbrev", "--no-commit-id", "--relative",
                   "--ignore-submodules=none", "--end-of-options", from, to, "--"});
  if (!text) return text.error();
  std::set<std::string> unmerged;
  return parse_raw(*text, unmerged);
}

base::Result<std::vector<GitFile>> Git::changed(const std::string& from, const std::string& to) const {
  auto files = difference(from, to);
  if (!files) return files;
  const auto base = merge_base(from, to);
  if (!base) return files;  // trees, or histories of their own
  const auto start = line({"rev-parse", "--verify", "--quiet", "--end-of-options", from + "^{commit}"});
  if (start && *start == *base) return files;
  const auto since = difference(*base, to);
  if (!since) return since.error();
  std::map<std::string_view, const GitFile*> changes;
  for (const GitFile& file : *since) changes.emplace(file.path, &file);
  for (GitFile& file : *files) {
    const auto change = changes.find(file.path);
    if (change == changes.end()) {
      file.object.clear();
    } else {
      file.ancestor = change->second->before;
    }
  }
  return files;
}

base::Result<std::string> Git::merge_base(const std::string& one, const std::string& other) const {
  return line({"merge-base", "--end-of-options", one, other});
}

base::Result<std::vector<GitText>> Git::commits(const std::string& range) const {
  auto text =
      range.empty() ? run({"rev-list", "--all", "HEAD", "--"}) : run({"rev-list", "--end-of-options", range, "--"});
  if (!text) return text.error();
  std::vector<GitText> commits;
  for (const std::string_view object : split(*text, '\n')) commits.push_back({std::string(object), "commit"});
  return commits;
}

base::Result<Git::References> Git::references() const {
  auto text = run({"for-each-ref", "--format=%(objecttype) %(objectname) %(refname)"});
  if (!text) return text.error();
  References references;
  for (const std::string_view entry : split(*text, '\n')) {
    const auto fields = split(entry, ' ');
    if (fields.size() != 3) continue;
    references.names.emplace_back(fields[2]);
    if (fields[0] == "tag") references.tags.push_back({std::string(fields[1]), "tag"});
  }
  return references;
}

base::Result<std::size_t> Git::cut_off(const std::vector<GitText>& commits) const {
  const auto path = line({"rev-parse", "--path-format=absolute", "--git-path", "shallow"});
  if (!path) return path.error();
  const DiskFileSystem disk;
  constexpr std::uint64_t largest = 1UL << 26U;
  if (disk.status(*path).kind == FileKind::missing) return std::size_t{0};
  const auto text = disk.read(*path, largest);
  if (!text) return text.error();
  std::set<std::string_view> ends;
  for (const std::string_view object : split(*text, '\n')) ends.insert(object);
  return static_cast<std::size_t>(
      std::count_if(commits.begin(), commits.end(), [&](const GitText& one) { return ends.contains(one.object); }));
}

base::Result<std::string> Git::fork_point(const std::string& revision) const {
  const auto commit = line({"rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"});
  const auto known = commit && base::is_git_object(*commit);
  auto point = known ? line({"merge-base", *commit, "HEAD"}) : commit;
  if (point && base::is_git_object(*point)) return point;
  return base::Error{base::ErrorCategory::input,
                     folder_,
                     {},
                     known
                         ? "git has no commit from which both \"" + revision + "\" and HEAD come: the clone is shallow"
                         : "git has no revision \"" + revision + "\"",
                     "fetch it with its history: `git fetch --unshallow origin`, fetch-depth: 0 for actions/checkout, "
                     "GIT_DEPTH: 0 for GitLab; or correct the name, such as origin/main"};
}

base::Result<std::map<std::string, std::string>> Git::objects(const std::string& commit,
                                                              const std::vector<std::string>& paths) const {
  constexpr std::size_t most_at_once = 200;
  std::map<std::string, std::string> objects;
  for (std::size_t begin = 0; begin < paths.size(); begin += most_at_once) {
    const std::size_t end = std::min(begin + most_at_once, paths.size());
    std::vector<std::string> arguments = {"ls-tree", "-z", commit, "--"};
    arguments.insert(arguments.end(), paths.begin() + static_cast<std::ptrdiff_t>(begin),
                     paths.begin() + static_cast<std::ptrdiff_t>(end));
    const auto text = run(arguments);
    if (!text) return text.error();
    // `<mode> <type> <object>\t<path>`, ended by NUL.
    for (const std::string_view entry : split(*text, '\0')) {
      const std::size_t tab = entry.find('\t');
      const auto fields = split(entry.substr(0, tab), ' ');
      if (tab == std::string_view::npos || fields.size() != 3 || fields[1] != "blob") continue;
      objects.emplace(entry.substr(tab + 1), fields[2]);
    }
  }
  return objects;
}

base::Result<std::vector<GitFile>> Git::history(const std::string& range) const {
  std::vector<std::string> arguments = {"rev-list", "--objects", "--filter=object:type=blob",
                                        "--filter-provided-objects"};
  if (range.empty()) {
    arguments.insert(arguments.end(), {"--all", "HEAD", "--"});
  } else {
    arguments.insert(arguments.end(), {"--end-of-options", range, "--"});
  }
  auto text = run(arguments);
  if (!text) return text.error();
  std::vector<GitFile> files;
  std::set<std::string, std::less<>> seen;
  for (const std::string_view line : split(*text, '\n')) {
    const std::size_t blank = line.find(' ');
    const std::string_view object = line.substr(0, blank);
    if (!base::is_git_object(object)) {
      // The rest of a path that holds a line break.
      if (!files.empty()) files.back().path += '\n' + std::string(line);
      continue;
    }
    if (!seen.emplace(object).second) continue;
    files.push_back({blank == std::string_view::npos ? "" : std::string(line.substr(blank + 1)), std::string(object),
                     std::nullopt, false, false});
  }
  return files;
}

base::Result<GitListing> Git::listing() const {
  const std::vector<std::string> known = {"ls-files", "-z", "-t", "--cached", "--others", "--exclude-standard"};
  const std::vector<std::string> left_out = {"ls-files",           "-z",         "--others", "--ignored",
                                             "--exclude-standard", "--directory"};
  if (auto whole = check_index(folder_); !whole) return whole.error();
  // Side by side.
  auto first = start_git(folder_, known);
  if (!first) return first.error();
  auto second = start_git(folder_, left_out);
  if (!second) return second.error();
  const auto text = answer(*first, folder_, known);
  if (!text) return text.error();
  const auto ignored = answer(*second, folder_, left_out);
  if (!ignored) return ignored.error();

  GitListing listing;
  // A letter that says what it is, a blank, the path. Unmerged paths come with each of their stages, one after another.
  for (const std::string_view entry : split(*text, '\0')) {
    auto& paths = entry.starts_with('?') ? listing.untracked : listing.tracked;
    const std::string_view path = entry.substr(std::min<std::size_t>(2, entry.size()));
    if (paths.empty() || paths.back() != path) paths.emplace_back(path);
  }
  for (const std::string_view path : split(*ignored, '\0')) listing.ignored.emplace_back(path);
  return listing;
}

base::Result<std::string> Git::line(const std::vector<std::string>& arguments) const {
  auto text = run(arguments);
  if (text && text->ends_with('\n')) text->pop_back();
  return text;
}

base::Result<std::string> Git::top_level() const { return line({"rev-parse", "--show-toplevel"}); }

base::Result<std::string> Git::common_folder() const {
  return line({"rev-parse", "--path-format=absolute", "--git-common-dir"});
}

base::Result<std::string> Git::hook_path(const std::string& hook) const {
  // The folder alone: git would follow a link that has the hook's name.
  auto folder = line({"rev-parse", "--path-format=absolute", "--git-path", "hooks"});
  if (folder) *folder += "/" + hook;
  return folder;
}

}  // namespace launchgate::io
