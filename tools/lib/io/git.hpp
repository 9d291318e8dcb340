#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/io/child.hpp"

// Reads a repository through git's plumbing. Contents always come as blobs, so that no attribute, text conversion or
// external diff can hide a byte of them. Paths are bytes, relative to the folder.
namespace launchgate::io {

struct GitFile {
  std::string path;
  std::string object;  // of the content, in hexadecimal; empty for a change that brings none: a removal, another mode,
                       // a submodule
  std::optional<std::string> before;  // the object that it replaces
  bool link = false;                  // the content is a link's text
};

class Git {
 public:
  // `folder` lies in the repository; only what lies in it is listed.
  explicit Git(std::string folder) : folder_(std::move(folder)) {}

  // Entries of the index that differ from HEAD; all of them before the first commit. An unmerged path comes with each
  // of its stages.
  base::Result<std::vector<GitFile>> staged() const;
  // Files that `to` adds to `from` or has otherwise.
  base::Result<std::vector<GitFile>> changed(const std::string& from, const std::string& to) const;
  // Every blob that the commits of `range` reach (all references when empty), once, under one of its paths.
  base::Result<std::vector<GitFile>> history(const std::string& range) const;
  // Every entry of the index; an unmerged path comes with each of its stages.
  base::Result<std::vector<GitFile>> index() const;
  // Entries of the index that the disk has otherwise or not at all. Without a refresh of the index, an equal file may
  // be among them.
  base::Result<std::vector<std::string>> unstaged() const;
  // Tracked files that the ignore files name.
  base::Result<std::vector<std::string>> tracked_but_ignored() const;
  // The work tree's folder, absolute and without links.
  base::Result<std::string> top_level() const;
  // Where git looks for this hook: core.hooksPath and linked work trees are respected. Absolute.
  base::Result<std::string> hook_path(const std::string& hook) const;

  const std::string& folder() const { return folder_; }

 private:
  base::Result<std::string> run(std::vector<std::string> arguments) const;
  base::Result<std::string> line(std::vector<std::string> arguments) const;

  std::string folder_;
};

// One `git cat-file --batch`: blobs by their object name, streamed.
class BlobStream {
 public:
  static base::Result<BlobStream> open(const std::string& folder);

  // The size of the blob, which read() gives next; none for an object that does not exist or is no blob.
  base::Result<std::optional<std::uint64_t>> request(const std::string& object);
  base::Result<std::size_t> read(char* into, std::size_t size);  // 0 at the end of the blob
  base::Result<void> skip_rest();

 private:
  explicit BlobStream(Child child) : child_(std::move(child)) {}
  base::Result<std::size_t> take(char* into, std::size_t size);

  Child child_;
  std::string buffered_;
  std::size_t used_ = 0;
  std::uint64_t left_ = 0;
  bool open_ = false;
};

}  // namespace launchgate::io
