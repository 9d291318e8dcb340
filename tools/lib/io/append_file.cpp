#include "lib/io/append_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "lib/io/replace_file.hpp"

namespace launchgate::io {

base::Result<AppendFile> AppendFile::create(const std::string& path) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, new_file_mode()));
  if (file.valid()) return AppendFile(path, std::move(file));
  return base::Error{
      base::ErrorCategory::output, path, {}, std::string("cannot be created: ") + std::strerror(errno), ""};
}

int AppendFile::sync() {
  if (::fdatasync(file_.get()) == 0 || errno == EINVAL || errno == ENOTSUP) return 0;
  return errno;
}

int AppendFile::append(std::string_view text) {
  if (!write_all(file_.get(), text)) return errno;
  size_ += text.size();
  return sync();
}

int AppendFile::replace_from(std::uint64_t offset, std::string_view text) {
  if (::lseek(file_.get(), static_cast<off_t>(offset), SEEK_SET) < 0) return errno;
  if (!write_all(file_.get(), text)) return errno;
  if (const int code = sync(); code != 0) return code;
  size_ = offset + text.size();
  if (::ftruncate(file_.get(), static_cast<off_t>(size_)) != 0) return errno;
  return sync();
}

}  // namespace launchgate::io
