#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "leaks/ignore_rules.hpp"
#include "leaks/target.hpp"
#include "lib/base/result.hpp"
#include "lib/io/walk.hpp"

namespace launchgate::leaks {

struct WalkSettings {
  const io::FileSystem& disk;
  std::string root;  // absolute; ignore files between it and the start of a walk count
  bool ignore_files = true;
  std::vector<std::string> include;  // globs over the path relative to the root
  std::vector<std::string> exclude;
};

// Hands out all below a folder without following links: files and links as targets, everything else and what is left
// out as skipped, what cannot be listed as an error. In a git repository the list is git's own, so that what is tracked
// is scanned whatever ignore files say, and what they say of the rest is what git understands; elsewhere they are read
// here.
class Walk {
 public:
  struct Sink {
    std::function<void(Target)> target;
    std::function<void(const std::string& shown, const std::string& reason)> skipped;
    std::function<void(const std::string& shown, base::Error error)> failed;
  };
  Walk(const WalkSettings& settings, Sink sink) : settings_(settings), sink_(std::move(sink)) {}

  // `folder` on disk; `shown` relative to the root ("" for the root itself), or as given when it lies outside. The
  // error is git's.
  base::Result<void> run(const std::string& folder, const std::string& shown);

 private:
  struct Layer {
    IgnoreRules rules;
    std::size_t prefix = 0;  // length of the folder's shown path with its slash
  };
  base::Result<void> list_with_git(const std::string& folder, const std::string& shown);
  base::Result<void> listed(const std::string& folder, const std::string& path, const std::string& shown, bool tracked);
  void list_folders(const std::string& folder, const std::string& shown);
  void enter(const io::WalkEntry& folder, const std::vector<io::DirectoryEntry>& entries);
  bool visit(const io::WalkEntry& entry);
  void take(const std::string& path, const std::string& shown, io::FileKind kind);
  std::shared_ptr<const Layer> layer_of(const std::string& folder, const std::string& shown,
                                        const std::vector<std::string>& names) const;
  bool ignored(const std::string& shown, bool folder) const;
  bool ignored_by_own_files(const std::string& folder, const std::string& shown, const std::string& path);
  bool excluded(const std::string& shown, bool folder) const;

  const WalkSettings& settings_;
  Sink sink_;
  std::vector<std::shared_ptr<const Layer>> layers_;  // of the folders above, then of those on the way down
  std::size_t above_ = 0;
  std::map<std::string, std::shared_ptr<const Layer>> own_;  // .launchgateignore, by shown folder
  std::map<std::string, bool> real_folders_;                 // no link leads to them
};

}  // namespace launchgate::leaks
