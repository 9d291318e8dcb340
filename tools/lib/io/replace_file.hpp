#pragma once

#include <sys/stat.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/result.hpp"

namespace launchgate::io {

// The mode of a file that is made new: 0600, since records, logs, decisions and reports are nobody else's; or what
// LAUNCHGATE_FILE_MODE asks for, in octal. The umask holds for both.
mode_t new_file_mode();

struct ReplaceSettings {
  std::optional<mode_t> mode;  // none: that of a new file
  bool exclusive = false;      // fails where a file is there already
  bool needs_synced_folder = false;
  std::string unchanged;  // the remedy that an error names while the old file stands
  // Called with the new file before it takes its name; an error leaves the old one.
  std::function<base::Result<void>(const struct stat& written)> before_rename;
};

// Writes a temporary in the same folder, syncs it and gives it the name, so that a reader, a kill or a power cut finds
// the old text or the new one, whole. `path` is no link.
base::Result<void> replace_file(const std::string& path, std::string_view text, const ReplaceSettings& settings);

}  // namespace launchgate::io
