#include "lib/io/folder.hpp"

#include <filesystem>

namespace launchgate::io {

base::Result<void> make_folder(const std::string& path) {
  std::error_code code;
  std::filesystem::create_directories(path, code);
  if (!code && !std::filesystem::is_directory(path, code)) code = std::make_error_code(std::errc::not_a_directory);
  if (code) return base::Error{base::ErrorCategory::output, path, {}, "cannot make the folder: " + code.message(), ""};
  return {};
}

}  // namespace launchgate::io
