#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "lib/base/result.hpp"
#include "lib/secrets/text_scan.hpp"

namespace launchgate::leaks {

// The folder of the file that was opened last: the next one in it is found without its whole path.
class LastFolder {
 public:
  LastFolder() = default;
  LastFolder(const LastFolder&) = delete;
  LastFolder& operator=(const LastFolder&) = delete;
  ~LastFolder();

  // What to give to openat() for `path`: a descriptor, and the path from there.
  std::pair<int, const char*> place(const std::string& path);

 private:
  std::string folder_;
  int descriptor_ = -1;
};

// A regular file, read in order. Opening never waits and never follows a link unless asked to.
class FileReader final : public secrets::Reader {
 public:
  // What could not be opened as a regular file: `reason` is a skip, `error` an input that should have been read.
  struct Refusal {
    std::string reason;
    std::optional<base::Error> error;
  };
  std::optional<Refusal> open(const std::string& path, bool follow, LastFolder& last);
  FileReader() = default;
  FileReader(const FileReader&) = delete;
  FileReader& operator=(const FileReader&) = delete;
  ~FileReader() override;

  std::uint64_t size() const { return size_; }
  base::Result<std::size_t> read(char* into, std::size_t size) override;

  // Reads from a descriptor that is open already, for example standard input.
  void adopt(int descriptor, std::string path);

 private:
  int descriptor_ = -1;
  bool owned_ = true;
  std::string path_;
  std::uint64_t size_ = 0;
  std::uint64_t done_ = 0;
};

// A link's text; none when it cannot be read.
std::optional<std::string> read_link(const std::string& path);

}  // namespace launchgate::leaks
