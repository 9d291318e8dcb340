#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/result.hpp"
#include "lib/io/descriptor.hpp"

namespace launchgate::io {

// A new file to which parts are added at its end, each synced to the disk.
class AppendFile {
 public:
  // Refuses an existing file.
  static base::Result<AppendFile> create(const std::string& path);

  // 0, or errno. Where syncing is impossible (a pipe, some network file systems), what is written counts.
  int append(std::string_view text);
  // Puts the text in place of all from that byte on: written over it first and cut off then, so that what a crash
  // leaves is the old end, or the new one with a piece of the old behind it.
  int replace_from(std::uint64_t offset, std::string_view text);
  std::uint64_t size() const { return size_; }
  void close() { file_.close(); }
  const std::string& path() const { return path_; }

 private:
  AppendFile(std::string path, Descriptor file) : path_(std::move(path)), file_(std::move(file)) {}

  std::string path_;
  int sync();

  Descriptor file_;
  std::uint64_t size_ = 0;
};

}  // namespace launchgate::io
