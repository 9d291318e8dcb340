#include "lib/io/command.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "lib/io/child.hpp"
#include "lib/io/signals.hpp"
#include "lib/io/system.hpp"

namespace launchgate::io {
namespace {

constexpr std::int64_t grace_ms = 10'000;
// What a program leaves running in the background may hold its output open; that is not waited for.
constexpr std::int64_t drain_ms = 1'000;

using Clock = std::chrono::steady_clock;

std::int64_t since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start).count();
}

class Run {
 public:
  Run(const CommandSettings& settings, CommandOutcome& outcome) : settings_(settings), outcome_(outcome) {}

  base::Result<void> start(const std::vector<std::string>& words) {
    // On a terminal the program stays in the foreground group, and the terminal's signals reach it by themselves.
    // Elsewhere it gets a group of its own, so that a timeout ends all that it started.
    own_group_ = !is_terminal(standard_input);
    started_ = Clock::now();
    outcome_.started_at = now_ms();
    ChildSettings child;
    child.folder = settings_.folder;
    child.shares_input = child.pipes_errors = true;
    child.own_group = own_group_;
    child.watch = &watch_;
    const int code = watch_.valid() ? child_.start(words, child) : errno;
    if (code == 0) return {};
    return base::Error{
        base::ErrorCategory::usage, "", {}, "cannot run \"" + words.front() + "\": " + std::strerror(code), ""};
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
          child_.send(SIGTERM);
        } else if (now - *asked_to_end >= grace_ms) {
          child_.send(SIGKILL);
          asked_to_end = now;
        }
      }
      std::int64_t next = ended ? drain_ms - (now - *ended) : 60'000;
      if (!ended && asked_to_end) next = std::min(next, grace_ms - (now - *asked_to_end));
      if (!ended && !asked_to_end && settings_.timeout_ms) next = std::min(next, *settings_.timeout_ms - now);
      std::array<pollfd, 3> sources = {{{out_open ? child_.output().get() : -1, POLLIN, 0},
                                        {err_open ? child_.errors().get() : -1, POLLIN, 0},
                                        {watch_.descriptor(), POLLIN, 0}}};
      if (::poll(sources.data(), sources.size(), static_cast<int>(std::max<std::int64_t>(next, 0))) < 0 &&
          errno != EINTR)
        break;
      if (sources[0].revents != 0) out_open = pass(child_.output(), false);
      if (sources[1].revents != 0) err_open = pass(child_.errors(), true);
      if (sources[2].revents != 0) handle_signals();
      if (const auto status = ended ? std::nullopt : child_.ended()) {
        ended = since(started_);
        outcome_.duration_ms = std::max<std::int64_t>(*ended, 1);
        outcome_.exit_status = *status;
      }
    }
  }

 private:
  void handle_signals() {
    for (auto signal = watch_.next(); signal.number != 0; signal = watch_.next()) {
      if (signal.number == SIGCHLD) continue;
      outcome_.interrupted = true;
      // A terminal's Ctrl-C has reached a program in the same group already.
      if (own_group_ || !signal.from_kernel) child_.send(signal.number);
    }
  }

  bool pass(const Descriptor& source, bool is_error) {
    std::array<char, 65536> buffer{};
    const std::ptrdiff_t got = read_some(source.get(), buffer.data(), buffer.size());
    if (got <= 0) return got < 0 && errno == EAGAIN;
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
  Child child_;
  bool own_group_ = false;
  Clock::time_point started_;
};

}  // namespace

base::Result<CommandOutcome> run_command(const std::vector<std::string>& words, const CommandSettings& settings) {
  if (words.empty()) return base::Error{base::ErrorCategory::usage, "", {}, "no command is given", ""};
  CommandOutcome outcome;
  Run run(settings, outcome);
  if (auto started = run.start(words); !started) return started.error();
  run.wait();
  return outcome;
}

}  // namespace launchgate::io
