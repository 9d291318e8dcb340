#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "lib/base/result.hpp"

// A file that several processes add to at once and that must never lose anything, for example a record of evidence.
//
// Writers hold an exclusive lock (flock) on a file beside it, ".<name>.lock", read the newest text, and replace it
// whole: a temporary in the same folder is written, synced and renamed, and the folder is synced. A process that is
// killed leaves the old text or the new one.
//
// The lock file holds the identity (device, inode, size, modification time) of the last two versions that writers made,
// entered before the rename. So a writer that has worked for hours can tell whether what it finds was made by its like
// or put there by something else.
namespace launchgate::io {

struct FileVersion {
  std::string text;
  std::string identity;
  std::uint64_t sequence = 0;  // of the last entry in the lock file when it was read
};

class SharedFile {
 public:
  explicit SharedFile(std::string path) : path_(std::move(path)) {}

  // The text as it is now. A link, something that is no regular file, or a folder that cannot be written is an error.
  base::Result<FileVersion> read() const;

  // Replaces the text by `edit` of the newest one. An error of `edit` is passed on and nothing is changed. When the
  // file is neither `known` nor a version that a writer made since, it is left alone and the error says so.
  base::Result<void> change(const FileVersion& known,
                            const std::function<base::Result<std::string>(const std::string& newest)>& edit) const;

 private:
  std::string path_;
};

}  // namespace launchgate::io
