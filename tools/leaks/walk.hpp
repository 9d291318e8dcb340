#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "leaks/ignore_rules.hpp"
#include "leaks/target.hpp"
#include "lib/base/result.hpp"

namespace launchgate::leaks {

struct WalkSettings {
  std::string root;  // absolute; ignore files between it and the start of a walk count
  bool ignore_files = true;
  std::vector<std::string> include;  // globs over the path relative to the root
  std::vector<std::string> exclude;
  std::set<std::string> keep;  // paths relative to the root that no ignore file hides, because they are tracked
};

// Hands out all below a folder, in byte order, without following links: files and links as targets, everything else and
// what is left out as skipped, what cannot be listed as an error.
class Walk {
 public:
  struct Sink {
    std::function<void(Target)> target;
    std::function<void(const std::string& shown, const std::string& reason)> skipped;
    std::function<void(const std::string& shown, base::Error error)> failed;
  };
  Walk(const WalkSettings& settings, Sink sink) : settings_(settings), sink_(std::move(sink)) {}

  // `folder` on disk; `shown` relative to the root ("" for the root itself), or as given when it lies outside.
  void run(const std::string& folder, const std::string& shown, bool inside_root);

 private:
  struct Layer {
    IgnoreRules rules;
    std::size_t prefix = 0;  // length of the folder's shown path with its slash
  };
  void enter(const std::string& folder, const std::string& shown, int depth, bool only_kept);
  void push_layer(const std::string& folder, const std::string& shown);
  bool ignored(const std::string& shown, bool folder) const;
  bool excluded(const std::string& shown, bool folder) const;
  bool holds_kept(const std::string& shown) const;

  const WalkSettings& settings_;
  Sink sink_;
  std::vector<Layer> layers_;
};

}  // namespace launchgate::leaks
