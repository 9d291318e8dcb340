#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.hpp"
#include "lib/io/descriptor.hpp"

namespace launchgate::io {

// A new file that only grows, each part synced to the disk.
class AppendFile {
 public:
  // Refuses an existing file.
  static base::Result<AppendFile> create(const std::string& path);

  // 0, or errno. Where syncing is impossible (a pipe, some network file systems), what is written counts.
  int append(std::string_view text);
  void close() { file_.close(); }
  const std::string& path() const { return path_; }

 private:
  AppendFile(std::string path, Descriptor file) : path_(std::move(path)), file_(std::move(file)) {}

  std::string path_;
  Descriptor file_;
};

}  // namespace launchgate::io
