#pragma once

#include <string_view>
#include <vector>

namespace launchgate::suite {

// A file of schemas/ or rules/ as it was when the executable was built.
struct EmbeddedFile {
  std::string_view path;  // "rules/tiers.json"
  std::string_view bytes;
  std::string_view sha256;  // of the bytes, 64 hexadecimal digits
};

const std::vector<EmbeddedFile>& embedded_files();

}  // namespace launchgate::suite
