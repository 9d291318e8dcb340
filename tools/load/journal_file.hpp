#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/io/append_file.hpp"

namespace launchgate::load {

// Makes the folder and those above it; an `output` error when it cannot be written to.
base::Result<void> make_output_folder(const std::string& folder);

// Appends lines to a new file and syncs each to the disk, on a thread of its own: the event loop never waits for a
// disk. After a failure nothing more is written; the first reason is kept.
class JournalFile {
 public:
  // Refuses an existing file.
  static base::Result<std::unique_ptr<JournalFile>> create(const std::string& path);
  ~JournalFile();
  JournalFile(const JournalFile&) = delete;
  JournalFile& operator=(const JournalFile&) = delete;

  void append(std::string line);
  // Puts the line in place of all lines since the last mark; `mark`: it stays, and what comes is behind it.
  void join(std::string line, bool mark);
  // What is there so far stays.
  void mark();
  // Waits for what was appended, then closes.
  void close();
  // Closes and removes it: for a run that never began.
  void discard();
  // Empty while all is well.
  std::string failure() const;
  const std::string& path() const { return file_.path(); }

 private:
  struct Part {
    std::string text;
    bool joins = false;
    bool marks = false;
  };
  explicit JournalFile(io::AppendFile file);
  void work();
  void enqueue(Part part);
  int write(const Part& part);

  io::AppendFile file_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Part> pending_;
  std::size_t pending_bytes_ = 0;
  std::uint64_t marked_ = 0;  // the writer's: where lines to be joined begin
  std::string failure_;
  bool closing_ = false;
  std::thread writer_;
};

}  // namespace launchgate::load
