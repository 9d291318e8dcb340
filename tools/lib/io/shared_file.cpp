#include "lib/io/shared_file.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <vector>

#include "lib/io/descriptor.hpp"
#include "lib/io/path.hpp"
#include "lib/io/replace_file.hpp"

namespace launchgate::io {
namespace {

constexpr std::size_t largest_file = 256UL * 1024 * 1024;
constexpr int lock_patience_ms = 30'000;
constexpr int lock_interval_ms = 10;
constexpr std::string_view unchanged = "nothing was changed";

base::Error input_error(const std::string& path, const std::string& what, int code) {
  return {base::ErrorCategory::input, path, {}, what + ": " + std::strerror(code), ""};
}
base::Error output_error(const std::string& path, const std::string& what, int code) {
  return {base::ErrorCategory::output, path, {}, what + ": " + std::strerror(code), std::string(unchanged)};
}

std::string identity_of(const struct stat& info) {
  return std::to_string(info.st_dev) + ":" + std::to_string(info.st_ino) + ":" + std::to_string(info.st_size) + ":" +
         std::to_string(info.st_mtim.tv_sec) + "." + std::to_string(info.st_mtim.tv_nsec);
}

base::Result<FileVersion> read_version(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
  if (!file.valid()) {
    if (errno == ELOOP)
      return base::Error{base::ErrorCategory::input,
                         path,
                         {},
                         "is a link",
                         "name the file itself; through a link it could be another one tomorrow"};
    return input_error(path, "cannot open", errno);
  }
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return input_error(path, "cannot stat", errno);
  if (!S_ISREG(info.st_mode)) return base::Error{base::ErrorCategory::input, path, {}, "is no regular file", ""};
  FileVersion version;
  if (!read_all(file.get(), version.text, largest_file)) return input_error(path, "cannot read", errno);
  version.identity = identity_of(info);
  return version;
}

struct Entry {
  std::uint64_t sequence = 0;
  std::string identity;
};

// The lock, held until it goes out of scope, and the entries of the lock file.
class Lock {
 public:
  static base::Result<Lock> take(const std::string& path) {
    const std::string folder = parent(path);
    const std::string name = join(folder, "." + std::string(file_name(path)) + ".lock");
    Lock lock;
    lock.path_ = name;
    // O_NONBLOCK: what lies there may be a pipe, which nobody writes to.
    lock.file_ = Descriptor(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666));
    if (!lock.file_.valid()) return output_error(path, "cannot open its lock file \"" + name + "\"", errno);
    struct stat kind {};
    if (::fstat(lock.file_.get(), &kind) != 0 || !S_ISREG(kind.st_mode))
      return base::Error{
          base::ErrorCategory::output, name, {}, "is no regular file, so it is no lock", "remove it, then try again"};
    for (int waited = 0; ::flock(lock.file_.get(), LOCK_EX | LOCK_NB) != 0; waited += lock_interval_ms) {
      if (errno != EWOULDBLOCK && errno != EINTR) return output_error(path, "cannot lock", errno);
      if (waited >= lock_patience_ms)
        return base::Error{base::ErrorCategory::output,
                           path,
                           {},
                           "is locked by another process for 30 s",
                           "end that process, or try again"};
      ::poll(nullptr, 0, lock_interval_ms);
    }
    std::string text;
    if (!read_all(lock.file_.get(), text, 4096)) return input_error(name, "cannot read", errno);
    lock.parse(text);
    return lock;
  }

  const std::vector<Entry>& entries() const { return entries_; }
  std::uint64_t sequence() const { return entries_.empty() ? 0 : entries_.back().sequence; }

  bool enter(const std::string& identity) {
    std::vector<Entry> kept;
    if (!entries_.empty()) kept.push_back(entries_.back());
    kept.push_back({sequence() + 1, identity});
    std::string text;
    for (const Entry& entry : kept) text += std::to_string(entry.sequence) + " " + entry.identity + "\n";
    // One small write; what a kill or a full disk leaves torn is read as no entry, which only makes writers more
    // careful.
    if (::pwrite(file_.get(), text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) return false;
    if (::ftruncate(file_.get(), static_cast<off_t>(text.size())) != 0 || ::fsync(file_.get()) != 0) return false;
    entries_ = std::move(kept);
    return true;
  }

 private:
  void parse(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      if (end == std::string_view::npos) return;
      const std::string_view line = text.substr(0, end);
      text.remove_prefix(end + 1);
      Entry entry;
      const auto number = std::from_chars(line.data(), line.data() + line.size(), entry.sequence);
      const auto used = static_cast<std::size_t>(number.ptr - line.data());
      if (number.ec != std::errc() || used >= line.size() || line[used] != ' ') return;
      entry.identity = line.substr(used + 1);
      entries_.push_back(std::move(entry));
    }
  }

  std::string path_;
  Descriptor file_;
  std::vector<Entry> entries_;
};

}  // namespace

base::Result<FileVersion> SharedFile::read() const {
  auto before = read_version(path_);
  if (!before) return before;
  const auto lock = Lock::take(path_);
  if (!lock) return lock.error();
  auto version = read_version(path_);
  if (version) version->sequence = lock->sequence();
  return version;
}

base::Result<void> SharedFile::change(const FileVersion& known,
                                      const std::function<base::Result<std::string>(const std::string&)>& edit) const {
  auto lock = Lock::take(path_);
  if (!lock) return lock.error();
  const auto newest = read_version(path_);
  if (!newest) return newest.error();
  bool ours = newest->identity == known.identity;
  for (const Entry& entry : lock->entries())
    ours = ours || (entry.sequence > known.sequence && entry.identity == newest->identity);
  if (!ours) {
    return base::Error{base::ErrorCategory::output,
                       path_,
                       {},
                       "was replaced or edited by something else meanwhile",
                       "it was left as it is; look at it, then attach the evidence to it"};
  }
  const auto text = edit(newest->text);
  if (!text) return text.error();

  struct stat existing {};
  if (::stat(path_.c_str(), &existing) != 0) return output_error(path_, "cannot stat", errno);
  ReplaceSettings settings;
  settings.mode = existing.st_mode & 07777U;
  settings.needs_synced_folder = true;
  settings.unchanged = unchanged;
  settings.before_rename = [&](const struct stat& written) -> base::Result<void> {
    if (lock->enter(identity_of(written))) return {};
    return output_error(path_, "cannot write its lock file", errno);
  };
  return replace_file(path_, *text, settings);
}

}  // namespace launchgate::io
