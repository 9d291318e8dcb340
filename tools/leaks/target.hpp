#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace launchgate::leaks {

// Something to scan.
struct Target {
  enum class Kind : std::uint8_t { file, link, standard_input, blob } kind = Kind::file;
  std::string disk;   // path of a file or link
  std::string shown;  // relative to the root where it lies inside
  std::string name;   // the part of the path that is scanned as a name; empty: none
  bool follow = false;
  // Of a blob:
  std::string object;
  std::optional<std::string> before;  // only lines that this blob has not are looked at
  bool blob_is_link = false;
};

}  // namespace launchgate::leaks
