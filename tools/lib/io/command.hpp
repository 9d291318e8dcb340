#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"

// Runs another program: streams what it prints, keeps a copy, passes signals on and bounds its time.
namespace launchgate::io {

struct CommandSettings {
  std::optional<std::int64_t> timeout_ms;  // then SIGTERM, and SIGKILL ten seconds later
  std::size_t keep_bytes = 64UL * 1024 * 1024;
  // Called with what the program prints as it comes; the first argument tells its standard error from its standard
  // output.
  std::function<void(bool is_error, std::string_view text)> live;
  std::string folder;  // empty: the current one
};

struct CommandOutcome {
  int exit_status = 0;  // 128 + the signal's number when a signal ended it
  bool timed_out = false;
  bool interrupted = false;      // a signal was passed on
  std::string output;            // both streams in the order in which they came
  bool truncated = false;        // the output was longer than keep_bytes
  std::int64_t started_at = 0;   // milliseconds since the epoch
  std::int64_t duration_ms = 0;  // by a clock that does not jump; at least 1
};

// `usage` when the program cannot be started. SIGINT, SIGTERM, SIGHUP and SIGQUIT that reach this process while it
// waits go to the program, once. Must not be called from several threads at a time.
base::Result<CommandOutcome> run_command(const std::vector<std::string>& words, const CommandSettings& settings);

}  // namespace launchgate::io
