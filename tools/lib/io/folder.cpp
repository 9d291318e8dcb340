#include "lib/io/folder.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace launchgate::io {

base::Result<void> make_folder(const std::string& path) {
  std::error_code code;
  std::filesystem::create_directories(path, code);
  if (!code && !std::filesystem::is_directory(path, code)) code = std::make_error_code(std::errc::not_a_directory);
  if (code) return base::Error{base::ErrorCategory::output, path, {}, "cannot make the folder: " + code.message(), ""};
  return {};
}

base::Result<void> make_writable_folder(const std::string& path) {
  auto made = make_folder(path);
  if (made && ::access(path.c_str(), W_OK | X_OK) != 0)
    return base::Error{
        base::ErrorCategory::output, path, {}, std::string("cannot be written to: ") + std::strerror(errno), ""};
  return made;
}

}  // namespace launchgate::io
