#include <catch2/catch.hpp>

#include "lib/io/guard.hpp"
#include "lib/io/system.hpp"

using namespace launchgate::io;

TEST_CASE("what a repository may have opened for it") {
  MemoryFileSystem disk;
  disk.add("/r/a.json", "");
  disk.add("/r/sub/b.json", "");
  disk.add("/r/.git/config", "");
  disk.add("/r/sub/module/.git", "");
  disk.add("/outside.json", "");
  disk.add("/rr/other.json", "");
  disk.add_link("/r/in", "sub");
  disk.add_link("/r/out", "../outside.json");
  disk.add_link("/r/up", "..");
  disk.add_link("/r/git", ".git/config");
  disk.add_link("/r/broken", "none");
  disk.add_link("/r/knot", "knot");
  const auto access = [&](const std::string& path) { return look_up(disk, "/r", path).access; };
  CHECK(look_up(disk, "/r", "in/b.json").path == "/r/sub/b.json");
  CHECK(access("a.json") == Access::file);
  CHECK(access("sub/../a.json") == Access::file);
  CHECK(access("sub") == Access::folder);
  CHECK(access("") == Access::folder);
  for (const char* path : {"../outside.json", "out", "up/outside.json", "/outside.json", "sub/../../rr/other.json",
                           "up/rr/other.json", "/rr/other.json"}) {
    INFO(path);
    CHECK(access(path) == Access::outside);
    CHECK(look_up(disk, "/r", path).path.empty());
  }
  for (const char* path :
       {".git/config", ".git", "git", ".GIT/config", "sub/module/.git", "sub/../.git/none", "up/r/.git/config"}) {
    INFO(path);
    CHECK(access(path) == Access::git);
  }
  for (const char* path : {"none", "broken", "knot", "a.json/x"}) {
    INFO(path);
    CHECK(access(path) == Access::missing);
  }
}

TEST_CASE("the disk's pipes and devices are not opened") {
  const DiskFileSystem disk;
  CHECK(look_up(disk, "/dev", "null").access == Access::special);
}

TEST_CASE("what somebody else has put there is not trusted") {
  MemoryFileSystem disk;
  disk.add("/place/launchgate.json", "");
  disk.add("/place/work/file", "");
  CHECK(is_trusted(disk, "/place/launchgate.json", "/place/work"));
  disk.give("/place/launchgate.json", user_id() + 1);
  CHECK_FALSE(is_trusted(disk, "/place/launchgate.json", "/place/work"));
  // In a container, all may belong to one whom it does not know.
  disk.give("/place/work", user_id() + 1);
  CHECK(is_trusted(disk, "/place/launchgate.json", "/place/work"));
}
