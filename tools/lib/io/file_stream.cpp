#include "lib/io/file_stream.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <string_view>

#include "lib/io/system.hpp"

namespace launchgate::io {
namespace {

base::Error unreadable(const std::string& path, std::string_view what) {
  return {base::ErrorCategory::input, path, {}, std::string(what) + ": " + std::strerror(errno), ""};
}

}  // namespace

std::pair<int, const char*> LastFolder::place(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos || slash == 0) return {AT_FDCWD, path.c_str()};
  const std::string_view folder = std::string_view(path).substr(0, slash);
  if (folder != folder_) {
    folder_ = folder;
    descriptor_ = Descriptor(::open(folder_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  }
  if (!descriptor_.valid()) return {AT_FDCWD, path.c_str()};
  return {descriptor_.get(), path.c_str() + slash + 1};
}

std::optional<FileStream::Refusal> FileStream::open(const std::string& path, bool follow, LastFolder& last) {
  path_ = path;
  const int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (follow ? 0 : O_NOFOLLOW);
  const auto [folder, name] = last.place(path);
  file_ = Descriptor(::openat(folder, name, flags));
  if (!file_.valid()) {
    if (errno == ENOENT || errno == ENOTDIR)
      return Refusal{follow ? "broken link, of which the text was scanned" : "vanished", std::nullopt};
    if (errno == ELOOP)
      return Refusal{follow ? "link to itself, of which the text was scanned" : "symbolic link", std::nullopt};
    if (errno == ENXIO || errno == ENODEV) return Refusal{"socket or device", std::nullopt};
    return Refusal{"", unreadable(path, "cannot open")};
  }
  struct stat info {};
  if (::fstat(file_.get(), &info) != 0) return Refusal{"", unreadable(path, "cannot stat")};
  if (S_ISFIFO(info.st_mode)) return Refusal{"named pipe", std::nullopt};
  if (!S_ISREG(info.st_mode)) return Refusal{"no regular file", std::nullopt};
  size_ = static_cast<std::uint64_t>(info.st_size);
  return std::nullopt;
}

base::Result<std::size_t> FileStream::read(char* into, std::size_t size) {
  // Files under /proc say that they are empty, so only a size above 0 is believed.
  if (size_ > 0 && done_ == size_) return std::size_t{0};
  const std::ptrdiff_t got = read_some(file_.get(), into, size);
  if (got < 0) return unreadable(path_, "cannot read");
  done_ += static_cast<std::uint64_t>(got);
  return static_cast<std::size_t>(got);
}

base::Result<std::size_t> StandardInput::read(char* into, std::size_t size) {
  const std::ptrdiff_t got = read_some(standard_input, into, size);
  if (got < 0) return unreadable("<stdin>", "cannot read");
  return static_cast<std::size_t>(got);
}

std::optional<std::string> read_link(const std::string& path) {
  std::array<char, PATH_MAX> text;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  const ssize_t length = ::readlink(path.c_str(), text.data(), text.size());
  if (length < 0) return std::nullopt;
  return std::string(text.data(), static_cast<std::size_t>(length));
}

}  // namespace launchgate::io
