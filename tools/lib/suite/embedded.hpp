#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace launchgate::suite {

// A file of schemas/ or rules/ as it was when the executable was built, without white space between tokens, in the form
// that tools/cmake/pack_file.cpp writes.
class EmbeddedFile {
 public:
  constexpr EmbeddedFile(std::string_view name, std::string_view packed, std::string_view known,
                         std::span<const std::uint64_t> words = {})
      : path(name), index(known), plan(words), packed_(packed) {}

  std::string_view path;                // "rules/tiers.json"
  std::string_view index;               // of a rule pack, as rules::Pack::open() takes it; empty for other files
  std::span<const std::uint64_t> plan;  // of a schema, as schema::Schema reads it; empty for other files
  std::string text() const;
  // SHA-256 of the text, as 64 lower-case hexadecimal digits.
  std::string digest() const;

 private:
  std::string_view packed_;
};

const std::vector<EmbeddedFile>& embedded_files();

}  // namespace launchgate::suite
