#include "load/journal_file.hpp"

#include <cstring>
#include <string_view>

#include "lib/io/file_system.hpp"
#include "lib/io/folder.hpp"

namespace launchgate::load {

namespace {

// Lines that a stuck disk may hold back before the journal is given up.
constexpr std::size_t most_pending = 64UL * 1024 * 1024;

base::Error refused(base::Error error) {
  error.help = "choose another --output-dir";
  return error;
}

}  // namespace

base::Result<void> make_output_folder(const std::string& folder) {
  auto made = io::make_writable_folder(folder);
  return made ? made : refused(made.error());
}

base::Result<std::unique_ptr<JournalFile>> JournalFile::create(const std::string& path) {
  auto file = io::AppendFile::create(path);
  if (!file) return refused(file.error());
  return std::unique_ptr<JournalFile>(new JournalFile(std::move(*file)));
}

JournalFile::JournalFile(io::AppendFile file) : file_(std::move(file)), writer_([this] { work(); }) {}

JournalFile::~JournalFile() { close(); }

void JournalFile::append(std::string line) { enqueue({std::move(line), false, false}); }
void JournalFile::join(std::string line, bool mark) { enqueue({std::move(line), true, mark}); }
void JournalFile::mark() { enqueue({{}, false, true}); }

void JournalFile::enqueue(Part part) {
  {
    const std::lock_guard lock(mutex_);
    if (!failure_.empty() || closing_) return;
    if (pending_bytes_ + part.text.size() > most_pending) {
      failure_ = "the disk does not keep up";
      return;
    }
    pending_bytes_ += part.text.size();
    pending_.push_back(std::move(part));
  }
  wake_.notify_one();
}

int JournalFile::write(const Part& part) {
  int code = 0;
  if (part.joins) {
    code = file_.replace_from(marked_, part.text);
  } else if (!part.text.empty()) {
    code = file_.append(part.text);
  }
  if (part.marks) marked_ = file_.size();
  return code;
}

void JournalFile::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return closing_ || !pending_.empty(); });
    if (pending_.empty()) return;
    const std::vector<Part> parts = std::exchange(pending_, {});
    pending_bytes_ = 0;
    lock.unlock();
    int code = 0;
    for (const Part& part : parts) {
      if (code == 0) code = write(part);
    }
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
  file_.close();
}

void JournalFile::discard() {
  close();
  (void)io::DiskFileSystem().remove(path());
}

std::string JournalFile::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

}  // namespace launchgate::load
