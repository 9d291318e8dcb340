#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace launchgate::suite {

// A file of schemas/ or rules/ as it was when the executable was built, in the form that tools/cmake/pack_json.cpp writes.
class EmbeddedFile {
 public:
  constexpr EmbeddedFile(std::string_view name, std::string_view bytes) : path(name), packed_(bytes) {}

  std::string_view path;  // "rules/tiers.json"
  std::string text() const;
  // SHA-256 of the text, as 64 lower-case hexadecimal digits.
  std::string digest() const;

 private:
  std::string_view packed_;
};

const std::vector<EmbeddedFile>& embedded_files();

}  // namespace launchgate::suite
