#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.hpp"

// Reads a repository through git's plumbing. Contents always come as blobs, so that no attribute, text conversion or
// external diff can hide a byte of them. Paths are bytes, relative to the folder.
namespace launchgate::io {

struct GitFile {
  std::string path;
  std::string object;  // of the content, in hexadecimal; empty for a change that brings none: a removal, another mode,
                       // a submodule
  std::optional<std::string> before;  // the object that it replaces
  bool link = false;                  // the content is a link's text
  bool executable = false;
  std::optional<std::string> ancestor = {};  // of a change: the object in the common ancestor of its two revisions
};

struct GitListing {
  std::vector<std::string> tracked;    // every path of the index, a submodule's folder among them
  std::vector<std::string> untracked;  // and not ignored; another repository comes as one path that ends in '/'
  std::vector<std::string> ignored;    // a whole folder as one path that ends in '/'
};

// A commit, or a tag with a text of its own.
struct GitText {
  std::string object;
  std::string type;  // "commit" or "tag"
};

class Git {
 public:
  // `folder` lies in the repository; only what lies in it is listed.
  explicit Git(std::string folder) : folder_(std::move(folder)) {}

  // Entries of the index that differ from HEAD; all of them before the first commit. An unmerged path comes with each
  // of its stages.
  base::Result<std::vector<GitFile>> staged() const;
  // Files that `to` adds to `from` or has otherwise. Where both come from one commit, a file that `to` has from there
  // brings no content, though `from` has changed or removed it.
  base::Result<std::vector<GitFile>> changed(const std::string& from, const std::string& to) const;
  // Every blob that the commits of `range` reach (all references when empty), once, under one of its paths.
  base::Result<std::vector<GitFile>> history(const std::string& range) const;
  // The commits of `range` (of all references when empty).
  base::Result<std::vector<GitText>> commits(const std::string& range) const;
  struct References {
    std::vector<std::string> names;  // in full
    std::vector<GitText> tags;       // that have a text
  };
  base::Result<References> references() const;
  // How many of the commits have parents that a shallow clone left out.
  base::Result<std::size_t> cut_off(const std::vector<GitText>& commits) const;
  // The best common ancestor of two revisions.
  base::Result<std::string> merge_base(const std::string& one, const std::string& other) const;
  // Name and address of whoever makes the next commit.
  base::Result<std::string> author() const { return line({"var", "GIT_AUTHOR_IDENT"}); }
  // The commit where HEAD left the branch of `revision`, in hexadecimal. What git does not have is an `input` error
  // that says how to get it.
  base::Result<std::string> fork_point(const std::string& revision) const;
  // The blobs that a commit has at these paths, of those that are files there.
  base::Result<std::map<std::string, std::string>> objects(const std::string& commit,
                                                           const std::vector<std::string>& paths) const;
  // Every entry of the index; an unmerged path comes with each of its stages.
  base::Result<std::vector<GitFile>> index() const;
  // The index and the disk, without looking at a content.
  base::Result<GitListing> listing() const;
  // The work tree's folder, absolute and without links.
  base::Result<std::string> top_level() const;
  // What all work trees of the repository share: objects, references, hooks. Absolute.
  base::Result<std::string> common_folder() const;
  // Where git looks for this hook: core.hooksPath and linked work trees are respected. Absolute.
  base::Result<std::string> hook_path(const std::string& hook) const;

  const std::string& folder() const { return folder_; }

 private:
  base::Result<std::string> run(const std::vector<std::string>& arguments) const;
  base::Result<std::vector<GitFile>> difference(const std::string& from, const std::string& to) const;
  base::Result<std::string> line(const std::vector<std::string>& arguments) const;

  std::string folder_;
};

}  // namespace launchgate::io
