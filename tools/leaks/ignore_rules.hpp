#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace launchgate::leaks {

// The patterns of one ignore file, as gitignore(5) describes them.
class IgnoreRules {
 public:
  enum class Verdict : std::uint8_t { none, ignored, kept };

  void add(std::string_view text);  // of an ignore file
  bool empty() const { return patterns_.empty(); }

  // `path` is relative to the folder of the ignore file. The last pattern that matches decides.
  Verdict judge(std::string_view path, bool folder) const;

 private:
  struct Pattern {
    enum class Kind : std::uint8_t { name, ending, name_glob, path_glob } kind = Kind::name;
    std::string text;
    bool negated = false;
    bool folders_only = false;
  };
  std::vector<Pattern> patterns_;
};

}  // namespace launchgate::leaks
