#include "lib/io/git_process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <optional>
#include <string_view>

#include "lib/base/hex.hpp"
#include "lib/io/blob_stream.hpp"
#include "lib/io/file_stream.hpp"
#include "lib/io/file_system.hpp"
#include "lib/io/git_head.hpp"
#include "lib/io/path.hpp"
#include "lib/io/system.hpp"

namespace launchgate::io {
namespace {

constexpr std::uint64_t largest_index = 1UL << 30U;

// Over every key of the repository that names a command which the plumbing used here, or what it may start, would run;
// filters and text conversions are called for contents of the work tree alone, which git is never asked for.
constexpr std::array overrides = {
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.pager=cat",
    "core.editor=false",
    "core.askPass=false",
    "core.sshCommand=false",
    "core.gitProxy=",
    "core.alternateRefsCommand=false",
    "core.attributesFile=/dev/null",
    "core.untrackedCache=false",
    "core.useReplaceRefs=false",
    "credential.helper=",
    "diff.external=",
    "gc.auto=0",
    "gpg.program=false",
    "log.showSignature=false",
    "maintenance.auto=false",
    "protocol.allow=never",
    "safe.bareRepository=explicit",
    "submodule.recurse=false",
};

// GIT_ALLOW_PROTOCOL wins over protocol.<name>.allow of the repository, which wins over protocol.allow.
constexpr std::array fixed_variables = {
    "GIT_ALLOW_PROTOCOL=none",  "GIT_ASKPASS=false",     "GIT_EDITOR=false", "GIT_NO_LAZY_FETCH=1",
    "GIT_NO_REPLACE_OBJECTS=1", "GIT_OPTIONAL_LOCKS=0",  "GIT_PAGER=cat",    "GIT_SSH_COMMAND=false",
    "GIT_GRAFT_FILE=/dev/null", "GIT_TERMINAL_PROMPT=0", "LC_ALL=C",
};

// What the caller's own machine says of git: where its trusted configuration is.
constexpr std::array trusted_variables = {
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_CONFIG_SYSTEM",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
};

// What git tells a hook of the repository that it runs in.
constexpr std::array hook_variables = {
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_WORK_TREE",
};

bool is_one_of(const auto& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Where git is run.
struct Place {
  std::string here;                // this process's folder
  std::optional<std::string> top;  // of the repository
  bool own = false;                // this process runs in the same one
};

Place place_of(const FileSystem& disk, const std::string& folder) {
  Place place{disk.current_directory(), std::nullopt, false};
  place.top = repository_top(disk, normalize(join(place.here, folder)));
  place.own = place.top == repository_top(disk, place.here);
  return place;
}

std::vector<std::string> git_environment(const std::string& folder) {
  const DiskFileSystem disk;
  const auto [here, top, own] = place_of(disk, folder);
  std::vector<std::string> all(fixed_variables.begin(), fixed_variables.end());
  bool moved = false;  // by the hook
  for (std::string& variable : environment()) {
    const std::string_view name = std::string_view(variable).substr(0, variable.find('='));
    if (name == "LC_ALL" || name == "SSH_ASKPASS") continue;
    if (!name.starts_with("GIT_") || is_one_of(trusted_variables, name) || name.starts_with("GIT_CONFIG_KEY_") ||
        name.starts_with("GIT_CONFIG_VALUE_")) {
      all.push_back(std::move(variable));
    } else if (own && is_one_of(hook_variables, name)) {
      moved = moved || name == "GIT_WORK_TREE";
      // Git is run in the folder, the hook in the work tree.
      const std::string value = variable.substr(name.size() + 1);
      const bool is_list = name == "GIT_ALTERNATE_OBJECT_DIRECTORIES";
      all.push_back(std::string(name) + "=" + (is_list ? value : join(here, value)));
    }
  }
  if (top) {
    // Neither core.worktree nor a repository further up.
    if (!moved) all.push_back("GIT_WORK_TREE=" + *top);
    all.push_back("GIT_CEILING_DIRECTORIES=" + parent(*top));
  } else if (const std::string bare = normalize(join(here, folder)); is_bare_repository(disk, bare)) {
    all.push_back("GIT_DIR=" + bare);  // it was named
  }
  return all;
}

}  // namespace

base::Error git_failure(const std::string& folder, const std::string& what, const std::string& details) {
  const auto says = [&](std::string_view text) { return details.find(text) != std::string::npos; };
  base::Error error{base::ErrorCategory::input, folder, {}, what, ""};
  if (says("dubious ownership")) {
    const DiskFileSystem disk;
    const std::string full = normalize(join(disk.current_directory(), folder));
    error.message += ": the repository belongs to another user, and git trusts it only when it is told to";
    error.help =
        "run `git config --global --add safe.directory " + repository_top(disk, full).value_or(full) +
        "` as the user that runs launchgate (in a CI container, in a step before it), or give the folder to that user";
    return error;
  }
  if (!details.empty()) error.message += ": " + details;
  if (says("promisor")) {
    error.help =
        "this is a partial clone (`--filter=blob:none`): fetch what it left out, `git fetch --refetch --no-filter`";
  } else if (says("safe.bareRepository")) {
    error.help = "a bare repository is only used when it is named: set GIT_DIR to it";
  } else if (says("index file") || says("bad index") || says("index uses") || says("bad signature")) {
    error.help = "git's index is damaged: remove it, and run `git reset` to make it anew";
  } else {
    error.help = "name a folder inside a git repository, and revisions that it has";
  }
  return error;
}

std::optional<std::string> git_program(const std::string& folder) {
  const DiskFileSystem disk;
  const auto top = repository_top(disk, normalize(join(disk.current_directory(), folder)));
  const auto real_top = top ? disk.canonical(*top) : base::Result<std::string>(std::string());
  const std::string path = environment_variable("PATH").value_or("/usr/bin:/bin");
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    const std::string entry = path.substr(begin, end - begin);
    begin = end + 1;
    if (!entry.starts_with('/')) continue;
    const auto place = disk.canonical(entry);
    if (!place || (top && real_top && is_inside(*real_top, *place))) continue;
    std::string program = join(entry, "git");
    if (disk.status(program).kind == FileKind::regular && is_executable(program)) return program;
  }
  return std::nullopt;
}

bool git_is_script(const std::string& folder) {
  const auto program = git_program(folder);
  if (!program) return false;
  FileStream file;
  LastFolder last;
  std::array<char, 2> start{};
  if (file.open(*program, true, last)) return false;  // why it could not be opened
  const auto got = file.read(start.data(), start.size());
  return got && *got == start.size() && start == std::array{'#', '!'};
}

base::Result<Child> start_git(const std::string& folder, const std::vector<std::string>& arguments) {
  const auto program = git_program(folder);
  std::vector<std::string> words = {program.value_or("git"), "--no-pager"};
  for (const std::string_view one : overrides) {
    // It runs no hooks, and is asked where they are.
    if (one.starts_with("core.hooksPath") && arguments.front() == "rev-parse") continue;
    words.insert(words.end(), {"-c", std::string(one)});
  }
  words.insert(words.end(), arguments.begin(), arguments.end());
  ChildSettings settings;
  settings.folder = folder;
  settings.environment = git_environment(folder);
  Child child;
  const int code = program ? child.start(words, settings) : ENOENT;
  if (code == 0) return child;
  return base::Error{base::ErrorCategory::input,
                     folder,
                     {},
                     std::string("git cannot be run: ") + std::strerror(code),
                     "install git, or put it into PATH: without it nobody knows what the repository tracks"};
}

base::Result<std::string> ask_git(const std::string& folder, const std::vector<std::string>& arguments) {
  auto git = start_git(folder, arguments);
  return git ? answer(*git, folder, arguments) : git.error();
}

base::Result<std::string> answer(Child& git, const std::string& folder, const std::vector<std::string>& arguments) {
  git.close_input();
  auto text = git.read_all();
  if (!text || git.wait() == 0) return text;
  return git_failure(folder, "git " + arguments.front() + " failed", git.diagnostics());
}

base::Result<void> check_index(const std::string& folder) {
  const DiskFileSystem disk;
  const Place place = place_of(disk, folder);
  const auto given = place.own ? environment_variable("GIT_INDEX_FILE") : std::nullopt;
  const auto git = place.top ? git_folder(disk, *place.top) : std::nullopt;
  if (!given && !git) return {};
  const std::string path = given ? join(place.here, *given) : join(*git, "index");
  if (disk.status(path).kind == FileKind::missing) return {};
  const auto text = disk.read(path, largest_index);
  if (!text) return text.error();
  for (const std::size_t digits : {40U, 64U}) {
    const std::size_t size = digits / 2;
    if (text->size() < size) break;
    const std::string_view all = *text;
    const std::string_view sum = all.substr(all.size() - size);
    // Zeros: git was told to write none (index.skipHash).
    if (sum.find_first_not_of('\0') == std::string_view::npos ||
        git_digest({all.substr(0, all.size() - size)}, digits) == base::to_hex(sum))
      return {};
  }
  return git_failure(folder, "its index is damaged", "index file corrupt");
}

}  // namespace launchgate::io
