#include <catch2/catch.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "lib/io/file_system.hpp"
#include "lib/io/glob.hpp"
#include "lib/io/path.hpp"

using namespace launchgate::io;

TEST_CASE("paths") {
  CHECK(join("a", "b") == "a/b");
  CHECK(join("a/", "b") == "a/b");
  CHECK(join("a", "/b") == "/b");
  CHECK(parent("/a") == "/");
  CHECK(parent("a") == "");
  CHECK(normalize("/a/./b/../c//d") == "/a/c/d");
  CHECK(normalize("../x/..") == "..");
  CHECK(normalize("/../..") == "/");
  CHECK(relative_to("/r", "/r/a/b") == "a/b");
  CHECK(relative_to("/r", "/root/a") == "/root/a");
  CHECK(is_inside("/r", "/r"));
  CHECK_FALSE(is_inside("/r", "/rr"));
}

TEST_CASE("globs") {
  CHECK(glob_match("docs/*.md", "docs/a.md"));
  CHECK_FALSE(glob_match("docs/*.md", "docs/x/a.md"));
  CHECK(glob_match("docs/**/*.md", "docs/x/y/a.md"));
  CHECK(glob_match("docs/**/*.md", "docs/a.md"));
  CHECK(glob_match("**", "any/thing"));
  CHECK(glob_match("**/a.json", "a.json"));
  CHECK(glob_match("a/{b,c}.?s", "a/c.js"));
  CHECK(glob_match("[a-c]x", "bx"));
  CHECK_FALSE(glob_match("[!a-c]x", "bx"));
  CHECK(glob_match("[]a]x", "]x"));
  CHECK(glob_match("[a\\-z]", "-"));
  CHECK_FALSE(glob_match("[a\\-z]", "m"));
  CHECK(glob_match("[a-]", "-"));
  CHECK(glob_match("[a", "[a"));
  CHECK(glob_match("[\\]]", "]"));
  CHECK(glob_match("node_modules/**", "node_modules/x/y"));
  CHECK_FALSE(glob_match("a*b*c*d*e*f*g*h*", std::string(5000, 'a')));
}

TEST_CASE("the disk refuses what is no file and writes whole files") {
  std::string folder = "/tmp/launchgate-io-XXXXXX";
  REQUIRE(::mkdtemp(folder.data()) != nullptr);
  DiskFileSystem disk;
  const std::string file = folder + "/f";
  REQUIRE(disk.write(file, "one").ok());
  CHECK(*disk.read(file, 100) == "one");
  CHECK_FALSE(disk.write(file, "two", true).ok());
  ::chmod(file.c_str(), 0640);
  REQUIRE(disk.write(file, "three").ok());
  CHECK(*disk.read(file, 100) == "three");
  struct stat info {};
  ::stat(file.c_str(), &info);
  CHECK((info.st_mode & 0777U) == 0640U);
  CHECK_FALSE(disk.read(file, 2).ok());
  REQUIRE(::mkfifo((folder + "/pipe").c_str(), 0600) == 0);
  CHECK(disk.read(folder + "/pipe", 100).error().message == "is a named pipe, not a file");
  CHECK(disk.read(folder, 100).error().message == "is a folder, not a file");
  CHECK_FALSE(disk.write(folder + "/none/f", "x").ok());
  const auto entries = disk.list(folder);
  REQUIRE(entries.ok());
  CHECK(entries->size() == 2);
  std::filesystem::remove_all(folder);
}

TEST_CASE("the disk in memory follows links and remembers reads") {
  MemoryFileSystem disk;
  disk.add("/repo/a/b.txt", "text");
  disk.add_link("/repo/link", "a");
  disk.add_link("/repo/out", "/etc");
  disk.add_link("/loop", "/loop");
  CHECK(*disk.read("/repo/link/b.txt", 10) == "text");
  CHECK(*disk.canonical("/repo/link/b.txt") == "/repo/a/b.txt");
  CHECK(disk.status("/loop").kind == FileKind::missing);
  CHECK(disk.link_status("/repo/out").kind == FileKind::symlink);
  CHECK(disk.list("/repo")->size() == 3);
  disk.make_unreadable("/repo/a/b.txt");
  CHECK_FALSE(disk.read("/repo/a/b.txt", 10).ok());
  CHECK(disk.reads().size() == 2);
}
