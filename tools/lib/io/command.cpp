#include "lib/io/command.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>

namespace launchgate::io {
namespace {

constexpr std::int64_t grace_ms = 10'000;
// What a program leaves running in the background may hold its output open; that is not waited for.
constexpr std::int64_t drain_ms = 1'000;

using Clock = std::chrono::steady_clock;

std::int64_t since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start).count();
}

class Pipe {
 public:
  bool open() { return ::pipe2(ends_.data(), O_CLOEXEC) == 0; }
  Pipe() = default;
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  int read_end() const { return ends_[0]; }
  int write_end() const { return ends_[1]; }
  void close_end(std::size_t end) {
    if (ends_[end] >= 0) ::close(ends_[end]);
    ends_[end] = -1;
  }

 private:
  std::array<int, 2> ends_ = {-1, -1};
};

// Blocks the signals that are passed on, and lets them be read as data; restores all on destruction.
class SignalWatch {
 public:
  SignalWatch() {
    sigset_t set;
    ::sigemptyset(&set);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD}) ::sigaddset(&set, signal);
    ::sigprocmask(SIG_BLOCK, &set, &before_);
    descriptor_ = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGPIPE, &ignore, &pipe_before_);
  }
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;
  ~SignalWatch() {
    if (descriptor_ >= 0) ::close(descriptor_);
    ::sigaction(SIGPIPE, &pipe_before_, nullptr);
    ::sigprocmask(SIG_SETMASK, &before_, nullptr);
  }
  int descriptor() const { return descriptor_; }
  void restore_in_child() const {
    ::sigaction(SIGPIPE, &pipe_before_, nullptr);
    ::sigprocmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  int descriptor_ = -1;
  sigset_t before_{};
  struct sigaction pipe_before_ {};
};

class Child {
 public:
  Child(const CommandSettings& settings, CommandOutcome& outcome) : settings_(settings), outcome_(outcome) {}

  base::Result<void> start(const std::vector<std::string>& words) {
    const auto failed = [&](int code) {
      return base::Error{
          base::ErrorCategory::usage, "", {}, "cannot run \"" + words.front() + "\": " + std::strerror(code), ""};
    };
    if (watch_.descriptor() < 0 || !out_.open() || !err_.open() || !problem_.open()) return failed(errno);
    // On a terminal the program stays in the foreground group, and the terminal's signals reach it by themselves.
    // Elsewhere it gets a group of its own, so that a timeout ends all that it started.
    own_group_ = ::isatty(STDIN_FILENO) != 1;
    started_ = Clock::now();
    outcome_.started_at =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
            .count();
    pid_ = ::fork();
    if (pid_ < 0) return failed(errno);
    if (pid_ == 0) become(words);
    if (own_group_) ::setpgid(pid_, pid_);
    out_.close_end(1);
    err_.close_end(1);
    problem_.close_end(1);
    int code = 0;
    if (::read(problem_.read_end(), &code, sizeof code) == static_cast<ssize_t>(sizeof code)) {
      ::waitpid(pid_, nullptr, 0);
      return failed(code);
    }
    return {};
  }

  void wait() {
    bool out_open = true;
    bool err_open = true;
    std::optional<std::int64_t> ended;
    std::optional<std::int64_t> asked_to_end;
    while (out_open || err_open || !ended) {
      const std::int64_t now = since(started_);
      if (ended && now - *ended >= drain_ms) break;
      if (!ended && settings_.timeout_ms && now >= *settings_.timeout_ms) {
        outcome_.timed_out = true;
        if (!asked_to_end) {
          asked_to_end = now;
          send(SIGTERM);
        } else if (now - *asked_to_end >= grace_ms) {
          send(SIGKILL);
          asked_to_end = now;
        }
      }
      std::int64_t next = ended ? drain_ms - (now - *ended) : 60'000;
      if (!ended && asked_to_end) next = std::min(next, grace_ms - (now - *asked_to_end));
      if (!ended && !asked_to_end && settings_.timeout_ms) next = std::min(next, *settings_.timeout_ms - now);
      std::array<pollfd, 3> sources = {{{out_open ? out_.read_end() : -1, POLLIN, 0},
                                        {err_open ? err_.read_end() : -1, POLLIN, 0},
                                        {watch_.descriptor(), POLLIN, 0}}};
      if (::poll(sources.data(), sources.size(), static_cast<int>(std::max<std::int64_t>(next, 0))) < 0 &&
          errno != EINTR)
        break;
      if (sources[0].revents != 0) out_open = pass(out_.read_end(), false);
      if (sources[1].revents != 0) err_open = pass(err_.read_end(), true);
      if (sources[2].revents != 0) handle_signals();
      int status = 0;
      if (!ended && ::waitpid(pid_, &status, WNOHANG) == pid_) {
        ended = since(started_);
        outcome_.duration_ms = std::max<std::int64_t>(*ended, 1);
        outcome_.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      }
    }
  }

 private:
  [[noreturn]] void become(const std::vector<std::string>& words) {
    watch_.restore_in_child();
    if (own_group_) ::setpgid(0, 0);
    ::dup2(out_.write_end(), STDOUT_FILENO);
    ::dup2(err_.write_end(), STDERR_FILENO);
    std::vector<char*> arguments;
    for (const std::string& word : words)
      arguments.push_back(const_cast<char*>(word.c_str()));  // execvp() changes nothing
    arguments.push_back(nullptr);
    if (settings_.folder.empty() || ::chdir(settings_.folder.c_str()) == 0) ::execvp(arguments[0], arguments.data());
    const int code = errno;
    if (::write(problem_.write_end(), &code, sizeof code) < 0) ::_exit(126);
    ::_exit(127);
  }

  void send(int signal) const {
    if (!own_group_ || ::kill(-pid_, signal) != 0) ::kill(pid_, signal);
  }

  void handle_signals() {
    signalfd_siginfo info{};
    while (::read(watch_.descriptor(), &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
      if (info.ssi_signo == SIGCHLD) continue;
      outcome_.interrupted = true;
      // A terminal's Ctrl-C has reached a program in the same group already.
      if (own_group_ || info.ssi_code != SI_KERNEL) send(static_cast<int>(info.ssi_signo));
    }
  }

  bool pass(int descriptor, bool is_error) {
    std::array<char, 65536> buffer{};
    const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    if (got < 0) return errno == EINTR || errno == EAGAIN;
    if (got == 0) return false;
    const std::string_view text(buffer.data(), static_cast<std::size_t>(got));
    if (settings_.live) settings_.live(is_error, text);
    const std::size_t room = settings_.keep_bytes - std::min(settings_.keep_bytes, outcome_.output.size());
    outcome_.output += text.substr(0, room);
    outcome_.truncated = outcome_.truncated || text.size() > room;
    return true;
  }

  const CommandSettings& settings_;
  CommandOutcome& outcome_;
  SignalWatch watch_;
  Pipe out_;
  Pipe err_;
  Pipe problem_;
  pid_t pid_ = -1;
  bool own_group_ = false;
  Clock::time_point started_;
};

}  // namespace

base::Result<CommandOutcome> run_command(const std::vector<std::string>& words, const CommandSettings& settings) {
  if (words.empty()) return base::Error{base::ErrorCategory::usage, "", {}, "no command is given", ""};
  CommandOutcome outcome;
  Child child(settings, outcome);
  if (auto started = child.start(words); !started) return std::move(started).error();
  child.wait();
  return outcome;
}

}  // namespace launchgate::io
