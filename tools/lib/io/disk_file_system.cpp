#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "lib/io/file_system.hpp"
#include "lib/io/path.hpp"

namespace launchgate::io {
namespace {

constexpr std::size_t read_chunk = 1UL << 20U;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

base::Error failure(base::ErrorCategory category, const std::string& path, const std::string& what, int code) {
  return {category, path, {}, what + ": " + std::strerror(code), ""};
}

FileKind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return FileKind::regular;
  if (S_ISDIR(mode)) return FileKind::directory;
  if (S_ISLNK(mode)) return FileKind::symlink;
  return FileKind::other;
}

std::string_view describe(mode_t mode) {
  if (S_ISDIR(mode)) return "is a folder, not a file";
  if (S_ISFIFO(mode)) return "is a named pipe, not a file";
  if (S_ISSOCK(mode)) return "is a socket, not a file";
  return "is a device, not a file";
}

FileStatus to_status(const struct stat& info) {
  return {kind_of(info.st_mode), static_cast<std::uint64_t>(info.st_size), (info.st_mode & S_IXUSR) != 0};
}

}  // namespace

base::Result<std::string> DiskFileSystem::read(const std::string& path, std::uint64_t limit) const {
  // O_NONBLOCK: opening a FIFO without a writer must not wait.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid()) return failure(base::ErrorCategory::input, path, "cannot open", errno);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return failure(base::ErrorCategory::input, path, "cannot stat", errno);
  if (!S_ISREG(info.st_mode))
    return base::Error{base::ErrorCategory::input, path, {}, std::string(describe(info.st_mode)), ""};
  const auto too_large = [&](std::uint64_t size) {
    return base::Error{base::ErrorCategory::input,
                       path,
                       {},
                       "has " + std::to_string(size) + " bytes; at most " + std::to_string(limit) + " are read",
                       ""};
  };
  const auto size = static_cast<std::uint64_t>(info.st_size);
  if (size > limit) return too_large(size);

  std::string text(size, '\0');
  std::size_t have = 0;
  while (true) {
    // The file may grow or shrink while it is read; its end is where read() says so.
    if (have == text.size()) {
      if (have > limit) return too_large(have);
      char probe = 0;
      const ssize_t got = ::read(file.get(), &probe, 1);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return failure(base::ErrorCategory::input, path, "cannot read", errno);
      if (got == 0) break;
      text += probe;
      ++have;
      text.resize(have + read_chunk);
      continue;
    }
    const ssize_t got = ::read(file.get(), text.data() + have, text.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure(base::ErrorCategory::input, path, "cannot read", errno);
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  text.resize(have);
  return text;
}

FileStatus DiskFileSystem::status(const std::string& path) const {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 ? to_status(info) : FileStatus{};
}

FileStatus DiskFileSystem::link_status(const std::string& path) const {
  struct stat info {};
  return ::lstat(path.c_str(), &info) == 0 ? to_status(info) : FileStatus{};
}

base::Result<std::vector<DirectoryEntry>> DiskFileSystem::list(const std::string& path) const {
  DIR* directory = ::opendir(path.empty() ? "." : path.c_str());
  if (directory == nullptr) return failure(base::ErrorCategory::input, path, "cannot list", errno);
  std::vector<DirectoryEntry> entries;
  errno = 0;
  while (const dirent* entry = ::readdir(directory)) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    FileKind kind = FileKind::other;
    if (entry->d_type == DT_REG) {
      kind = FileKind::regular;
    } else if (entry->d_type == DT_DIR) {
      kind = FileKind::directory;
    } else if (entry->d_type == DT_LNK) {
      kind = FileKind::symlink;
    } else if (entry->d_type == DT_UNKNOWN) {
      kind = link_status(join(path, name)).kind;
    }
    entries.push_back({std::string(name), kind});
    errno = 0;
  }
  const int code = errno;
  ::closedir(directory);
  if (code != 0) return failure(base::ErrorCategory::input, path, "cannot list", code);
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return entries;
}

base::Result<std::string> DiskFileSystem::canonical(const std::string& path) const {
  char* resolved = ::realpath(path.empty() ? "." : path.c_str(), nullptr);
  if (resolved == nullptr) return failure(base::ErrorCategory::input, path, "cannot resolve", errno);
  std::string text = resolved;
  std::free(resolved);
  return text;
}

std::string DiskFileSystem::current_directory() const {
  std::array<char, PATH_MAX> buffer{};
  return ::getcwd(buffer.data(), buffer.size()) != nullptr ? std::string(buffer.data()) : std::string(".");
}

base::Result<void> DiskFileSystem::check_writable(const std::string& path) const {
  const std::string folder = parent(path);
  if (status(path).kind == FileKind::directory)
    return base::Error{base::ErrorCategory::output, path, {}, "is a folder, not a file", ""};
  if (::access(folder.empty() ? "." : folder.c_str(), W_OK | X_OK) != 0) {
    return failure(base::ErrorCategory::output, path, "cannot write into its folder", errno);
  }
  return {};
}

namespace {

// True when all was written; errno tells otherwise.
bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = ::write(descriptor, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

base::Result<void> write_in_place(const std::string& path, std::string_view text) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.valid() || !write_all(file.get(), text) || ::close(file.release()) != 0) {
    return failure(base::ErrorCategory::output, path, "cannot write", errno);
  }
  return {};
}

// The mode of a new file under the process's umask, which can only be read by setting it.
mode_t default_mode() {
  static const mode_t mask = [] {
    const mode_t current = ::umask(0);
    ::umask(current);
    return current;
  }();
  return 0666U & ~mask;
}

}  // namespace

base::Result<void> DiskFileSystem::write(const std::string& name, std::string_view text, bool exclusive) {
  const FileKind existing_kind = link_status(name).kind;
  if (exclusive && existing_kind != FileKind::missing) {
    return base::Error{
        base::ErrorCategory::output, name, {}, "exists already", "it is never overwritten; move it away first"};
  }
  std::string path = name;
  if (existing_kind == FileKind::symlink) {
    auto target = canonical(name);
    if (!target) return base::Error{base::ErrorCategory::output, name, {}, "is a link that leads nowhere", ""};
    path = std::move(*target);
  }
  if (status(path).kind == FileKind::directory)
    return base::Error{base::ErrorCategory::output, name, {}, "is a folder, not a file", ""};
  if (status(path).kind == FileKind::other) return write_in_place(path, text);

  std::string temporary = path + ".XXXXXX";
  Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!file.valid()) return failure(base::ErrorCategory::output, name, "cannot create a file beside it", errno);
  const auto give_up = [&](const std::string& what) {
    const auto error = failure(base::ErrorCategory::output, name, what, errno);
    ::unlink(temporary.c_str());
    return error;
  };
  struct stat existing {};
  const mode_t mode = ::stat(path.c_str(), &existing) == 0 ? (existing.st_mode & 07777U) : default_mode();
  if (::fchmod(file.get(), mode) != 0) return give_up("cannot set its mode");
  if (!write_all(file.get(), text)) return give_up("cannot write");
  if (::fsync(file.get()) != 0) return give_up("cannot write to the disk");
  if (::close(file.release()) != 0) return give_up("cannot write");
  if (exclusive) {
    // link() fails where rename() would replace a file made meanwhile.
    if (::link(temporary.c_str(), path.c_str()) != 0) return give_up("cannot create");
    ::unlink(temporary.c_str());
  } else if (::rename(temporary.c_str(), path.c_str()) != 0) {
    return give_up("cannot replace");
  }
  // Without a sync of the folder, a power cut could bring the old name back.
  const std::string folder = parent(path);
  const Descriptor directory(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.valid()) ::fsync(directory.get());
  return {};
}

base::Result<void> DiskFileSystem::remove(const std::string& path) {
  if (::unlink(path.c_str()) == 0 || errno == ENOENT) return {};
  return failure(base::ErrorCategory::output, path, "cannot remove", errno);
}

base::Result<void> DiskFileSystem::make_executable(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return failure(base::ErrorCategory::output, path, "cannot stat", errno);
  const mode_t readable = info.st_mode & 0444U;
  if (::chmod(path.c_str(), (info.st_mode & 07777U) | (readable >> 2U)) == 0) return {};
  return failure(base::ErrorCategory::output, path, "cannot make it executable", errno);
}

}  // namespace launchgate::io
