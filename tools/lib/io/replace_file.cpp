#include "lib/io/replace_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "lib/io/descriptor.hpp"
#include "lib/io/path.hpp"

namespace launchgate::io {
namespace {

base::Error failure(const std::string& path, const std::string& what) {
  return {base::ErrorCategory::output, path, {}, what + ": " + std::strerror(errno), ""};
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

base::Result<void> fill(Descriptor& file, const std::string& path, std::string_view text,
                        const ReplaceSettings& settings) {
  if (::fchmod(file.get(), settings.mode.value_or(default_mode())) != 0) return failure(path, "cannot set its mode");
  if (!write_all(file.get(), text)) return failure(path, "cannot write");
  if (::fsync(file.get()) != 0) return failure(path, "cannot write to the disk");
  struct stat written {};
  if (::fstat(file.get(), &written) != 0) return failure(path, "cannot stat");
  if (!file.close()) return failure(path, "cannot write");
  return settings.before_rename ? settings.before_rename(written) : base::Result<void>();
}

}  // namespace

base::Result<void> replace_file(const std::string& path, std::string_view text, const ReplaceSettings& settings) {
  std::string temporary = path + ".XXXXXX";
  Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!file.valid()) {
    base::Error error = failure(path, "cannot create a file beside it");
    error.help = settings.unchanged;
    return error;
  }
  auto done = fill(file, path, text, settings);
  if (done && settings.exclusive) {
    // link() fails where rename() would replace a file made meanwhile.
    if (::link(temporary.c_str(), path.c_str()) != 0) done = failure(path, "cannot create");
  } else if (done && ::rename(temporary.c_str(), path.c_str()) != 0) {
    done = failure(path, "cannot replace");
  }
  if (!done || settings.exclusive) ::unlink(temporary.c_str());
  if (!done) {
    done.error().help = settings.unchanged;
    return done;
  }
  // Without a sync of the folder, a power cut could bring the old text back.
  const std::string folder = parent(path);
  const Descriptor directory(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const bool synced = directory.valid() && ::fsync(directory.get()) == 0;
  if (!synced && settings.needs_synced_folder) return failure(path, "its folder could not be synced");
  return {};
}

}  // namespace launchgate::io
