#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "lib/base/reader.hpp"
#include "lib/io/descriptor.hpp"

namespace launchgate::io {

// The folder of the file that was opened last: the next one in it is found without its whole path.
class LastFolder {
 public:
  // What to give to openat() for `path`: a descriptor, and the path from there.
  std::pair<int, const char*> place(const std::string& path);

 private:
  std::string folder_;
  Descriptor descriptor_;
};

// A regular file, read in order. Opening never waits and never follows a link unless asked to.
class FileStream final : public base::Reader {
 public:
  // What could not be opened as a regular file: `reason` is a skip, `error` an input that should have been read.
  struct Refusal {
    std::string reason;
    std::optional<base::Error> error;
  };
  std::optional<Refusal> open(const std::string& path, bool follow, LastFolder& last);

  std::uint64_t size() const { return size_; }
  base::Result<std::size_t> read(char* into, std::size_t size) override;

 private:
  Descriptor file_;
  std::string path_;
  std::uint64_t size_ = 0;
  std::uint64_t done_ = 0;
};

// What comes over this process's standard input.
class StandardInput final : public base::Reader {
 public:
  base::Result<std::size_t> read(char* into, std::size_t size) override;
};

// A link's text; none when it cannot be read.
std::optional<std::string> read_link(const std::string& path);

}  // namespace launchgate::io
