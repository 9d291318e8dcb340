#include "lib/io/child.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace launchgate::io {
namespace {

constexpr std::size_t most_diagnostics = 2000;

void close_one(int& descriptor) {
  if (descriptor >= 0) ::close(descriptor);
  descriptor = -1;
}

base::Error failure(const std::string& name, std::string_view what, int code) {
  return {base::ErrorCategory::input, name, {}, std::string(what) + ": " + std::strerror(code), ""};
}

std::string_view variable_name(std::string_view variable) { return variable.substr(0, variable.find('=')); }

}  // namespace

base::Result<Child> Child::start(const std::vector<std::string>& command, const std::string& folder,
                                 const std::vector<std::string>& variables) {
  Child child;
  child.name_ = command.front();
  // A socket pair for the input, so that writing to a child that ended gives EPIPE and no signal.
  std::array<int, 2> in = {-1, -1};
  std::array<int, 2> out = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in.data()) != 0)
    return failure(child.name_, "cannot make a pipe", errno);
  child.input_ = in[0];
  if (::pipe2(out.data(), O_CLOEXEC) != 0) {
    const int code = errno;
    ::close(in[1]);
    return failure(child.name_, "cannot make a pipe", code);
  }
  child.output_ = out[0];
  child.errors_ = ::memfd_create("diagnostics", MFD_CLOEXEC);

  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in[1], STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  if (child.errors_ >= 0) ::posix_spawn_file_actions_adddup2(&actions, child.errors_, STDERR_FILENO);
  if (!folder.empty()) ::posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());

  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  std::vector<char*> environment;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    bool replaced = false;
    for (const std::string& own : variables) replaced = replaced || variable_name(own) == variable_name(*variable);
    if (!replaced) environment.push_back(*variable);
  }
  for (const std::string& own : variables) environment.push_back(const_cast<char*>(own.c_str()));
  environment.push_back(nullptr);
  const int code =
      ::posix_spawnp(&child.pid_, command.front().c_str(), &actions, nullptr, arguments.data(), environment.data());
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(in[1]);
  ::close(out[1]);
  if (code != 0) {
    child.pid_ = -1;
    return failure(child.name_, "cannot run", code);
  }
  return child;
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      input_(std::exchange(other.input_, -1)),
      output_(std::exchange(other.output_, -1)),
      errors_(std::exchange(other.errors_, -1)),
      name_(std::move(other.name_)) {}

Child& Child::operator=(Child&& other) noexcept {
  if (this != &other) {
    (void)wait();
    close_all();
    pid_ = std::exchange(other.pid_, -1);
    input_ = std::exchange(other.input_, -1);
    output_ = std::exchange(other.output_, -1);
    errors_ = std::exchange(other.errors_, -1);
    name_ = std::move(other.name_);
  }
  return *this;
}

Child::~Child() {
  (void)wait();
  close_all();
}

void Child::close_all() {
  close_one(input_);
  close_one(output_);
  close_one(errors_);
}

void Child::close_input() { close_one(input_); }

base::Result<void> Child::write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = ::send(input_, text.data(), text.size(), MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return failure(name_, "cannot write to it", errno);
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

base::Result<std::size_t> Child::read(char* into, std::size_t size) {
  while (true) {
    const ssize_t got = ::read(output_, into, size);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) return failure(name_, "cannot read from it", errno);
  }
}

base::Result<std::string> Child::read_all() {
  std::string text;
  std::array<char, 65536> some;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  while (true) {
    auto got = read(some.data(), some.size());
    if (!got) return std::move(got).error();
    if (*got == 0) return text;
    text.append(some.data(), *got);
  }
}

int Child::wait() {
  close_one(input_);
  close_one(output_);
  if (pid_ < 0) return 0;
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string Child::diagnostics() const {
  std::string text(most_diagnostics, '\0');
  const ssize_t got = errors_ >= 0 ? ::pread(errors_, text.data(), text.size(), 0) : 0;
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace launchgate::io
