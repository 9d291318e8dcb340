#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "lib/io/blob_stream.hpp"
#include "lib/io/file_system.hpp"
#include "lib/io/git.hpp"

namespace launchgate::io {

// A work tree as the next commit will have it: what stands in git's index, whatever the files on disk say. Untracked
// files do not exist, and a file whose changes are not staged reads as it was staged. Paths outside the work tree, and
// its .git, are those of the disk below, which also takes what is written.
class IndexFileSystem final : public FileSystem {
 public:
  // `folder` lies in the work tree. Asks git twice, and once more for the first content that differs from the disk:
  // what the disk has is believed where it has the name that the index gives.
  static base::Result<std::unique_ptr<IndexFileSystem>> open(FileSystem& disk, const std::string& folder);

  base::Result<std::string> read(const std::string& path, std::uint64_t limit) const override;
  FileStatus status(const std::string& path) const override;
  FileStatus link_status(const std::string& path) const override;
  base::Result<std::vector<DirectoryEntry>> list(const std::string& path) const override;
  base::Result<std::string> canonical(const std::string& path) const override;
  std::string current_directory() const override { return disk_.current_directory(); }
  base::Result<void> check_writable(const std::string& path) const override { return disk_.check_writable(path); }
  base::Result<void> write(const std::string& path, std::string_view text, bool exclusive = false) override {
    return disk_.write(path, text, exclusive);
  }
  base::Result<void> remove(const std::string& path) override { return disk_.remove(path); }
  base::Result<void> make_executable(const std::string& path) override { return disk_.make_executable(path); }

 private:
  struct Entry {
    std::string object;
    bool link = false;
    bool executable = false;
  };

  IndexFileSystem(FileSystem& disk, std::string top) : disk_(disk), top_(std::move(top)) {}
  std::string absolute(const std::string& path) const;
  // The path below the top; none when it is not the index that answers for it.
  std::optional<std::string> tracked_name(const std::string& absolute) const;
  bool is_folder(const std::string& name) const;
  std::optional<std::string> first_link(const std::string& name) const;
  base::Result<std::string> content(const std::string& name, const Entry& entry, std::uint64_t limit) const;
  base::Result<std::string> blob(const std::string& object, std::uint64_t limit) const;

  FileSystem& disk_;
  std::string top_;
  std::uint32_t owner_ = 0;
  std::map<std::string, Entry> entries_;
  mutable std::mutex mutex_;
  mutable std::optional<BlobStream> blobs_;
};

}  // namespace launchgate::io
