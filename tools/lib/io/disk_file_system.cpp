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

#include "lib/io/descriptor.hpp"
#include "lib/io/file_system.hpp"
#include "lib/io/path.hpp"
#include "lib/io/replace_file.hpp"

namespace launchgate::io {
namespace {

constexpr std::size_t read_chunk = 1UL << 20U;

base::Error failure(base::ErrorCategory category, const std::string& path, const std::string& what, int code) {
  return {category, path, {}, what + ": " + std::strerror(code), ""};
}

FileKind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return FileKind::regular;
  if (S_ISDIR(mode)) return FileKind::directory;
  if (S_ISLNK(mode)) return FileKind::symlink;
  if (S_ISFIFO(mode)) return FileKind::pipe;
  return S_ISSOCK(mode) ? FileKind::socket : FileKind::device;
}

FileStatus to_status(const struct stat& info) {
  return {kind_of(info.st_mode), static_cast<std::uint64_t>(info.st_size), (info.st_mode & S_IXUSR) != 0, info.st_uid};
}

base::Error too_large(const std::string& path, std::uint64_t size, std::uint64_t limit) {
  return {base::ErrorCategory::input,
          path,
          {},
          "has " + std::to_string(size) + " bytes; at most " + std::to_string(limit) + " are read",
          ""};
}

struct Opened {
  Descriptor descriptor;
  std::uint64_t size = 0;
};

base::Result<Opened> open_regular(const std::string& path, std::uint64_t limit) {
  // O_NONBLOCK: opening a FIFO without a writer must not wait.
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid()) return failure(base::ErrorCategory::input, path, "cannot open", errno);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return failure(base::ErrorCategory::input, path, "cannot stat", errno);
  if (!S_ISREG(info.st_mode))
    return base::Error{base::ErrorCategory::input, path, {}, std::string(describe(kind_of(info.st_mode))), ""};
  const auto size = static_cast<std::uint64_t>(info.st_size);
  if (size > limit) return too_large(path, size, limit);
  return Opened{std::move(file), size};
}

}  // namespace

base::Result<std::string> DiskFileSystem::read(const std::string& path, std::uint64_t limit) const {
  const auto file = open_regular(path, limit);
  if (!file) return file.error();
  std::string text(file->size, '\0');
  std::size_t have = 0;
  while (true) {
    // The file may grow or shrink while it is read; its end is where read() says so.
    if (have == text.size()) {
      if (have > limit) return too_large(path, have, limit);
      char probe = 0;
      const std::ptrdiff_t got = read_some(file->descriptor.get(), &probe, 1);
      if (got < 0) return failure(base::ErrorCategory::input, path, "cannot read", errno);
      if (got == 0) break;
      text += probe;
      ++have;
      text.resize(have + read_chunk);
      continue;
    }
    const std::ptrdiff_t got = read_some(file->descriptor.get(), text.data() + have, text.size() - have);
    if (got < 0) return failure(base::ErrorCategory::input, path, "cannot read", errno);
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  text.resize(have);
  return text;
}

base::Result<void> DiskFileSystem::read_parts(const std::string& path, std::uint64_t limit,
                                              const std::function<void(std::string_view)>& part) const {
  const auto file = open_regular(path, limit);
  if (!file) return file.error();
  std::string some(read_chunk, '\0');
  for (std::uint64_t have = 0;;) {
    const std::ptrdiff_t got = read_some(file->descriptor.get(), some.data(), some.size());
    if (got < 0) return failure(base::ErrorCategory::input, path, "cannot read", errno);
    if (got == 0) return {};
    have += static_cast<std::uint64_t>(got);
    if (have > limit) return too_large(path, have, limit);
    part(std::string_view(some).substr(0, static_cast<std::size_t>(got)));
  }
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
    const FileKind kind =
        entry->d_type == DT_UNKNOWN ? link_status(join(path, name)).kind : kind_of(DTTOIF(entry->d_type));
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

base::Result<void> write_in_place(const std::string& path, std::string_view text) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.valid() || !write_all(file.get(), text) || !file.close()) {
    return failure(base::ErrorCategory::output, path, "cannot write", errno);
  }
  return {};
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
  const FileKind kind = status(path).kind;
  if (kind == FileKind::directory)
    return base::Error{base::ErrorCategory::output, name, {}, "is a folder, not a file", ""};
  if (is_special(kind)) return write_in_place(path, text);

  struct stat existing {};
  ReplaceSettings settings;
  if (::stat(path.c_str(), &existing) == 0) settings.mode = existing.st_mode & 07777U;
  settings.exclusive = exclusive;
  auto written = replace_file(path, text, settings);
  if (!written) written.error().path = name;
  return written;
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
