#include "leaks/file_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <string_view>

namespace launchgate::leaks {

LastFolder::~LastFolder() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::pair<int, const char*> LastFolder::place(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos || slash == 0) return {AT_FDCWD, path.c_str()};
  const std::string_view folder = std::string_view(path).substr(0, slash);
  if (folder != folder_) {
    if (descriptor_ >= 0) ::close(descriptor_);
    folder_ = folder;
    descriptor_ = ::open(folder_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  }
  if (descriptor_ < 0) return {AT_FDCWD, path.c_str()};
  return {descriptor_, path.c_str() + slash + 1};
}

FileReader::~FileReader() {
  if (owned_ && descriptor_ >= 0) ::close(descriptor_);
}

std::optional<FileReader::Refusal> FileReader::open(const std::string& path, bool follow, LastFolder& last) {
  path_ = path;
  const int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (follow ? 0 : O_NOFOLLOW);
  const auto unreadable = [&](const char* what, int code) {
    return Refusal{
        "", base::Error{base::ErrorCategory::input, path, {}, std::string(what) + ": " + std::strerror(code), ""}};
  };
  const auto [folder, name] = last.place(path);
  descriptor_ = ::openat(folder, name, flags);
  if (descriptor_ < 0) {
    const int code = errno;
    if (code == ENOENT || code == ENOTDIR)
      return Refusal{follow ? "broken link, of which the text was scanned" : "vanished", std::nullopt};
    if (code == ELOOP)
      return Refusal{follow ? "link to itself, of which the text was scanned" : "symbolic link", std::nullopt};
    if (code == ENXIO || code == ENODEV) return Refusal{"socket or device", std::nullopt};
    return unreadable("cannot open", code);
  }
  struct stat info {};
  if (::fstat(descriptor_, &info) != 0) return unreadable("cannot stat", errno);
  if (S_ISFIFO(info.st_mode)) return Refusal{"named pipe", std::nullopt};
  if (!S_ISREG(info.st_mode)) return Refusal{"no regular file", std::nullopt};
  size_ = static_cast<std::uint64_t>(info.st_size);
  return std::nullopt;
}

void FileReader::adopt(int descriptor, std::string path) {
  descriptor_ = descriptor;
  owned_ = false;
  path_ = std::move(path);
}

base::Result<std::size_t> FileReader::read(char* into, std::size_t size) {
  // Files under /proc say that they are empty, so only a size above 0 is believed.
  if (owned_ && size_ > 0 && done_ == size_) return std::size_t{0};
  while (true) {
    const ssize_t got = ::read(descriptor_, into, size);
    if (got >= 0) {
      done_ += static_cast<std::uint64_t>(got);
      return static_cast<std::size_t>(got);
    }
    if (errno == EINTR) continue;
    return base::Error{base::ErrorCategory::input, path_, {}, std::string("cannot read: ") + std::strerror(errno), ""};
  }
}

std::optional<std::string> read_link(const std::string& path) {
  std::array<char, PATH_MAX> text;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  const ssize_t length = ::readlink(path.c_str(), text.data(), text.size());
  if (length < 0) return std::nullopt;
  return std::string(text.data(), static_cast<std::size_t>(length));
}

}  // namespace launchgate::leaks
