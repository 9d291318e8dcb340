#include <catch2/catch.hpp>

#include "lib/io/git_head.hpp"

using namespace launchgate::io;

namespace {

const std::string one(40, '1');
const std::string two(40, '2');

}  // namespace

TEST_CASE("the commit of HEAD, from any folder of the repository") {
  MemoryFileSystem disk;
  disk.add("/r/.git/HEAD", "ref: refs/heads/main\n");
  disk.add("/r/.git/refs/heads/main", one + "\n");
  disk.add("/r/a/b/file", "");
  CHECK(git_head(disk, "/r") == one);
  CHECK(git_head(disk, "/r/a/b") == one);
  CHECK(repository_top(disk, "/r/a/b") == "/r");
  CHECK_FALSE(git_head(disk, "/elsewhere").has_value());
  disk.add("/r/.git/HEAD", two + "\n");
  CHECK(git_head(disk, "/r") == two);
}

TEST_CASE("packed references, and those of a linked work tree") {
  MemoryFileSystem disk;
  disk.add("/r/.git/HEAD", "ref: refs/heads/main\n");
  disk.add("/r/.git/packed-refs",
           "# pack-refs with: peeled\n" + two + " refs/heads/other\n" + one + " refs/heads/main\n");
  CHECK(git_head(disk, "/r") == one);
  disk.add("/w/.git", "gitdir: /r/.git/worktrees/w\n");
  disk.add("/r/.git/worktrees/w/HEAD", "ref: refs/heads/other\n");
  disk.add("/r/.git/worktrees/w/commondir", "../..\n");
  CHECK(git_head(disk, "/w") == two);
}

TEST_CASE("a repository without a commit, or with a reference that leads out, has no HEAD") {
  MemoryFileSystem disk;
  disk.add("/r/.git/HEAD", "ref: refs/heads/main\n");
  CHECK_FALSE(git_head(disk, "/r").has_value());
  disk.add("/secret", one + "\n");
  disk.add("/r/.git/HEAD", "ref: ../../secret\n");
  CHECK_FALSE(git_head(disk, "/r").has_value());
}
