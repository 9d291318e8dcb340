#include "lib/io/child.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "lib/io/signals.hpp"

namespace launchgate::io {
namespace {

constexpr std::size_t most_diagnostics = 2000;

base::Error failure(const std::string& name, std::string_view what) {
  return {base::ErrorCategory::input, name, {}, std::string(what) + ": " + std::strerror(errno), ""};
}

int status_of(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

// For the C interface, which changes none of them; ended by a null pointer.
std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (const std::string& text : texts) all.push_back(const_cast<char*>(text.c_str()));
  all.push_back(nullptr);
  return all;
}

// What differs in the child, freed at the end.
struct Spawning {
  Spawning() {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
  }
  Spawning(const Spawning&) = delete;
  Spawning& operator=(const Spawning&) = delete;
  ~Spawning() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }
  void replace(int descriptor, const Descriptor& by) {
    if (by.valid()) ::posix_spawn_file_actions_adddup2(&actions, by.get(), descriptor);
  }
  void apply(const ChildSettings& settings) {
    short flags = 0;
    if (!settings.folder.empty()) ::posix_spawn_file_actions_addchdir_np(&actions, settings.folder.c_str());
    if (settings.own_group) flags |= POSIX_SPAWN_SETPGROUP;  // 0: its own number
    if (settings.watch != nullptr) {
      flags |= POSIX_SPAWN_SETSIGMASK;
      ::posix_spawnattr_setsigmask(&attributes, &settings.watch->mask_before());
      if (!settings.watch->pipe_ignored_before()) {
        flags |= POSIX_SPAWN_SETSIGDEF;
        sigset_t pipe;
        ::sigemptyset(&pipe);
        ::sigaddset(&pipe, SIGPIPE);
        ::posix_spawnattr_setsigdefault(&attributes, &pipe);
      }
    }
    ::posix_spawnattr_setflags(&attributes, flags);
  }

  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
};

}  // namespace

int Child::start(const std::vector<std::string>& words, const ChildSettings& settings) {
  name_ = words.front();
  Descriptor child_input;
  if (!settings.shares_input) {
    // A socket pair, so that writing to a child that ended gives EPIPE and no signal.
    std::array<int, 2> ends = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return errno;
    input_ = Descriptor(ends[0]);
    child_input = Descriptor(ends[1]);
  }
  auto out = make_pipe();
  if (!out) return errno;
  std::optional<Pipe> errors;
  if (settings.pipes_errors) {
    errors = make_pipe();
    if (!errors) return errno;
    errors_ = std::move(errors->read_end);
  } else {
    errors_ = Descriptor(::memfd_create("diagnostics", MFD_CLOEXEC));
  }
  output_ = std::move(out->read_end);

  Spawning spawning;
  spawning.replace(STDIN_FILENO, child_input);
  spawning.replace(STDOUT_FILENO, out->write_end);
  spawning.replace(STDERR_FILENO, errors ? errors->write_end : errors_);
  spawning.apply(settings);
  const std::vector<char*> environment = settings.environment ? pointers(*settings.environment) : std::vector<char*>();
  pid_t pid = -1;
  const int code = ::posix_spawnp(&pid, name_.c_str(), &spawning.actions, &spawning.attributes, pointers(words).data(),
                                  settings.environment ? environment.data() : environ);
  if (code == 0) pid_ = pid;
  if (code == 0 && settings.own_group) group_ = pid;
  return code;
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      group_(other.group_),
      input_(std::move(other.input_)),
      output_(std::move(other.output_)),
      errors_(std::move(other.errors_)),
      name_(std::move(other.name_)) {}

Child& Child::operator=(Child&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(group_, other.group_);
  std::swap(input_, other.input_);
  std::swap(output_, other.output_);
  std::swap(errors_, other.errors_);
  std::swap(name_, other.name_);
  return *this;
}

Child::~Child() { (void)wait(); }

base::Result<void> Child::write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = ::send(input_.get(), text.data(), text.size(), MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return failure(name_, "cannot write to it");
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

base::Result<std::size_t> Child::read(char* into, std::size_t size) {
  const std::ptrdiff_t got = read_some(output_.get(), into, size);
  if (got < 0) return failure(name_, "cannot read from it");
  return static_cast<std::size_t>(got);
}

base::Result<std::string> Child::read_all() {
  std::string text;
  if (!io::read_all(output_.get(), text)) return failure(name_, "cannot read from it");
  return text;
}

int Child::wait() {
  input_.close();
  output_.close();
  if (pid_ < 0) return 0;
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return status_of(status);
}

std::optional<int> Child::ended() {
  int status = 0;
  if (pid_ < 0 || ::waitpid(pid_, &status, WNOHANG) != pid_) return std::nullopt;
  pid_ = -1;
  return status_of(status);
}

void Child::send(int signal) const {
  // What it has started may live on in the group.
  if (group_ > 0 && ::kill(-group_, signal) == 0) return;
  if (pid_ > 0) ::kill(pid_, signal);
}

std::string Child::diagnostics() const {
  std::string text(most_diagnostics, '\0');
  const ssize_t got = errors_.valid() ? ::pread(errors_.get(), text.data(), text.size(), 0) : 0;
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace launchgate::io
