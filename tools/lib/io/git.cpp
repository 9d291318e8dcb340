#include "lib/io/git.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <set>

#include "lib/base/hex.hpp"

namespace launchgate::io {
namespace {

const std::vector<std::string> quiet_git = {"GIT_OPTIONAL_LOCKS=0", "LC_ALL=C", "GIT_NO_LAZY_FETCH=1"};

base::Error git_error(const std::string& folder, const std::string& what, const std::string& details) {
  return {base::ErrorCategory::input,
          folder,
          {},
          what + (details.empty() ? "" : ": " + details),
          "name a folder inside a git repository, and revisions that it has"};
}

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
    GitFile file{std::move(path), std::string(fields[3]), std::nullopt, fields[1] == "120000"};
    if (!is_zero(fields[2]) && fields[0] != ":160000") file.before = std::string(fields[2]);
    if (is_zero(fields[3]) || fields[1] == "160000" || file.before == file.object) file.object.clear();
    files.push_back(std::move(file));
  }
  return files;
}

}  // namespace

base::Result<std::string> Git::run(std::vector<std::string> arguments) const {
  std::vector<std::string> command = {"git"};
  command.insert(command.end(), std::make_move_iterator(arguments.begin()), std::make_move_iterator(arguments.end()));
  auto child = Child::start(command, folder_, quiet_git);
  if (!child) return std::move(child).error();
  child->close_input();
  auto text = child->read_all();
  if (!text) return text;
  if (const int status = child->wait(); status != 0) {
    return git_error(folder_, "git " + command[1] + " failed", child->diagnostics());
  }
  return text;
}

// `<mode> <object> <stage>\t<path>`, ended by NUL.
base::Result<std::vector<GitFile>> Git::index() const {
  auto text = run({"ls-files", "-s", "-z"});
  if (!text) return std::move(text).error();
  std::vector<GitFile> files;
  for (const std::string_view entry : split(*text, '\0')) {
    const std::size_t tab = entry.find('\t');
    const auto fields = split(entry.substr(0, tab), ' ');
    if (tab == std::string_view::npos || fields.size() != 3 || fields[0] == "160000" || is_zero(fields[1])) continue;
    files.push_back({std::string(entry.substr(tab + 1)), std::string(fields[1]), std::nullopt, fields[0] == "120000"});
  }
  return files;
}

base::Result<std::vector<GitFile>> Git::staged() const {
  auto text = run({"diff-index", "--cached", "--raw", "-z", "--no-renames", "--no-abbrev", "--relative",
                   "--ignore-submodules=none", "HEAD", "--"});
  std::set<std::string> unmerged;
  if (!text) {
    if (run({"rev-parse", "--verify", "--quiet", "HEAD"})) return std::move(text).error();
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

base::Result<std::vector<GitFile>> Git::changed(const std::string& from, const std::string& to) const {
  auto text = run({"diff-tree", "-r", "--raw", "-z", "--no-renames", "--no-abbrev", "--no-commit-id", "--relative",
                   "--ignore-submodules=none", "--end-of-options", from, to, "--"});
  if (!text) return std::move(text).error();
  std::set<std::string> unmerged;
  return parse_raw(*text, unmerged);
}

base::Result<std::vector<GitFile>> Git::history(const std::string& range) const {
  std::vector<std::string> arguments = {"rev-list", "--objects", "--filter=object:type=blob",
                                        "--filter-provided-objects"};
  if (range.empty()) {
    arguments.insert(arguments.end(), {"--all", "HEAD", "--"});
  } else {
    arguments.insert(arguments.end(), {"--end-of-options", range, "--"});
  }
  auto text = run(std::move(arguments));
  if (!text) return std::move(text).error();
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
                     std::nullopt, false});
  }
  return files;
}

base::Result<std::vector<std::string>> Git::tracked_but_ignored() const {
  auto text = run({"ls-files", "-z", "--cached", "--ignored", "--exclude-standard"});
  if (!text) return std::move(text).error();
  std::vector<std::string> paths;
  for (const std::string_view path : split(*text, '\0')) paths.emplace_back(path);
  return paths;
}

base::Result<std::vector<std::string>> Git::unstaged() const {
  auto text = run({"diff-files", "-z", "--name-only", "--no-renames", "--relative", "--ignore-submodules=all"});
  if (!text) return std::move(text).error();
  std::vector<std::string> paths;
  for (const std::string_view path : split(*text, '\0')) paths.emplace_back(path);
  return paths;
}

base::Result<std::string> Git::line(std::vector<std::string> arguments) const {
  auto text = run(std::move(arguments));
  if (text && text->ends_with('\n')) text->pop_back();
  return text;
}

base::Result<std::string> Git::top_level() const { return line({"rev-parse", "--show-toplevel"}); }

base::Result<std::string> Git::hook_path(const std::string& hook) const {
  // The folder alone: git would follow a link that has the hook's name.
  auto folder = line({"rev-parse", "--path-format=absolute", "--git-path", "hooks"});
  if (folder) *folder += "/" + hook;
  return folder;
}

base::Result<BlobStream> BlobStream::open(const std::string& folder) {
  auto child = Child::start({"git", "cat-file", "--batch"}, folder, quiet_git);
  if (!child) return std::move(child).error();
  return BlobStream(std::move(*child));
}

base::Result<std::size_t> BlobStream::take(char* into, std::size_t size) {
  if (used_ == buffered_.size()) {
    buffered_.resize(65536);
    used_ = 0;
    auto got = child_.read(buffered_.data(), buffered_.size());
    buffered_.resize(got ? *got : 0);
    if (!got || *got == 0) return got;
  }
  const std::size_t give = std::min(size, buffered_.size() - used_);
  std::memcpy(into, buffered_.data() + used_, give);
  used_ += give;
  return give;
}

base::Result<std::optional<std::uint64_t>> BlobStream::request(const std::string& object) {
  if (auto done = skip_rest(); !done) return std::move(done).error();
  if (auto done = child_.write(object + "\n"); !done) return std::move(done).error();
  std::string header;
  while (true) {
    char c = 0;
    auto got = take(&c, 1);
    if (!got) return std::move(got).error();
    if (*got == 0) {
      (void)child_.wait();
      return base::Error{base::ErrorCategory::input, object, {}, "git cat-file ended: " + child_.diagnostics(), ""};
    }
    if (c == '\n') break;
    header += c;
  }
  const auto fields = split(header, ' ');
  if (fields.size() != 3) return std::optional<std::uint64_t>();  // "<object> missing"
  left_ = std::strtoull(std::string(fields[2]).c_str(), nullptr, 10);
  open_ = true;
  if (fields[1] != "blob") {
    if (auto done = skip_rest(); !done) return std::move(done).error();
    return std::optional<std::uint64_t>();
  }
  return std::optional<std::uint64_t>(left_);
}

base::Result<std::size_t> BlobStream::read(char* into, std::size_t size) {
  if (left_ == 0) return std::size_t{0};
  auto got = take(into, static_cast<std::size_t>(std::min<std::uint64_t>(size, left_)));
  if (!got) return got;
  if (*got == 0) return base::Error{base::ErrorCategory::input, "git cat-file", {}, "the blob ends early", ""};
  left_ -= *got;
  return got;
}

// The content is followed by a line break.
base::Result<void> BlobStream::skip_rest() {
  std::array<char, 4096> some;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  while (left_ > 0) {
    auto got = read(some.data(), some.size());
    if (!got) return std::move(got).error();
  }
  if (open_) {
    auto got = take(some.data(), 1);
    if (!got) return std::move(got).error();
  }
  open_ = false;
  return {};
}

}  // namespace launchgate::io
