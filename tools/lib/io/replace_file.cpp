#include "lib/io/replace_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "lib/io/descriptor.hpp"
#include "lib/io/path.hpp"
#include "lib/io/system.hpp"

namespace launchgate::io {
namespace {

base::Error failure(const std::string& path, const std::string& what) {
  return {base::ErrorCategory::output, path, {}, what + ": " + std::strerror(errno), ""};
}

constexpr mode_t nobody_else = 0600;

mode_t asked_mode() {
  const auto text = environment_variable("LAUNCHGATE_FILE_MODE");
  if (!text) return nobody_else;
  mode_t mode = 0;
  const auto parsed = std::from_chars(text->data(), text->data() + text->size(), mode, 8);
  const bool usable = parsed.ec == std::errc() && parsed.ptr == text->data() + text->size() && mode <= 0777U;
  return usable ? mode | nobody_else : nobody_else;
}

base::Result<void> fill(Descriptor& file, const std::string& path, std::string_view text,
                        const ReplaceSettings& settings) {
  if (::fchmod(file.get(), settings.mode.value_or(new_file_mode())) != 0) return failure(path, "cannot set its mode");
  if (!write_all(file.get(), text)) return failure(path, "cannot write");
  if (::fsync(file.get()) != 0) return failure(path, "cannot write to the disk");
  struct stat written {};
  if (::fstat(file.get(), &written) != 0) return failure(path, "cannot stat");
  if (!file.close()) return failure(path, "cannot write");
  return settings.before_rename ? settings.before_rename(written) : base::Result<void>();
}

}  // namespace

mode_t new_file_mode() {
  // The process's umask can only be read by setting it.
  static const mode_t mask = [] {
    const mode_t current = ::umask(0);
    ::umask(current);
    return current;
  }();
  static const mode_t asked = asked_mode();
  return asked & ~mask;
}

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
