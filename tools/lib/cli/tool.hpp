#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/keeper.hpp"
#include "lib/base/result.hpp"
#include "lib/cli/named_files.hpp"
#include "lib/cli/options.hpp"
#include "lib/io/file_system.hpp"

namespace launchgate::cli {

// docs/exit-codes.md
enum class ExitCode : std::uint8_t {
  ok = 0,
  findings = 1,  // findings at or above --fail-on; a gate refused
  usage = 2,     // the command line or the configuration is wrong
  input = 3,     // an input could not be read, or an output could not be written
  defect = 4,    // a defect in the tool itself
  interrupted = 130,
};

ExitCode exit_code(base::ErrorCategory category);

// A file descriptor that remembers whether all was written.
class Output {
 public:
  static constexpr int nowhere = -1;  // takes everything and keeps nothing
  explicit Output(int descriptor);
  void write(std::string_view text);
  bool failed() const { return failed_; }
  bool is_terminal() const { return terminal_; }

 private:
  int descriptor_;
  bool failed_ = false;
  bool terminal_ = false;
};

// What a tool gets of its process.
struct Process {
  io::FileSystem& disk;
  Environment environment;
  Output& out;  // results
  Output& err;  // diagnostics
  base::Keeper keeper = {};
  bool own = false;  // whether the operating system's process is this tool's alone, so that it may give up rights
};

// "name: error: message" on stderr, and the exit code that belongs to it.
ExitCode fail(Process& process, std::string_view tool, const base::Error& error);

// One executable, or one verb of it. The order of calls is describe(), then run(); between them, for a tool with
// options that are marked `first`, settle_options() and describe() once more.
class Tool {
 public:
  Tool() = default;
  Tool(const Tool&) = delete;
  Tool& operator=(const Tool&) = delete;
  virtual ~Tool() = default;

  virtual std::string name() const = 0;     // "launchgate-profiles"; for a verb "launchgate-record run"
  virtual std::string summary() const = 0;  // one sentence
  virtual void describe(OptionSet& options) = 0;
  // Looks at what the options marked `first` name, so that describe() knows the others. Help, man page and completions
  // do without.
  virtual base::Result<void> settle_options(Process&) { return {}; }
  virtual ExitCode run(Process& process) = 0;
  // What a run reads beside the files that its options name: no output may be one of them.
  virtual std::vector<NamedFile> reads_besides(Process&, const NamedFiles&) { return {}; }

  struct Verb {
    std::string name;
    std::function<std::unique_ptr<Tool>()> make;
  };
  // The first argument chooses one; without a match the tool itself runs, unless it has no options of its own.
  virtual std::vector<Verb> verbs() const { return {}; }
  virtual bool needs_verb() const { return false; }
};

// Parses, runs, and turns every outcome into an exit code: the only place that catches everything.
int run_tool(Tool& tool, int argc, char** argv);

// The same with everything given, for tests and for `launchgate X`.
ExitCode run_tool(Tool& tool, const std::vector<std::string>& arguments, Process& process);

std::string_view version();

}  // namespace launchgate::cli
