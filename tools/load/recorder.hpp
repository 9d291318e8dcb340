#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "lib/cli/tool.hpp"
#include "load/core/engine.hpp"
#include "load/core/journal.hpp"
#include "load/journal_file.hpp"
#include "load/net/event_loop.hpp"
#include "load/page/live.hpp"
#include "load/run_command.hpp"

namespace launchgate::load {

// A file that always holds the last of the texts it was given, replaced as a whole, by a thread of its own: the event
// loop never waits for a disk. What comes while one is written replaces what waits.
class LatestFile {
 public:
  LatestFile(io::FileSystem& disk, std::string path);
  ~LatestFile();
  LatestFile(const LatestFile&) = delete;
  LatestFile& operator=(const LatestFile&) = delete;
  void put(std::string text);

 private:
  void work();

  io::FileSystem& disk_;
  std::string path_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::optional<std::string> next_;
  bool closing_ = false;
  std::thread writer_;
};

// Journal and progress of a run as it goes: a dashboard on a terminal, a line every ten seconds elsewhere, and the live
// files that are asked for.
class Recorder final : public EngineObserver {
 public:
  Recorder(cli::Process& process, const RunPlan& run, const RunRequest& request, EventLoop& loop, JournalFile& journal);

  double cpu_seconds() const { return process_usage().cpu_seconds - usage_at_start_.cpu_seconds; }
  void on_tick(Engine& engine, Nanoseconds now) override;
  // Takes the dashboard away; the live files say that the run has ended and where its report is.
  void end(const std::string& report);

 private:
  void say(const std::string& text);
  void erase();
  void trim_after_openings(const StreamTotals& streams);
  void show(Engine& engine, Nanoseconds now);
  void write_live(Nanoseconds now);

  cli::Process& process_;
  const RunPlan& run_;
  const RunRequest& request_;
  EventLoop& loop_;
  JournalFile& journal_;
  JournalSpans spans_;
  ProcessUsage usage_at_start_;
  bool dashboard_ = false;
  LiveState state_;
  LiveHistory history_;
  std::unique_ptr<LatestFile> page_;
  std::unique_ptr<LatestFile> metrics_;
  std::size_t lines_ = 0;  // of the dashboard that are on the terminal
  Nanoseconds next_line_ = 0;
  Nanoseconds next_page_ = 0;
  std::uint64_t ticks_ = 0;
  std::uint64_t trim_at_ = 0;
  bool told_ = false;
};

}  // namespace launchgate::load
