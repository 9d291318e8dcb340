#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"

namespace launchgate::io {

enum class FileKind : std::uint8_t { missing, regular, directory, symlink, pipe, socket, device };

// Neither a file nor a folder, nor a link to one.
inline bool is_special(FileKind kind) { return kind >= FileKind::pipe; }
// Why what is no regular file is not read: "is a folder, not a file".
std::string describe(FileKind kind);

struct FileStatus {
  FileKind kind = FileKind::missing;
  std::uint64_t size = 0;
  bool executable = false;
  std::uint32_t owner = 0;
};

struct DirectoryEntry {
  std::string name;
  FileKind kind = FileKind::missing;  // of the entry itself; a link is a link
};

// All that Launchgate asks of a disk. Paths are bytes; relative ones start at the process's folder. Nothing here blocks
// on a FIFO or a device: only regular files are read. Thread-safe.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  // Follows links. A file that is missing, no regular file, unreadable or larger than `limit` bytes is an `input`
  // error.
  virtual base::Result<std::string> read(const std::string& path, std::uint64_t limit) const = 0;
  // The same in parts, for what may be too large for the memory.
  virtual base::Result<void> read_parts(const std::string& path, std::uint64_t limit,
                                        const std::function<void(std::string_view)>& part) const;
  // Follows links; a broken one is `missing`.
  virtual FileStatus status(const std::string& path) const = 0;
  virtual FileStatus link_status(const std::string& path) const = 0;
  // In byte order, without "." and "..".
  virtual base::Result<std::vector<DirectoryEntry>> list(const std::string& path) const = 0;
  // Absolute, without links; an error when it does not exist.
  virtual base::Result<std::string> canonical(const std::string& path) const = 0;
  virtual std::string current_directory() const = 0;

  // Whether write() could work: the folder is there and writable, and the path is no folder. Changes nothing.
  virtual base::Result<void> check_writable(const std::string& path) const = 0;

  // Replaces the file: a temporary in the same folder is written, synced and renamed, so that a reader sees the old or
  // the new text, whole. With `exclusive`, an existing file is an `output` error. An existing file keeps its mode;
  // behind a link, the file it leads to is replaced; what is no regular file (a device, a pipe) is written in place.
  virtual base::Result<void> write(const std::string& path, std::string_view text, bool exclusive = false) = 0;

  // Removes the file, or the link itself; a missing one is no error, a folder is one.
  virtual base::Result<void> remove(const std::string& path) = 0;

  // For whoever may read the file.
  virtual base::Result<void> make_executable(const std::string& path) = 0;
};

class DiskFileSystem final : public FileSystem {
 public:
  base::Result<std::string> read(const std::string& path, std::uint64_t limit) const override;
  base::Result<void> read_parts(const std::string& path, std::uint64_t limit,
                                const std::function<void(std::string_view)>& part) const override;
  FileStatus status(const std::string& path) const override;
  FileStatus link_status(const std::string& path) const override;
  base::Result<std::vector<DirectoryEntry>> list(const std::string& path) const override;
  base::Result<std::string> canonical(const std::string& path) const override;
  std::string current_directory() const override;
  base::Result<void> check_writable(const std::string& path) const override;
  base::Result<void> write(const std::string& path, std::string_view text, bool exclusive = false) override;
  base::Result<void> remove(const std::string& path) override;
  base::Result<void> make_executable(const std::string& path) override;
};

// A disk in memory for tests; remembers what was read. Its current directory is "/".
class MemoryFileSystem final : public FileSystem {
 public:
  void add(const std::string& path, std::string text);
  void add_link(const std::string& path, std::string target);
  void make_unreadable(const std::string& path) { unreadable_.insert(absolute(path)); }
  // What is added belongs to who runs this process, unless it is given away.
  void give(const std::string& path, std::uint32_t owner) { owners_[absolute(path)] = owner; }
  const std::vector<std::string>& reads() const { return reads_; }

  base::Result<std::string> read(const std::string& path, std::uint64_t limit) const override;
  FileStatus status(const std::string& path) const override;
  FileStatus link_status(const std::string& path) const override;
  base::Result<std::vector<DirectoryEntry>> list(const std::string& path) const override;
  base::Result<std::string> canonical(const std::string& path) const override;
  std::string current_directory() const override { return "/"; }
  base::Result<void> check_writable(const std::string& path) const override;
  base::Result<void> write(const std::string& path, std::string_view text, bool exclusive = false) override;
  base::Result<void> remove(const std::string& path) override;
  base::Result<void> make_executable(const std::string& path) override;

 private:
  static std::string absolute(const std::string& path);
  std::uint32_t owner(const std::string& at) const;
  std::string resolve(const std::string& path) const;

  std::map<std::string, std::string> files_;
  std::map<std::string, std::string> links_;
  std::set<std::string> unreadable_;
  std::map<std::string, std::uint32_t> owners_;
  std::unique_ptr<std::mutex> mutex_ = std::make_unique<std::mutex>();  // of the list of reads
  mutable std::vector<std::string> reads_;
};

}  // namespace launchgate::io
