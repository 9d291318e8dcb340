#include "load/journal_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>

namespace launchgate::load {

namespace {

// Lines that a stuck disk may hold back before the journal is given up.
constexpr std::size_t most_pending = 64UL * 1024 * 1024;

base::Error cannot(const std::string& path, std::string what, int code) {
  return {base::ErrorCategory::output,
          path,
          {},
          std::move(what) + ": " + std::strerror(code),
          "choose another --output-dir"};
}

int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = ::write(descriptor, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  return 0;
}

}  // namespace

base::Result<void> make_output_folder(const std::string& folder) {
  std::error_code ec;
  std::filesystem::create_directories(folder, ec);
  if (!std::filesystem::is_directory(folder, ec))
    return cannot(folder, "cannot be made a folder", ec ? ec.value() : ENOTDIR);
  if (::access(folder.c_str(), W_OK | X_OK) != 0) return cannot(folder, "cannot be written to", errno);
  return {};
}

base::Result<std::unique_ptr<JournalFile>> JournalFile::create(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor < 0) return cannot(path, "cannot be created", errno);
  return std::unique_ptr<JournalFile>(new JournalFile(path, descriptor));
}

JournalFile::JournalFile(std::string path, int descriptor)
    : path_(std::move(path)), descriptor_(descriptor), writer_([this] { work(); }) {}

JournalFile::~JournalFile() { close(); }

void JournalFile::append(std::string line) {
  {
    const std::lock_guard lock(mutex_);
    if (!failure_.empty() || closing_) return;
    if (pending_.size() + line.size() > most_pending) {
      failure_ = "the disk does not keep up";
      return;
    }
    pending_ += line;
  }
  wake_.notify_one();
}

void JournalFile::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return closing_ || !pending_.empty(); });
    if (pending_.empty()) return;
    const std::string text = std::exchange(pending_, {});
    lock.unlock();
    int code = write_all(descriptor_, text);
    // What cannot be synced (a pipe, some network file systems) is written all the same.
    if (code == 0 && ::fdatasync(descriptor_) != 0 && errno != EINVAL && errno != ENOTSUP) code = errno;
    lock.lock();
    if (code != 0) {
      failure_ = std::strerror(code);
      return;
    }
  }
}

void JournalFile::close() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_one();
  if (writer_.joinable()) writer_.join();
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

void JournalFile::discard() {
  close();
  ::unlink(path_.c_str());
}

std::string JournalFile::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

}  // namespace launchgate::load
